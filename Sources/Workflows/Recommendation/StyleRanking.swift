import AudioFiles
import FXParams
public import Inference
import NumericCore
public import PresetStore
public import StyleFeatures
import Synchronization

/// How near the presets of a collection bring dry segments to the style of references.
public struct StyleRanking: Sendable {
  /// How near one preset comes.
  public struct Nearness: Sendable, Hashable {
    /// log p(z | theta, x).
    public let logLikelihood: Double
    /// The RMS over pairs of segments of the angles between style embeddings of mid, in radians.
    public let angleMid: Double
    /// Of side; 0 for an encoder that has none.
    public let angleSide: Double
  }

  /// Of every preset; nil where its rendering has no finite embedding.
  public let nearness: [Nearness?]

  /// Renders the segments through every preset and embeds them. The result does not depend on `threads`.
  ///
  /// - Parameters:
  ///   - presets: the collection.
  ///   - rows: which of its presets; the others get nil.
  ///   - encoder: the style embedding.
  ///   - references: stereo segments whose style is sought.
  ///   - inputs: dry mono segments, at the rate of the presets' chain.
  ///   - cache: where renderings are kept; nil to keep none.
  ///   - threads: most threads to use.
  ///   - monitor: is told of every preset.
  /// - Throws: `StylePosteriorError`, what the encoder throws, ``InterruptedError``.
  public init(
    of presets: PresetCollection, rows: [Int]? = nil, encoder: StyleEncoderKind, references: [StereoSegment],
    inputs: [[Float]], cache: RenderingCache? = nil, threads: Int = 1,
    monitor: some WorkMonitor = QuietMonitor()
  ) throws {
    // Renderings in Double are not kept in full.
    let cache = encoder.precision == Float.self ? cache : nil
    let material = try cache.map { _ in try RenderingCache.Material(chain: presets.chain, inputs: inputs) }
    let rows = rows ?? Array(0..<presets.count)
    let progress = monitor.progress("rank", total: rows.count)
    defer { progress.finish() }
    let state = Mutex((values: [Nearness?](repeating: nil, count: presets.count), failure: (any Error)?.none))
    monitor.cancellable {
      ParallelBlocks.run(count: rows.count, threads: threads) {
        Result {
          try StyleComparison(chain: presets.chain, encoder: encoder, references: references, inputs: inputs)
        }
      } process: { index, comparison in
        guard !monitor.isCancelled, state.withLock({ $0.failure == nil }) else { return }
        do {
          let theta = presets.theta.row(rows[index])
          // What effects cannot be computed with is no candidate.
          let isUsable = (try? presets.chain.parameterSpace.requireUsable(logits: theta)) != nil
          let comparison = try comparison.get()
          let value = isUsable ? try comparison.logLikelihood(at: theta, cache, material) : nil
          if let value, value.isFinite {
            let angles = comparison.likelihood.rootMeanSquareAngles(of: comparison.predictions)
            let nearness = Nearness(logLikelihood: value, angleMid: angles.mid, angleSide: angles.side)
            state.withLock { $0.values[rows[index]] = nearness }
          }
          progress.advance()
        } catch {
          state.withLock { $0.failure = $0.failure ?? error }
        }
      }
    }
    try monitor.requireNotCancelled()
    let (values, failure) = state.withLock { ($0.values, $0.failure) }
    if let failure { throw failure }
    nearness = values
  }

  /// Ranks the presets of a collection for recordings, prepared as those of a transfer are.
  ///
  /// - Parameters:
  ///   - presets: the collection.
  ///   - rows: which of its presets; nil for all.
  ///   - references: processed vocals, in stereo.
  ///   - dry: dry vocals.
  ///   - settings: how they are prepared and compared; the weight of the prior has no meaning here.
  ///   - cache: where renderings are kept; nil to keep none.
  ///   - threads: most threads to use.
  ///   - monitor: is told of every preset, and what was changed about the recordings.
  /// - Throws: `AudioError`, ``WorkflowError`` for a reference without a stereo image, what the encoder throws,
  ///   ``InterruptedError``.
  public init(
    of presets: PresetCollection, rows: [Int]? = nil, references: [String], dry: [String],
    settings: StyleSettings = StyleSettings(), cache: RenderingCache? = nil, threads: Int = 1,
    monitor: some WorkMonitor = QuietMonitor()
  ) throws {
    let (references, inputs) = try StyleProblem.recordings(
      references: references, inputs: dry, sampleRate: presets.chain.sampleRate, settings: settings,
      monitor: monitor)
    try self.init(
      of: presets, rows: rows, encoder: settings.encoder,
      references: references.flatMap(\.segments).map {
        StereoSegment(left: $0.channels[0], right: $0.channels[1])
      },
      inputs: inputs.flatMap(\.segments).map { $0.channels[0] }, cache: cache, threads: threads, monitor: monitor)
  }

  init(nearness: [Nearness?]) { self.nearness = nearness }

  /// The presets that have a value, the nearest first; of two that are equally near the later one comes first, as
  /// in the published evaluation.
  public var order: [Int] {
    nearness.indices.filter { nearness[$0] != nil }.sorted {
      (nearness[$0]?.logLikelihood ?? 0, $0) > (nearness[$1]?.logLikelihood ?? 0, $1)
    }
  }
}

extension StyleComparison {
  /// The value by a rendering that is in the cache, or comes there.
  fileprivate func logLikelihood(
    at theta: [Double], _ cache: RenderingCache?, _ material: RenderingCache.Material?
  ) throws -> Double? {
    guard let cache, let material else { return try logLikelihood(at: theta) }
    var fresh: Double??
    let audio = try cache.rendering(of: material, through: theta) {
      fresh = .some(try logLikelihood(at: theta))
      return rendering
    }
    if let fresh { return fresh }
    return try logLikelihood(ofRendering: audio)
  }
}
