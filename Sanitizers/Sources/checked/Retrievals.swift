import Evaluation
import FXParams
import Inference
import NumericCore
import Retrieval

/// Losses of chunks of odd lengths, with surrogates, gradients and more chunks than are rendered at once, in both
/// precisions.
func checkRetrievals() throws {
  for (frames, warmUp) in [(1025, 0), (2600, 531), (4099, 7)] {
    try check(Float.self, frames, warmUp)
    try check(Double.self, frames, warmUp)
  }
}

private func check<Scalar: SignalScalar>(_: Scalar.Type, _ frames: Int, _ warmUp: Int) throws {
  var source = RandomSource(seed: UInt64(frames))
  func noise() -> [Float] { (0..<frames).map { _ in Float(0.1 * source.nextNormal()) } }
  let chunks = (0..<3).map { _ in
    RetrievalChunk(dry: noise(), wet: StereoSegment(left: noise(), right: noise()), warmUpFrames: warmUp)
  }
  let chain = ChainDescription.diffVox
  let loss = try RetrievalLoss<Scalar>(chain: chain, chunks: chunks, chunksAtOnce: 2, threads: 2)
  let logits = (0..<chain.parameterSpace.count).map { _ in source.nextNormal() }
  var gradient = [Double](repeating: 0, count: logits.count)
  for logDamping in [nil, -0.1] as [Double?] {
    loss.setSurrogate(ofDelay: 0, logDamping: logDamping)
    let terms = loss.terms(at: logits, gradient: &gradient)
    Checked.require(terms.total() > 0.1 && gradient.allSatisfy(\.isFinite), "a loss with its gradient")
    Checked.require(loss.terms(at: logits, chunks: [2, 0]).total().isFinite, "a loss of some chunks")
  }
}
