import FXParams
import NumericCore

/// A mono-to-mono effect on one whole signal of fixed length: value, then pullback.
///
/// Made once for a length; calls do not allocate. A pullback belongs to the latest `apply` and uses up what it left:
/// there is one pullback an `apply`.
protocol SeriesStage<Scalar>: AnyObject, Sendable {
  associatedtype Scalar: SignalScalar

  var parameterCount: Int { get }

  func apply(_ values: UnsafePointer<Double>, input: UnsafePointer<Scalar>, output: UnsafeMutablePointer<Scalar>)

  /// Replaces the cotangent of the output by that of the input and adds the parameters' to `gradient`.
  func pullback(
    _ values: UnsafePointer<Double>, input: UnsafePointer<Scalar>, output: UnsafePointer<Scalar>,
    cotangent: UnsafeMutablePointer<Scalar>, into gradient: UnsafeMutablePointer<Double>)
}

extension ChainDescription.SeriesEffect {
  func makeStage<Scalar: SignalScalar>(
    _: Scalar.Type, sampleRate: Double, count: Int
  ) -> any SeriesStage<Scalar> {
    switch self {
    case .biquad(let band): BiquadStage<Scalar>(band, sampleRate: sampleRate, count: count)
    case .compressorExpander(let effect): CompressorStage<Scalar>(effect, sampleRate: sampleRate, count: count)
    case .bitCrusher: BitCrusherStage<Scalar>(count: count)
    }
  }
}

/// One equaliser band on a whole signal.
final class BiquadStage<Scalar: SignalScalar>: SeriesStage, @unchecked Sendable {
  let parameterCount: Int
  private let band: BiquadBand
  private let sampleRate: Double
  private let count: Int
  private var design = BandDesign()

  init(_ band: BiquadBand, sampleRate: Double, count: Int) {
    self.band = band
    self.sampleRate = sampleRate
    self.count = count
    parameterCount = band.parameters().count
  }

  func apply(_ values: UnsafePointer<Double>, input: UnsafePointer<Scalar>, output: UnsafeMutablePointer<Scalar>) {
    design = BandDesign(band, values: values, sampleRate: sampleRate)
    var state = BiquadState()
    filterBiquad(design.coefficients, state: &state, input: input, output: output, count: count)
  }

  func pullback(
    _ values: UnsafePointer<Double>, input: UnsafePointer<Scalar>, output: UnsafePointer<Scalar>,
    cotangent: UnsafeMutablePointer<Scalar>, into gradient: UnsafeMutablePointer<Double>
  ) {
    let total = pullBiquad(design.coefficients, input: input, output: output, cotangent: cotangent, count: count)
    design.pullback(total, band: band, into: gradient)
  }
}
