import FXChain
import FXParams
import NumericCore
import StyleFeatures

/// The map from a chain's logits to the embeddings of the rendered inputs, with its pullback, whatever the
/// precision.
protocol StyleRendering: AnyObject {
  /// Renders and embeds every input; `embeddings` has one entry per input.
  ///
  /// - Throws: what the encoder throws.
  func render(_ theta: [Double], into embeddings: inout [StyleEmbedding]) throws

  /// The audio of every input at the latest rendering.
  func audio() -> [StereoSegment]

  /// Embeds audio in place of renderings: as many segments as there are inputs, of their lengths.
  ///
  /// - Throws: what the encoder throws.
  func embed(_ audio: [StereoSegment], into embeddings: inout [StyleEmbedding]) throws

  /// Overwrites `gradient` by the pullback of cotangents of the latest embeddings to the logits.
  ///
  /// - Throws: what the encoder throws.
  func pullback(_ cotangents: [StyleEmbedding], into gradient: inout [Double]) throws
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
  private let failures: UnsafeMutablePointer<(any Error)?>

  init(
    chain: ChainDescription, encoder: StyleEncoderKind, inputs: [[Float]], gain: Double, threads: Int
  ) throws {
    let team = ThreadTeam(threads: threads)
    self.team = team
    segmentTeam = inputs.count > 1 ? team : .alone
    let longest = max(encoder.minimumFrameCount(sampleRate: chain.sampleRate), inputs.map(\.count).max() ?? 0)
    let scratch: StyleScratch<Scalar>? = encoder.makeScratch(
      frameCount: longest, threads: min(team.threads, inputs.count))
    encoders = try inputs.map {
      try encoder.makeEncoder(
        frameCount: $0.count, sampleRate: chain.sampleRate, gain: gain, team: inputs.count == 1 ? team : .alone,
        scratch: scratch)
    }
    renderer = ChainRenderer(chain, segments: inputs.map { converted($0, to: Scalar.self) }, team: team)
    let zeros = [Double](repeating: 0, count: encoder.featureCount)
    let sideZeros = [Double](repeating: 0, count: encoder.sideFeatureCount)
    (embeddings, cotangents) = (.allocate(capacity: inputs.count), .allocate(capacity: inputs.count))
    failures = .allocate(capacity: inputs.count)
    failures.initialize(repeating: nil, count: inputs.count)
    for segment in inputs.indices {
      // Arrays of their own: shared ones would be copied when they are first written.
      (embeddings + segment).initialize(to: StyleEmbedding(mid: zeros.map { $0 }, side: sideZeros.map { $0 }))
      (cotangents + segment).initialize(to: StyleEmbedding(mid: [], side: []))
    }
  }

  deinit {
    for places in [embeddings, cotangents] {
      places.deinitialize(count: encoders.count)
      places.deallocate()
    }
    failures.deinitialize(count: encoders.count)
    failures.deallocate()
  }

  func render(_ theta: [Double], into embeddings: inout [StyleEmbedding]) throws {
    renderer.render(logits: theta)
    segmentTeam.run(encoders.count, embedding)
    try throwFailure()
    for segment in encoders.indices { embeddings[segment].copy(self.embeddings[segment]) }
  }

  func audio() -> [StereoSegment] {
    encoders.indices.map { segment in
      let (left, right) = renderer.output(of: segment)
      return StereoSegment(left: left.array.map { Float($0) }, right: right.array.map { Float($0) })
    }
  }

  func embed(_ audio: [StereoSegment], into embeddings: inout [StyleEmbedding]) throws {
    for segment in encoders.indices {
      let (left, right) = renderer.output(of: segment)
      precondition(left.count == audio[segment].frameCount, "\(audio[segment].frameCount) samples")
      for index in 0..<left.count {
        left[index] = Scalar(audio[segment].left[index])
        right[index] = Scalar(audio[segment].right[index])
      }
    }
    segmentTeam.run(encoders.count, embedding)
    try throwFailure()
    for segment in encoders.indices { embeddings[segment].copy(self.embeddings[segment]) }
  }

  func pullback(_ cotangents: [StyleEmbedding], into gradient: inout [Double]) throws {
    for segment in encoders.indices { self.cotangents[segment] = cotangents[segment] }
    segmentTeam.run(encoders.count, pull)
    // Held no longer: the caller overwrites them in place.
    for segment in encoders.indices { self.cotangents[segment] = StyleEmbedding(mid: [], side: []) }
    try throwFailure()
    renderer.pullback(into: &gradient)
  }

  /// Throws the first segment's error, whatever the order in which threads met them.
  private func throwFailure() throws {
    for segment in encoders.indices {
      if let failure = failures[segment] { throw failure }
    }
  }

  // The tasks of the loops over segments, made once because a closure is an object.
  private lazy var embedding: @Sendable (Int) -> Void = { [unowned self] segment in
    let (left, right) = renderer.output(of: segment)
    failures[segment] = nil
    do {
      try encoders[segment].encode(left: left.pointer, right: right.pointer, into: &embeddings[segment])
    } catch { failures[segment] = error }
  }
  private lazy var pull: @Sendable (Int) -> Void = { [unowned self] segment in
    let (left, right) = renderer.cotangent(of: segment)
    failures[segment] = nil
    do {
      try encoders[segment].pullback(cotangents[segment], left: left.pointer, right: right.pointer)
    } catch { failures[segment] = error }
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
