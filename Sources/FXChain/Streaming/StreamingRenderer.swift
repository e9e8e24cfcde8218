public import FXParams
public import NumericCore

/// Renders a signal of any length through a chain in memory that does not grow with it.
///
/// Equalisers and dynamics carry their state from block to block; delay and reverb are convolved by overlap-save
/// with their whole responses. The output has the length of the input (tails beyond it are cut, as in the method),
/// and equals that of ``ChainRenderer`` on the whole signal to rounding.
public final class StreamingRenderer<Scalar: SignalScalar> {
  private let stages: [any StreamingStage<Scalar>]
  private let convolver: BlockConvolver<Scalar>
  private var mono: [Scalar] = []
  private var left: [Scalar] = []
  private var right: [Scalar] = []

  /// - Parameters:
  ///   - chain: the effects; its sample rate is that of the signal.
  ///   - logits: one per parameter of the chain's space.
  ///   - frameCount: samples of the signal, or more: responses are cut to it.
  ///   - threads: most threads to use while the responses are computed.
  public init(_ chain: ChainDescription, logits: [Double], frameCount: Int, threads: Int = 1) {
    let space = chain.parameterSpace
    precondition(logits.count == space.count, "The chain has \(space.count) parameters, not \(logits.count)")
    let values = SignalBuffer(space.values(ofLogits: logits))
    stages = zip(chain.series, chain.slots.series).map { effect, positions in
      effect.rendered.makeStreamingStage(
        values: values.pointer + positions.lowerBound, sampleRate: chain.sampleRate)
    }
    convolver = BlockConvolver(
      chain, values: values, frameCount: max(1, frameCount), team: ThreadTeam(threads: threads))
  }

  /// Feeds dry samples and hands over the stereo output that is ready, which lags by up to a block.
  ///
  /// - Parameters:
  ///   - dry: the next mono samples of the signal, as many as the caller likes; may be empty.
  ///   - isLast: no more samples follow: everything left is handed over.
  ///   - body: takes equally long left and right channels; it may be called several times, or not at all.
  public func process(
    _ dry: [Scalar], isLast: Bool, _ body: (_ left: [Scalar], _ right: [Scalar]) throws -> Void
  ) rethrows {
    var signal = dry
    for stage in stages {
      var output: [Scalar] = []
      stage.process(signal, isLast: isLast, into: &output)
      signal = output
    }
    mono.append(contentsOf: signal)
    while mono.count >= convolver.blockCount || (isLast && !mono.isEmpty) {
      let block = Array(mono.prefix(convolver.blockCount))
      mono.removeFirst(block.count)
      convolver.process(block, left: &left, right: &right)
      try body(left, right)
    }
  }
}
