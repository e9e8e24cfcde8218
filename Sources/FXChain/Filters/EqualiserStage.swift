import FXParams
import NumericCore

/// Equaliser bands that follow each other, on a whole signal.
///
/// Unchecked sendable: it belongs to one segment, whose tasks follow each other.
final class EqualiserStage<Scalar: SignalScalar>: SeriesStage, @unchecked Sendable {
  /// Most bands of one stage.
  static var maximumBands: Int { BiquadCascade<Scalar>.maximumStages }

  let parameterCount: Int
  private let responses: [BiquadBand.Response]
  private let slots: [BiquadBand.Slots]
  private let sampleRate: Double
  private var designs: [BandDesign]
  private let cascade: BiquadCascade<Scalar>

  /// - Precondition: at least one band, and no more than a stage takes.
  init(_ bands: [BiquadBand], sampleRate: Double, count: Int, keepsRecords: Bool) {
    responses = bands.map(\.response)
    slots = BiquadBand.slots(of: bands)
    self.sampleRate = sampleRate
    parameterCount = bands.reduce(0) { $0 + $1.parameterCount }
    designs = bands.map { _ in BandDesign() }
    cascade = BiquadCascade(stageCount: bands.count, count: count, keepsRecords: keepsRecords)
  }

  func apply(
    _ values: UnsafePointer<Double>, input: UnsafePointer<Scalar>, output: UnsafeMutablePointer<Scalar>,
    scratch: SegmentScratch<Scalar>
  ) {
    for index in slots.indices {
      designs[index] = BandDesign(responses[index], slots[index], values: values, sampleRate: sampleRate)
      cascade[index] = designs[index].coefficients
    }
    cascade.apply(to: input, into: output, room: scratch.records)
  }

  func pullback(
    _ values: UnsafePointer<Double>, input: UnsafePointer<Scalar>, output: UnsafePointer<Scalar>,
    cotangent: UnsafeMutablePointer<Scalar>, into gradient: UnsafeMutablePointer<Double>,
    scratch: SegmentScratch<Scalar>
  ) {
    // Records that were not kept are made once more, which saves 4 or 8 numbers per sample.
    if !cascade.keepsRecords { cascade.apply(to: input, into: scratch.signal.pointer, room: scratch.records) }
    cascade.pullback(input: input, cotangent: cotangent, room: scratch.records)
    for index in slots.indices {
      designs[index].pullback(cascade.cotangent(of: index), slots[index], into: gradient)
    }
  }
}

extension BiquadBand: RenderedSeriesEffect {
  func makeStage<Scalar: SignalScalar>(
    sampleRate: Double, count: Int, keepsRecords: Bool
  ) -> any SeriesStage<Scalar> {
    EqualiserStage([self], sampleRate: sampleRate, count: count, keepsRecords: keepsRecords)
  }

  func makeStreamingStage<Scalar: SignalScalar>(
    values: UnsafePointer<Double>, sampleRate: Double
  ) -> any StreamingStage<Scalar> {
    StreamingBiquad(BandDesign(response, slots, values: values, sampleRate: sampleRate).coefficients)
  }
}

/// One equaliser band with its state carried over.
final class StreamingBiquad<Scalar: SignalScalar>: StreamingStage {
  private let coefficients: BiquadCoefficients
  private var state = BiquadState()

  init(_ coefficients: BiquadCoefficients) { self.coefficients = coefficients }

  func process(_ input: [Scalar], isLast: Bool, into output: inout [Scalar]) {
    let start = output.count
    output.append(contentsOf: input)
    output.withUnsafeMutableBufferPointer { samples in
      guard let base = samples.baseAddress else { return }
      filterBiquad(
        coefficients, state: &state, input: base + start, output: base + start, count: samples.count - start)
    }
  }
}
