import Evaluation
import HDF5Store
import NumericCore
import TestSupport
import Testing

/// Values and gradients of the authors' code.
@Suite(.enabled(if: Reference.isAvailable, Comment(rawValue: Reference.absence)))
struct MetricReferenceTests {
  static let pairs = ["mean_vs_hidden", "preset_vs_hidden"]
  let file: HDF5Reader

  init() throws { file = try Reference.open("metrics") }

  private func matrix(_ name: String) throws -> Matrix {
    let array = try file.doubles(name)
    return Matrix(rows: array.shape[0], columns: array.shape[1], values: array.values)
  }

  private func check(
    _ metric: some SignalMetric, _ name: String, value tolerance: Double, gradient gradientTolerance: Double
  ) throws {
    for pair in Self.pairs {
      let prediction = try matrix(pair + "/prediction")
      let target = try matrix(pair + "/target")
      let expected = try file.double(attribute: name, of: pair)
      let (value, gradient) = try metric.valueAndGradient(prediction: prediction, target: target)
      #expect(abs(value / expected - 1) < tolerance, "\(name) of \(pair): \(value) against \(expected)")
      #expect(try metric.value(prediction: prediction, target: target) == value)
      if file.contains("\(pair)/gradient_\(name)") {
        let error = try relativeNormError(gradient.values, matrix("\(pair)/gradient_\(name)").values)
        #expect(error < gradientTolerance, "gradient of \(name): \(error)")
      }
    }
  }

  @Test(arguments: [(StereoView.leftRight, "mss_lr"), (.midSide, "mss_ms")])
  func multiScaleSpectralDistance(view: StereoView, name: String) throws {
    try check(MultiScaleSpectralDistance(view: view), name, value: 1e-6, gradient: 1e-5)
  }

  @Test(arguments: [(StereoView.leftRight, "mldr_lr"), (.midSide, "mldr_ms")])
  func loudnessDynamicRangeDistance(view: StereoView, name: String) throws {
    try check(LoudnessDynamicRangeDistance(view: view), name, value: 1e-4, gradient: 1e-3)
  }

  /// The reference computed its coefficients in single precision, where 1 - exp(-2.5e-5) keeps three digits, and
  /// rounded them up to a multiple of 2^-24. With the same coefficients the distance is the same to rounding.
  @Test(arguments: [(StereoView.leftRight, "mldr_lr"), (.midSide, "mldr_ms")])
  func loudnessDynamicRangeWithRoundedCoefficients(view: StereoView, name: String) throws {
    func rounded(_ milliseconds: (short: Double, long: Double)) -> LoudnessDynamicRangeDistance.Scale {
      let exact = LoudnessDynamicRangeDistance.Scale(
        shortMilliseconds: milliseconds.short, longMilliseconds: milliseconds.long, sampleRate: 44100)
      func up(_ coefficient: Double) -> Double { (coefficient * 0x1p24).rounded(.up) * 0x1p-24 }
      return .init(
        shortCoefficient: up(exact.shortCoefficient), longCoefficient: up(exact.longCoefficient), shift: exact.shift
      )
    }
    let metric = LoudnessDynamicRangeDistance(view: view, scales: [rounded((50, 1000)), rounded((100, 2000))])
    try check(metric, name, value: 1e-9, gradient: 1e-8)
  }

  /// Equal once rounded to single precision, as the reference stores them.
  @Test func aWeightingTaps() throws {
    let expected = try file.doubles("a_weighting_taps_44100").values
    let found = try AWeighting(sampleRate: 44100).taps
    #expect(found.map { Float($0) } == expected.map { Float($0) })
  }
}
