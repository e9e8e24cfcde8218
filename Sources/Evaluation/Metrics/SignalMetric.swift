public import NumericCore

/// A distance between a predicted and a target signal, with its gradient.
///
/// Signals are matrices [channels, samples], channel 0 left and channel 1 right.
public protocol SignalMetric: Sendable {
  /// The distance alone.
  ///
  /// - Throws: ``MetricError`` if the signals differ in shape, are too short, or hold samples that are not finite.
  func value(prediction: Matrix, target: Matrix) throws -> Double

  /// The distance and its gradient [channels, samples] with respect to the prediction.
  ///
  /// At kinks (equal magnitudes, samples at a floor) it is the subgradient 0.
  /// - Throws: as ``value(prediction:target:)``.
  func valueAndGradient(prediction: Matrix, target: Matrix) throws -> (value: Double, gradient: Matrix)
}

/// What of a stereo signal a metric looks at.
public enum StereoView: String, Sendable, CaseIterable {
  case leftRight
  /// The sum and the difference of the channels.
  case midSide
}

extension Matrix {
  /// The rows (a + b, a - b) times a factor, of a matrix with two rows a and b. With factor 1/sqrt 2 it is its own
  /// inverse and, with any factor, its own adjoint.
  func sumAndDifference(scaledBy factor: Double) -> Matrix {
    var result = Matrix(rows: 2, columns: columns)
    for index in 0..<columns {
      let (first, second) = (values[index], values[columns + index])
      result.values[index] = factor * (first + second)
      result.values[columns + index] = factor * (first - second)
    }
    return result
  }
}

/// Throws unless two signals can be compared.
func requireComparable(_ prediction: Matrix, _ target: Matrix, view: StereoView, minimumSamples: Int) throws {
  guard prediction.rows == target.rows, prediction.columns == target.columns else {
    throw MetricError.shapesDiffer(
      prediction: [prediction.rows, prediction.columns], target: [target.rows, target.columns])
  }
  guard prediction.rows > 0, view == .leftRight || prediction.rows == 2 else {
    throw MetricError.notStereo(channels: prediction.rows)
  }
  guard prediction.columns >= minimumSamples else {
    throw MetricError.tooShort(samples: prediction.columns, minimum: minimumSamples)
  }
  for (name, signal) in [("prediction", prediction), ("target", target)] {
    guard let position = signal.values.firstIndex(where: { !$0.isFinite }) else { continue }
    throw MetricError.notFinite(
      signal: name, channel: position / signal.columns, sample: position % signal.columns,
      value: signal.values[position])
  }
}
