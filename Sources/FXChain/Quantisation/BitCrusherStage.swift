import FXParams
import NumericCore

/// Rounds samples to multiples of 2^(1 - b), b the whole number of bits nearest to the parameter.
struct BitGrid<Scalar: SignalScalar> {
  private let levels: Scalar
  private let spacing: Scalar

  init(bits: Double) {
    let exponent = Int(bits.rounded()) - 1
    levels = Scalar(1 << exponent)
    spacing = 1 / levels
  }

  func apply(_ input: UnsafePointer<Scalar>, into output: UnsafeMutablePointer<Scalar>, count: Int) {
    for index in 0..<count { output[index] = (input[index] * levels).rounded() * spacing }
  }
}

/// `BitCrusher` on a whole signal. It has a value and no pullback, so whatever needs a pullback refuses chains with
/// one.
final class BitCrusherStage<Scalar: SignalScalar>: SeriesStage {
  let parameterCount: Int
  private let slots: BitCrusher.Slots
  private let count: Int

  init(_ effect: BitCrusher, count: Int) {
    parameterCount = effect.parameterCount
    slots = effect.slots
    self.count = count
  }

  func apply(
    _ values: UnsafePointer<Double>, input: UnsafePointer<Scalar>, output: UnsafeMutablePointer<Scalar>,
    scratch _: SegmentScratch<Scalar>
  ) {
    BitGrid<Scalar>(bits: values[slots.bits]).apply(input, into: output, count: count)
  }

  func pullback(
    _ values: UnsafePointer<Double>, input: UnsafePointer<Scalar>, output: UnsafePointer<Scalar>,
    cotangent: UnsafeMutablePointer<Scalar>, into gradient: UnsafeMutablePointer<Double>,
    scratch _: SegmentScratch<Scalar>
  ) {
    preconditionFailure("A bit crusher has no pullback: ask ChainDescription.isDifferentiable before")
  }
}

extension BitCrusher: RenderedSeriesEffect {
  func makeStage<Scalar: SignalScalar>(
    sampleRate _: Double, count: Int, keepsRecords _: Bool
  ) -> any SeriesStage<Scalar> {
    BitCrusherStage(self, count: count)
  }

  func makeStreamingStage<Scalar: SignalScalar>(
    values: UnsafePointer<Double>, sampleRate _: Double
  ) -> any StreamingStage<Scalar> {
    StreamingBitCrusher(bits: values[slots.bits])
  }
}

/// `BitCrusher` block by block; it has no memory.
final class StreamingBitCrusher<Scalar: SignalScalar>: StreamingStage {
  private let grid: BitGrid<Scalar>

  init(bits: Double) { grid = BitGrid(bits: bits) }

  func process(_ input: [Scalar], isLast: Bool, into output: inout [Scalar]) {
    let start = output.count
    output.append(contentsOf: input)
    output.withUnsafeMutableBufferPointer { samples in
      guard let base = samples.baseAddress else { return }
      grid.apply(base + start, into: base + start, count: samples.count - start)
    }
  }
}
