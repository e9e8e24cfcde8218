public import Evaluation
import FXChain
public import FXParams
import Inference
public import NumericCore

/// The distance of a preset's rendering from a processed recording, mean over chunks, with its gradient.
///
/// Every chunk is rendered from silence; what follows its warm-up is measured by `StereoLoss`. So many chunks are
/// rendered at once, the others after them, which bounds the memory; workspaces are made once. One instance serves
/// one caller at a time; the result does not depend on the number of threads.
///
/// Unchecked sendable: it is one caller's at a time; the tasks inside share by chunk.
public final class RetrievalLoss<Scalar: SignalScalar>: @unchecked Sendable {
  /// Chunks that are rendered at once, at most, unless told otherwise.
  public static var usualChunksAtOnce: Int { 12 }

  /// The chunks.
  public let chunks: [RetrievalChunk]

  private let everyChunk: [Int]
  private let renderer: ChainRenderer<Scalar>
  private let team: ThreadTeam
  private let losses: BufferPool<StereoLoss<Scalar>>
  private let targets: [StereoLossTarget<Scalar>]
  private let tables: StereoLossTables<Scalar>
  /// Which chunk each segment of the renderer holds.
  private var held: [Int]
  /// The chunks of the present group, in the first segments.
  private var group: ArraySlice<Int> = []
  private let terms: UnsafeMutableBufferPointer<StereoLossTerms>
  private var share = 1.0
  private var hasGradient = false
  private var partial: [Double]
  private var dampings: [Double]

  /// - Parameters:
  ///   - chain: the effects, at the chunks' sample rate.
  ///   - chunks: at least one, all of one length and with one warm-up.
  ///   - chunksAtOnce: chunks that are rendered at once, at most.
  ///   - threads: most threads to use.
  /// - Throws: `MetricError` for chunks too short to measure.
  public init(
    chain: ChainDescription, chunks: [RetrievalChunk], chunksAtOnce: Int = usualChunksAtOnce, threads: Int = 1
  ) throws {
    precondition(chunksAtOnce > 0, "\(chunksAtOnce) chunks at once")
    guard let first = chunks.first else { preconditionFailure("A loss of no chunks") }
    precondition(
      chunks.allSatisfy { $0.dry.count == first.dry.count && $0.warmUpFrames == first.warmUpFrames },
      "Chunks of several lengths")
    self.chunks = chunks
    everyChunk = Array(chunks.indices)
    // Groups of about one size.
    let groups = (chunks.count + chunksAtOnce - 1) / chunksAtOnce
    let places = (chunks.count + groups - 1) / groups
    let team = ThreadTeam(threads: threads)
    self.team = team
    renderer = ChainRenderer(
      chain, segments: chunks.prefix(places).map { converted($0.dry, to: Scalar.self) }, team: team)
    held = Array(0..<places)
    let tables = try StereoLossTables<Scalar>(sampleRate: chain.sampleRate, frameCount: first.scoredFrames)
    self.tables = tables
    losses = BufferPool(count: min(threads, places)) { StereoLoss(tables) }
    targets = chunks.map { chunk in
      StereoLossTarget(
        tables, left: converted(Array(chunk.wet.left[chunk.warmUpFrames...]), to: Scalar.self),
        right: converted(Array(chunk.wet.right[chunk.warmUpFrames...]), to: Scalar.self))
    }
    terms = .allocate(capacity: places)
    terms.initialize(repeating: StereoLossTerms())
    partial = Array(repeating: 0, count: chain.parameterSpace.count)
    dampings = Array(repeating: 0, count: renderer.delayCount)
  }

  deinit { terms.deallocate() }

  /// The effects.
  public var chain: ChainDescription { renderer.chain }
  /// How much each distance counts.
  public var weights: StereoLossWeights { tables.weights }
  /// Number of ping-pong delays.
  public var delayCount: Int { renderer.delayCount }

  /// The mean distances of some chunks, or of all of them.
  public func terms(at logits: [Double], chunks subset: [Int]? = nil) -> StereoLossTerms {
    evaluate(logits, subset ?? everyChunk) {}
  }

  /// The mean distances of some chunks, or of all of them, and the gradient of their weighted sum.
  ///
  /// - Parameters:
  ///   - logits: finite, one for each parameter.
  ///   - subset: distinct chunks, or all of them.
  ///   - gradient: overwritten; one entry for each parameter.
  public func terms(
    at logits: [Double], chunks subset: [Int]? = nil, gradient: inout [Double]
  ) -> StereoLossTerms {
    for index in gradient.indices { gradient[index] = 0 }
    for delay in dampings.indices { dampings[delay] = 0 }
    hasGradient = true
    defer { hasGradient = false }
    return evaluate(logits, subset ?? everyChunk) {
      renderer.pullback(into: &partial)
      for index in gradient.indices { gradient[index] += partial[index] }
      for delay in dampings.indices { dampings[delay] += renderer.logDampingGradient(ofDelay: delay) }
    }
  }

  private func evaluate(_ logits: [Double], _ subset: [Int], pullBack: () -> Void) -> StereoLossTerms {
    var mean = StereoLossTerms()
    share = 1 / Double(subset.count)
    for start in stride(from: 0, to: subset.count, by: held.count) {
      group = subset[start..<min(start + held.count, subset.count)]
      for (place, chunk) in group.enumerated() where held[place] != chunk {
        renderer.replaceSegment(place, by: converted(chunks[chunk].dry, to: Scalar.self))
        held[place] = chunk
      }
      renderer.render(logits: logits)
      team.run(held.count, measurement)
      for place in 0..<group.count { mean.add(terms[place], share: share) }
      pullBack()
    }
    return mean
  }

  /// One chunk: its distances, and the cotangent of its output where there is to be a gradient.
  private lazy var measurement: @Sendable (Int) -> Void = { [unowned self] place in
    measure(place)
  }

  @specialized(where Scalar == Float)
  @specialized(where Scalar == Double)
  private func measure(_ place: Int) {
    let cotangent = renderer.cotangent(of: place)
    if hasGradient {
      cotangent.left.clear()
      cotangent.right.clear()
    }
    guard place < group.count else { return }
    let loss = losses.take()
    defer { losses.give(loss) }
    let target = targets[group[group.startIndex + place]]
    let (output, warmUp, count) = (renderer.output(of: place), chunks[0].warmUpFrames, tables.frameCount)
    guard hasGradient else {
      terms[place] = loss.terms(
        left: UnsafePointer(output.left.pointer + warmUp), right: UnsafePointer(output.right.pointer + warmUp),
        target: target)
      return
    }
    let (left, right) = (cotangent.left.pointer + warmUp, cotangent.right.pointer + warmUp)
    left.update(from: output.left.pointer + warmUp, count: count)
    right.update(from: output.right.pointer + warmUp, count: count)
    terms[place] = loss.termsReplacingByGradient(left: left, right: right, target: target, share: share)
  }

  // MARK: - Surrogates of echoes

  /// As `ChainRenderer.setSurrogate(ofDelay:logDamping:)`.
  public func setSurrogate(ofDelay delay: Int, logDamping: Double?) {
    renderer.setSurrogate(ofDelay: delay, logDamping: logDamping)
  }

  /// The derivative of the weighted sum with respect to a surrogate's log damping, straight-through, at the latest
  /// gradient.
  public func logDampingGradient(ofDelay delay: Int) -> Double { dampings[delay] }
}
