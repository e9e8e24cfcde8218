import Dispatch
import FXChain
import FXParams
import NumericCore
import StyleFeatures

/// The map from a chain's logits to the embeddings of the rendered inputs, with its pullback, whatever the precision.
protocol StyleRendering: AnyObject {
  /// Renders and embeds every input; `embeddings` has one entry an input.
  func render(_ theta: [Double], into embeddings: inout [StyleEmbedding])

  /// Overwrites `gradient` by the pullback of cotangents of the latest embeddings to the logits.
  func pullback(_ cotangents: [StyleEmbedding], into gradient: inout [Double])
}

/// ``StyleRendering`` in the precision of `Scalar`.
final class StyleRenderer<Scalar: SignalScalar>: StyleRendering, @unchecked Sendable {
  private let renderer: ChainRenderer<Scalar>
  private let encoders: [any StyleEncoder<Scalar>]
  private let threads: Int
  /// Written by each segment's thread at its own place.
  private let embeddings: UnsafeMutablePointer<StyleEmbedding>

  init(
    chain: ChainDescription, encoder: StyleEncoderKind, inputs: [[Float]], gain: Double, threads: Int
  ) throws {
    // Threads are for segments; one segment alone leaves them to its channels.
    let spare = inputs.count == 1 ? threads : 1
    encoders = try inputs.map {
      try encoder.makeEncoder(frameCount: $0.count, sampleRate: chain.sampleRate, gain: gain, threads: spare)
    }
    renderer = ChainRenderer(chain, segments: inputs.map { $0.map { Scalar($0) } }, threads: threads)
    self.threads = min(max(1, threads), inputs.count)
    embeddings = .allocate(capacity: inputs.count)
    embeddings.initialize(repeating: StyleEmbedding(mid: [], side: []), count: inputs.count)
  }

  deinit {
    embeddings.deinitialize(count: encoders.count)
    embeddings.deallocate()
  }

  func render(_ theta: [Double], into embeddings: inout [StyleEmbedding]) {
    renderer.render(logits: theta)
    forEachSegment { segment in
      let (left, right) = self.renderer.output(of: segment)
      self.embeddings[segment] = self.encoders[segment].encode(left: left.pointer, right: right.pointer)
    }
    for segment in encoders.indices { embeddings[segment] = self.embeddings[segment] }
  }

  func pullback(_ cotangents: [StyleEmbedding], into gradient: inout [Double]) {
    forEachSegment { segment in
      let (left, right) = self.renderer.cotangent(of: segment)
      self.encoders[segment].pullback(cotangents[segment], left: left.pointer, right: right.pointer)
    }
    renderer.pullback(into: &gradient)
  }

  private func forEachSegment(_ body: @Sendable (Int) -> Void) {
    let (count, lanes) = (encoders.count, threads)
    guard lanes > 1 else { return (0..<count).forEach(body) }
    DispatchQueue.concurrentPerform(iterations: lanes) { lane in
      for segment in stride(from: lane, to: count, by: lanes) { body(segment) }
    }
  }
}
