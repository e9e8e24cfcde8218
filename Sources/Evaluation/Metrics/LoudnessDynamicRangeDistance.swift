import Foundation
public import NumericCore

/// Distance of the dynamics of two signals at two time scales (MLDR in arXiv 2504.14735).
///
/// The dynamic range of a signal is r[n] = log S[n] - log L[n + shift], with S and L one-pole averages of
/// max(x^2, 1e-8) from state 0 over a short and a long time, and shift half the difference of the times. The
/// distance is the sum over the scales 50/1000 ms and 100/2000 ms of mean |r_prediction - r_target|, channels
/// together. Mid/side is scaled by 1/sqrt 2.
///
/// The shift wraps around over the channels laid end to end, as it does in the code that made the published scores:
/// the last samples of one channel are measured against the first of the next.
public struct LoudnessDynamicRangeDistance: SignalMetric {
  /// Left and right, or sum and difference.
  public let view: StereoView
  private let scales: [Scale]
  private let powerFloor = 1e-8

  /// A pair of averages.
  package struct Scale: Sendable {
    package let shortCoefficient: Double
    package let longCoefficient: Double
    /// Samples by which the long average is advanced.
    package let shift: Int

    package init(shortCoefficient: Double, longCoefficient: Double, shift: Int) {
      self.shortCoefficient = shortCoefficient
      self.longCoefficient = longCoefficient
      self.shift = shift
    }

    /// Coefficients by the convention coefficient = 1 - exp(-2200 / (milliseconds sampleRate)).
    package init(shortMilliseconds: Double, longMilliseconds: Double, sampleRate: Double) {
      self.init(
        shortCoefficient: -expm1(-2200 / (shortMilliseconds * sampleRate)),
        longCoefficient: -expm1(-2200 / (longMilliseconds * sampleRate)),
        shift: Int(sampleRate * (longMilliseconds - shortMilliseconds) / 2000))
    }
  }

  /// The published scales, 50/1000 ms and 100/2000 ms, at a sample rate in Hz.
  public init(view: StereoView, sampleRate: Double = 44100) {
    self.init(view: view, scales: Self.publishedScales(sampleRate: sampleRate))
  }

  static func publishedScales(sampleRate: Double) -> [Scale] {
    [
      Scale(shortMilliseconds: 50, longMilliseconds: 1000, sampleRate: sampleRate),
      Scale(shortMilliseconds: 100, longMilliseconds: 2000, sampleRate: sampleRate),
    ]
  }

  package init(view: StereoView, scales: [Scale]) {
    self.view = view
    self.scales = scales
  }

  public func value(prediction: Matrix, target: Matrix) throws -> Double {
    var gradient: Matrix?
    return try evaluate(prediction, target, &gradient)
  }

  public func valueAndGradient(prediction: Matrix, target: Matrix) throws -> (value: Double, gradient: Matrix) {
    let zero = Matrix(rows: prediction.rows, columns: prediction.columns)
    var gradient: Matrix? = zero
    let value = try evaluate(prediction, target, &gradient)
    return (value, gradient ?? zero)
  }

  private func evaluate(_ prediction: Matrix, _ target: Matrix, _ gradient: inout Matrix?) throws -> Double {
    try requireComparable(prediction, target, view: view, minimumSamples: 1)
    let factor = 0.5.squareRoot()
    let predicted = view == .midSide ? prediction.sumAndDifference(scaledBy: factor) : prediction
    let wanted = view == .midSide ? target.sumAndDifference(scaledBy: factor) : target
    let predictedPower = powers(predicted)
    let wantedPower = powers(wanted)
    let value = scales.reduce(0) { sum, scale in
      sum + distance(scale, predictedPower, wantedPower, &gradient)
    }
    // From powers to samples; at the floor the power does not depend on the sample.
    gradient?.values.withUnsafeMutableBufferPointer { slopes in
      for index in slopes.indices {
        slopes[index] *= predictedPower.values[index] > powerFloor ? 2 * predicted.values[index] : 0
      }
    }
    if view == .midSide { gradient = gradient?.sumAndDifference(scaledBy: factor) }
    return value
  }

  private func powers(_ signal: Matrix) -> Matrix {
    var result = signal
    result.values.withUnsafeMutableBufferPointer { values in
      for index in values.indices { values[index] = max(values[index] * values[index], powerFloor) }
    }
    return result
  }

  /// The distance at one scale; its gradient with respect to the predicted powers is added to `gradient`.
  private func distance(
    _ scale: Scale, _ predicted: Matrix, _ wanted: Matrix, _ gradient: inout Matrix?
  ) -> Double {
    let count = predicted.values.count
    var predictedShort = averaged(predicted, scale.shortCoefficient)
    var predictedLong = averaged(predicted, scale.longCoefficient)
    let wantedShort = averaged(wanted, scale.shortCoefficient)
    let wantedLong = averaged(wanted, scale.longCoefficient)
    var sum = 0.0
    // The position of the long average at the same time, over the channels laid end to end.
    var advanced = scale.shift % count
    var signs = [Double](repeating: 0, count: gradient == nil ? 0 : count)
    for index in 0..<count {
      let short = log(predictedShort.values[index] / wantedShort.values[index])
      let long = log(predictedLong.values[advanced] / wantedLong.values[advanced])
      sum += (short - long).magnitude
      if gradient != nil { signs[index] = short > long ? 1 : short < long ? -1 : 0 }
      advanced = advanced + 1 == count ? 0 : advanced + 1
    }
    if gradient != nil {
      let weight = 1 / Double(count)
      advanced = scale.shift % count
      for index in 0..<count {
        predictedShort.values[index] = weight * signs[index] / predictedShort.values[index]
        predictedLong.values[advanced] = -weight * signs[index] / predictedLong.values[advanced]
        advanced = advanced + 1 == count ? 0 : advanced + 1
      }
      addPullback(of: predictedShort, scale.shortCoefficient, to: &gradient!)
      addPullback(of: predictedLong, scale.longCoefficient, to: &gradient!)
    }
    return sum / Double(count)
  }

  // MARK: - One-pole average

  /// y[n] = y[n - 1] + coefficient (x[n] - y[n - 1]) along each row, from y[-1] = 0.
  private func averaged(_ signal: Matrix, _ coefficient: Double) -> Matrix {
    var result = signal
    result.values.withUnsafeMutableBufferPointer { values in
      for row in 0..<signal.rows {
        var state = 0.0
        for index in row * signal.columns..<(row + 1) * signal.columns {
          state += coefficient * (values[index] - state)
          values[index] = state
        }
      }
    }
    return result
  }

  /// The adjoint of ``averaged``: the same recursion in reversed time.
  private func addPullback(of cotangent: Matrix, _ coefficient: Double, to gradient: inout Matrix) {
    gradient.values.withUnsafeMutableBufferPointer { slopes in
      for row in 0..<cotangent.rows {
        var state = 0.0
        for index in (row * cotangent.columns..<(row + 1) * cotangent.columns).reversed() {
          state += coefficient * (cotangent.values[index] - state)
          slopes[index] += state
        }
      }
    }
  }
}
