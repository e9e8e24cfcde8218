import FXChain
import FXParams
import NumericCore

/// A chain with every effect.
private let chain: ChainDescription = {
  var chain = ChainDescription.diffVox
  chain.series.append(.bitCrusher(BitCrusher(bits: .init(4, 12))))
  return chain
}()

private func voice<Scalar: SignalScalar>(_ count: Int, seed: UInt64) -> [Scalar] {
  var source = RandomSource(seed: seed)
  return (0..<count).map { _ in Scalar(0.1 * source.nextNormal()) }
}

private func logits(_ chain: ChainDescription, seed: UInt64) -> [Double] {
  var source = RandomSource(seed: seed)
  return (0..<chain.parameterSpace.count).map { _ in source.nextNormal() }
}

/// Renders and pulls back segments of odd lengths, in both precisions.
func checkChains() throws {
  try check(Float.self)
  try check(Double.self)
}

private func check<Scalar: SignalScalar>(_: Scalar.Type) throws {
  for (number, lengths) in [[1], [7, 4097], [5003], [3001, 2, 6000]].enumerated() {
    let chain = ChainDescription.diffVox
    let segments = lengths.enumerated().map { voice($1, seed: UInt64($0)) as [Scalar] }
    let renderer = ChainRenderer(chain, segments: segments, threads: 2)
    var gradient = [Double](repeating: 0, count: chain.parameterSpace.count)
    // Smooth and rough decays take different ways.
    for seed in 0..<3 {
      var theta = logits(chain, seed: UInt64(10 * number + seed))
      if seed == 2 { theta = theta.map { 3 * $0 } }
      renderer.render(logits: theta)
      for segment in lengths.indices {
        let (left, right) = renderer.cotangent(of: segment)
        for index in 0..<lengths[segment] { (left[index], right[index]) = (1, -0.5) }
      }
      renderer.pullback(into: &gradient)
      Checked.require(gradient.allSatisfy { $0.isFinite }, "a gradient that is not finite")
    }
  }
}

/// Blocks of every size through the streaming renderer.
func checkStreams() {
  let dry: [Float] = voice(9000, seed: 3)
  let theta = logits(chain, seed: 4)
  for block in [1000, 4097, 9000] {
    let renderer = StreamingRenderer<Float>(chain, logits: theta, frameCount: dry.count, threads: 2)
    var count = 0
    for start in stride(from: 0, to: dry.count, by: block) {
      let end = min(start + block, dry.count)
      renderer.process(Array(dry[start..<end]), isLast: end == dry.count) { left, _ in count += left.count }
    }
    Checked.require(count == dry.count, "\(count) of \(dry.count) frames")
  }
}
