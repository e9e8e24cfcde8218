import Evaluation
import FXChain
import FXParams
import Inference
import NumericCore
import Retrieval

/// A step of a retrieval of ten chunks of 12 s, beside the chain alone, the loss alone, the transforms that the
/// loss cannot do without, and the distances of which it is made, one by one in Double.
func retrievalTimes(chunkCount: Int = 10) throws -> Contest {
  let chain = ChainDescription.diffVox
  let chunks = retrievalChunks(chunkCount)
  let frames = chunks[0].dry.count
  var contest = Contest("retrieval", "retrieval step, \(chunkCount) chunks of 12 s (7 s measured), Float")
  let theta = [Double](repeating: 0.3, count: chain.parameterSpace.count)
  for threads in [1, 2] {
    let density = RetrievalDensity(
      loss: try RetrievalLoss<Float>(chain: chain, chunks: chunks, threads: threads))
    var gradient = theta
    contest.add("step, \(threads) threads") { _ = try? density.evaluate(at: theta, gradient: &gradient) }
    contest.add("value, \(threads) threads") { _ = try? density.evaluate(at: theta) }
    let renderer = ChainRenderer<Float>(chain, segments: chunks.map(\.dry), threads: threads)
    contest.add("chain, \(threads) threads") {
      renderer.render(logits: theta)
      for index in chunks.indices {
        let (left, right) = renderer.cotangent(of: index)
        left.pointer.update(from: chunks[index].wet.left, count: frames)
        right.pointer.update(from: chunks[index].wet.right, count: frames)
      }
      renderer.pullback(into: &gradient)
    }
  }
  try addLosses(to: &contest, chunks[0], chunkCount: chunkCount)
  return contest
}

/// Chunks of 12 s, of which the first 5 s are warm-up.
func retrievalChunks(_ count: Int) -> [RetrievalChunk] {
  let (frames, warmUp) = (12 * 44100, 5 * 44100)
  return (0..<count).map { index in
    let channels = (0..<2).map { dryVocal(frameCount: frames, seed: UInt64(100 + 2 * index + $0)) }
    return RetrievalChunk(
      dry: dryVocal(frameCount: frames, seed: UInt64(index)),
      wet: StereoSegment(left: channels[0], right: channels[1]), warmUpFrames: warmUp)
  }
}

/// The loss of so many chunks on one thread.
private func addLosses(to contest: inout Contest, _ chunk: RetrievalChunk, chunkCount: Int) throws {
  let count = chunk.scoredFrames
  let tables = try StereoLossTables<Float>(sampleRate: 44100, frameCount: count)
  let loss = StereoLoss(tables)
  let (left, right) = (Array(chunk.wet.left[..<count]), Array(chunk.wet.right[..<count]))
  let target = StereoLossTarget(tables, left: left, right: right)
  var (first, second) = (Array(chunk.dry[..<count]), Array(chunk.wet.right[5..<count + 5]))
  contest.add("loss with gradient, 1 thread") {
    for _ in 0..<chunkCount {
      _ = loss.termsReplacingByGradient(left: &first, right: &second, target: target, share: 1)
      for index in 0..<count { (first[index], second[index]) = (chunk.dry[index], chunk.wet.right[index + 5]) }
    }
  }
  for size in [128, 512, 2048] {
    let transform = RealFFT<Float>(count: size)
    let (samples, spectrum) = (SignalBuffer<Float>(count: size), SignalBuffer<Float>(count: size + 2))
    // Two channels of prediction and target there, two of the gradient back.
    contest.add("transforms of \(size), 1 thread", .bound) {
      for _ in 0..<chunkCount * (count / (size / 4) + 1) {
        for _ in 0..<4 { transform.forward(samples.pointer, into: spectrum.pointer) }
        for _ in 0..<2 { transform.inverseDestroying(spectrum.pointer, into: samples.pointer) }
      }
    }
  }
  let prediction = Matrix(rows: 2, columns: count, values: (first + second).map { Double($0) })
  let wanted = Matrix(rows: 2, columns: count, values: (left + right).map { Double($0) })
  contest.add("distances one by one, 1 thread, 1 chunk", .peer) {
    for view in StereoView.allCases {
      _ = try MultiScaleSpectralDistance(view: view).valueAndGradient(prediction: prediction, target: wanted)
      _ = try LoudnessDynamicRangeDistance(view: view).valueAndGradient(prediction: prediction, target: wanted)
    }
  }
}
