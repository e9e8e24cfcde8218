import Evaluation
import HDF5Store
import NumericCore
import TestSupport
import Testing

/// The loss of a retrieval against the four distances that it is made of.
@Suite struct StereoLossTests {
  /// A stereo signal whose channels have something in common, with a quiet stretch below the floors.
  private func signal(_ count: Int, stream: UInt64) -> Matrix {
    var source = RandomSource(seed: 7, stream: stream)
    var deviates = [Double](repeating: 0, count: 3 * count)
    source.fillNormal(&deviates)
    let quiet = count / 3..<count / 2
    func channel(_ index: Int) -> [Double] {
      (0..<count).map { n in
        (quiet.contains(n) ? 1e-6 : 0.3) * (deviates[n] + 0.5 * deviates[(index + 1) * count + n])
      }
    }
    return Matrix(rows: 2, columns: count, values: channel(0) + channel(1))
  }

  private struct Expected {
    var terms = StereoLossTerms()
    var gradient: [Double]
  }

  private func expected(_ prediction: Matrix, _ target: Matrix) throws -> Expected {
    let weights = StereoLossWeights.published
    var result = Expected(gradient: [Double](repeating: 0, count: prediction.values.count))
    func take(_ metric: some SignalMetric, _ weight: Double) throws -> Double {
      let (value, gradient) = try metric.valueAndGradient(prediction: prediction, target: target)
      for index in gradient.values.indices { result.gradient[index] += weight * gradient.values[index] }
      return value
    }
    result.terms.spectralLeftRight = try take(
      MultiScaleSpectralDistance(view: .leftRight), weights.spectralLeftRight)
    result.terms.spectralMidSide = try take(MultiScaleSpectralDistance(view: .midSide), weights.spectralMidSide)
    result.terms.dynamicRangeLeftRight = try take(
      LoudnessDynamicRangeDistance(view: .leftRight), weights.dynamicRangeLeftRight)
    result.terms.dynamicRangeMidSide = try take(
      LoudnessDynamicRangeDistance(view: .midSide), weights.dynamicRangeMidSide)
    return result
  }

  private func found<Scalar: SignalScalar>(
    _: Scalar.Type, _ prediction: Matrix, _ target: Matrix
  ) throws -> (terms: StereoLossTerms, alone: StereoLossTerms, gradient: [Double]) {
    let tables = try StereoLossTables<Scalar>(sampleRate: 44100, frameCount: prediction.columns)
    let loss = StereoLoss(tables)
    func channel(_ matrix: Matrix, _ row: Int) -> [Scalar] { matrix.row(row).map { Scalar($0) } }
    let wanted = StereoLossTarget(tables, left: channel(target, 0), right: channel(target, 1))
    // What an earlier evaluation left must not count.
    _ = loss.terms(left: channel(target, 0), right: channel(target, 1), target: wanted)
    var (left, right) = (channel(prediction, 0), channel(prediction, 1))
    let alone = loss.terms(left: left, right: right, target: wanted)
    let terms = loss.termsReplacingByGradient(left: &left, right: &right, target: wanted)
    return (terms, alone, (left + right).map { Double($0) })
  }

  /// Lengths with and without a whole number of frames and vectors; the shortest are shorter than the shifts of the
  /// dynamic range, which then go through both channels.
  @Test(arguments: [1025, 2048, 20947, 21000, 45001, 90000])
  func isMadeOfTheDistances(count: Int) throws {
    let (prediction, target) = (signal(count, stream: 0), signal(count, stream: 1))
    let expected = try expected(prediction, target)
    let double = try found(Double.self, prediction, target)
    #expect(double.terms == double.alone)
    for (value, own) in zip(values(double.terms), values(expected.terms)) { #expect(abs(value / own - 1) < 1e-11) }
    #expect(relativeNormError(double.gradient, expected.gradient) < 1e-10)
    let single = try found(Float.self, prediction, target)
    for (value, own) in zip(values(single.terms), values(expected.terms)) { #expect(abs(value / own - 1) < 1e-4) }
    // Of bins and samples that are equal but for the rounding, the sign is lost.
    #expect(relativeNormError(single.gradient, expected.gradient) < 2e-3)
  }

  @Test func shareIsAFactorOfTheGradient() throws {
    let (prediction, target) = (signal(4000, stream: 0), signal(4000, stream: 1))
    let tables = try StereoLossTables<Double>(sampleRate: 44100, frameCount: 4000)
    let loss = StereoLoss(tables)
    let wanted = StereoLossTarget(tables, left: Array(target.row(0)), right: Array(target.row(1)))
    func gradient(_ share: Double) -> [Double] {
      var (left, right) = (Array(prediction.row(0)), Array(prediction.row(1)))
      _ = loss.termsReplacingByGradient(left: &left, right: &right, target: wanted, share: share)
      return left + right
    }
    #expect(zip(gradient(1), gradient(0.25)).allSatisfy { abs(0.25 * $0 - $1) <= 1e-15 })
  }

  @Test func equalSignalsHaveNoLoss() throws {
    let target = signal(5000, stream: 1)
    let found = try found(Float.self, target, target)
    #expect(found.terms.total() == 0)
    #expect(found.gradient.allSatisfy { $0 == 0 })
  }

  @Test func tooFewSamplesAreRefused() {
    #expect(throws: MetricError.self) { try StereoLossTables<Float>(sampleRate: 44100, frameCount: 1024) }
  }

  /// Values of the authors' code.
  @Test(.enabled(if: Reference.isAvailable, Comment(rawValue: Reference.absence)))
  func agreesWithTheReference() throws {
    let file = try Reference.open("metrics")
    func matrix(_ name: String) throws -> Matrix {
      let array = try file.doubles(name)
      return Matrix(rows: array.shape[0], columns: array.shape[1], values: array.values)
    }
    for pair in ["mean_vs_hidden", "preset_vs_hidden"] {
      let terms = try found(
        Float.self, matrix(pair + "/prediction"), matrix(pair + "/target")
      ).terms
      for (name, value, tolerance) in [
        ("mss_lr", terms.spectralLeftRight, 1e-5), ("mss_ms", terms.spectralMidSide, 1e-5),
        ("mldr_lr", terms.dynamicRangeLeftRight, 1e-3), ("mldr_ms", terms.dynamicRangeMidSide, 1e-3),
      ] {
        let expected = try file.double(attribute: name, of: pair)
        #expect(abs(value / expected - 1) < tolerance, "\(name) of \(pair): \(value) against \(expected)")
      }
    }
  }

  private func values(_ terms: StereoLossTerms) -> [Double] {
    [
      terms.spectralLeftRight, terms.spectralMidSide, terms.dynamicRangeLeftRight, terms.dynamicRangeMidSide,
      terms.total(),
    ]
  }
}
