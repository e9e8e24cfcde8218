import FXChain
import FXParams
import HDF5Store
import NumericCore
import TestSupport
import Testing

/// Agreement with the authors' code on two seconds of singing, for six presets (reference/chain.h5).
@Suite(.enabled(if: Reference.isAvailable, Comment(rawValue: Reference.absence)))
struct ChainReferenceTests {
  static let cases = ["internal_010", "internal_200", "mean", "medley_03", "medley_17", "medley_extreme"]
  let file: HDF5Reader
  let dry: [Double]

  init() throws {
    file = try Reference.open("chain")
    dry = try file.doubles("/dry").values
  }

  private func check<Scalar: SignalScalar>(_ name: String, _: Scalar.Type, output: Double, gradient: Double) throws
  {
    let theta = try file.doubles("/cases/\(name)/theta").values
    let renderer = ChainRenderer<Scalar>(.diffVox, segments: [dry.map { Scalar($0) }], threads: 2)
    renderer.render(logits: theta)
    let expected = try file.doubles("/cases/\(name)/output").values
    let (left, right) = renderer.output(of: 0)
    let error = relativeRMSError((left.array + right.array).map { Double($0) }, expected)
    #expect(error <= output, "output of \(name) as \(Scalar.self)")

    let cotangent = try file.doubles("/cotangent").values
    for n in 0..<dry.count {
      renderer.cotangent(of: 0).left[n] = Scalar(cotangent[n])
      renderer.cotangent(of: 0).right[n] = Scalar(cotangent[dry.count + n])
    }
    var found = [Double](repeating: 0, count: theta.count)
    renderer.pullback(into: &found)
    let reference = try file.doubles("/cases/\(name)/gradient").values
    let gradientError = relativeRMSError(found, reference)
    #expect(gradientError <= gradient, "gradient of \(name) as \(Scalar.self)")
    let largest = reference.map(abs).max() ?? 0
    let worst = zip(found, reference).map { abs($0 - $1) / (abs($1) + 1e-3 * largest) }
    let component = worst.enumerated().max { $0.element < $1.element }!
    #expect(
      component.element <= 5e-3,
      "gradient of \(name) as \(Scalar.self) at \(renderer.space.names[component.offset])")
  }

  @Test(arguments: cases) func productionAgrees(_ name: String) throws {
    try check(name, Float.self, output: 1e-4, gradient: 5e-4)
  }

  @Test(arguments: cases) func doublePrecisionAgrees(_ name: String) throws {
    try check(name, Double.self, output: 1e-5, gradient: 1e-4)
  }
}
