import FXChain
import FXParams
import NumericCore
import StyleFeatures

/// The map from a chain's logits to the embeddings of the rendered inputs, with its pullback, whatever the
/// precision.
protocol StyleRendering: AnyObject {
  /// Renders and embeds every input; `embeddings` has one entry per input.
  func render(_ theta: [Double], into embeddings: inout [StyleEmbedding])

  /// Overwrites `gradient` by the pullback of cotangents of the latest embeddings to the logits.
  func pullback(_ cotangents: [StyleEmbedding], into gradient: inout [Double])
}

/// ``StyleRendering`` in the precision of `Scalar`.
///
/// Unchecked sendable: one caller at a time, as for the `ChainRenderer` inside; encoders run one per segment,
/// each with buffers of its own.
final class StyleRenderer<Scalar: SignalScalar>: StyleRendering, @unchecked Sendable {
  private let renderer: ChainRenderer<Scalar>
  private let encoders: [any StyleEncoder<Scalar>]
  private let team: ThreadTeam
  /// Threads for the segments; one segment alone leaves them to its channels.
  private let segmentTeam: ThreadTeam
  /// Each segment's thread has a place of its own.
  private let embeddings: UnsafeMutablePointer<StyleEmbedding>
  private let cotangents: UnsafeMutablePointer<StyleEmbedding>

  init(
    chain: ChainDescription, encoder: StyleEncoderKind, inputs: [[Float]], gain: Double, threads: Int
  ) throws {
    let team = ThreadTeam(threads: threads)
    self.team = team
    segmentTeam = inputs.count > 1 ? team : .alone
    let longest = max(StyleEncoderKind.minimumFrameCount, inputs.map(\.count).max() ?? 0)
    let scratch: StyleScratch<Scalar>? = encoder.makeScratch(
      frameCount: longest, threads: min(team.threads, inputs.count))
    encoders = try inputs.map {
      try encoder.makeEncoder(
        frameCount: $0.count, sampleRate: chain.sampleRate, gain: gain, team: inputs.count == 1 ? team : .alone,
        scratch: scratch)
    }
    renderer = ChainRenderer(chain, segments: inputs.map { converted($0, to: Scalar.self) }, team: team)
    let zeros = [Double](repeating: 0, count: encoder.featureCount)
    (embeddings, cotangents) = (.allocate(capacity: inputs.count), .allocate(capacity: inputs.count))
    for segment in inputs.indices {
      // Arrays of their own: shared ones would be copied when they are first written.
      (embeddings + segment).initialize(to: StyleEmbedding(mid: zeros.map { $0 }, side: zeros.map { $0 }))
      (cotangents + segment).initialize(to: StyleEmbedding(mid: [], side: []))
    }
  }

  deinit {
    for places in [embeddings, cotangents] {
      places.deinitialize(count: encoders.count)
      places.deallocate()
    }
  }

  func render(_ theta: [Double], into embeddings: inout [StyleEmbedding]) {
    renderer.render(logits: theta)
    segmentTeam.run(encoders.count, embedding)
    for segment in encoders.indices { embeddings[segment].copy(self.embeddings[segment]) }
  }

  func pullback(_ cotangents: [StyleEmbedding], into gradient: inout [Double]) {
    for segment in encoders.indices { self.cotangents[segment] = cotangents[segment] }
    segmentTeam.run(encoders.count, pull)
    // Held no longer: the caller overwrites them in place.
    for segment in encoders.indices { self.cotangents[segment] = StyleEmbedding(mid: [], side: []) }
    renderer.pullback(into: &gradient)
  }

  // The tasks of the loops over segments, made once because a closure is an object.
  private lazy var embedding: @Sendable (Int) -> Void = { [unowned self] segment in
    let (left, right) = renderer.output(of: segment)
    encoders[segment].encode(left: left.pointer, right: right.pointer, into: &embeddings[segment])
  }
  private lazy var pull: @Sendable (Int) -> Void = { [unowned self] segment in
    let (left, right) = renderer.cotangent(of: segment)
    encoders[segment].pullback(cotangents[segment], left: left.pointer, right: right.pointer)
  }
}

extension StyleEmbedding {
  /// Takes the numbers of another embedding and keeps its own arrays where they are as long.
  fileprivate mutating func copy(_ other: StyleEmbedding) {
    guard mid.count == other.mid.count, side.count == other.side.count else {
      self = StyleEmbedding(mid: other.mid.map { $0 }, side: other.side.map { $0 })
      return
    }
    for index in mid.indices { mid[index] = other.mid[index] }
    for index in side.indices { side[index] = other.side[index] }
  }
}
