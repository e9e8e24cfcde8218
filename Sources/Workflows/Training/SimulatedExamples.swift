import AudioFiles
import FXParams
import FileOutput
import NumericCore
import Synchronization

/// Examples for a regression network by rendering: presets through random active segments of dry recordings, each
/// rendering at -18 LUFS.
public struct SimulatedExamples: Sendable {
  /// What the presets are; those of one group (of one preset, without groups) stay together.
  public var presets: PairPresets
  /// What is rendered.
  public var dry: DrySegments
  /// How many examples.
  public var count = 2000
  /// What the presets are called in labels.
  public var presetsName: String
  /// Of presets and segments: the same seed gives the same examples.
  public var seed: UInt64 = 0
  /// Most threads to use; the result does not depend on them.
  public var threads = 1

  /// 2000 examples.
  public init(presets: PairPresets, presetsName: String, dry: DrySegments) {
    (self.presets, self.presetsName, self.dry) = (presets, presetsName, dry)
  }

  /// Renders. Silent renderings are left out, with a warning.
  ///
  /// - Parameter monitor: is told of every example.
  /// - Throws: ``WorkflowError`` for work that does not fit memory, for presets that cannot be heard and for
  ///   renderings that are all silent; ``InterruptedError``.
  public func run(monitor: some WorkMonitor = QuietMonitor()) throws -> RegressionExamples {
    let (chain, frameCount) = (presets.chain, dry.frameCount)
    try RegressionExamples.requireLength(frameCount: frameCount, segmentSeconds: dry.segmentSeconds)
    try RegressionExamples.requireMemory(
      count: count, frameCount: frameCount, segmentSeconds: dry.segmentSeconds)
    let logits = presets.logits(rows: Array(0..<count), seed: seed, threads: threads)
    let features = Mutex([SignalBuffer<Float>?](repeating: nil, count: count))
    let failure = Mutex<(any Error)?>(nil)
    let progress = monitor.progress("render", total: count)
    monitor.cancellable {
      ParallelBlocks.run(count: count, threads: threads) {
        ExampleRenderer(chain: chain, frameCount: frameCount)
      } process: { index, renderer in
        guard !monitor.isCancelled, failure.withLock({ $0 == nil }) else { return }
        do {
          let own = try renderer.features(of: try segment(of: index), logits: logits.row(index))
          features.withLock { $0[index] = own }
          progress.advance()
        } catch { failure.withLock { $0 = $0 ?? error } }
      }
    }
    progress.finish()
    if let failure = failure.withLock({ $0 }) { throw failure }
    try monitor.requireNotCancelled()
    let found = features.withLock { $0 }
    let audible = found.indices.filter { found[$0] != nil }
    guard !audible.isEmpty else {
      throw WorkflowError(
        .unsuitableRecording, "All \(count) renderings are silent: give other presets or other recordings.")
    }
    if audible.count < count {
      monitor.warning("\(count - audible.count) of \(count) renderings are silent and left out.")
    }
    return RegressionExamples(
      parameterNames: chain.parameterSpace.names, sampleRate: chain.sampleRate, segmentSeconds: dry.segmentSeconds,
      loudnessLUFS: AudioPreparation.standardLUFS, origin: origin, features: audible.compactMap { found[$0] },
      logits: logits.selecting(rows: audible), groups: audible.map(presets.unit))
  }

  private var origin: String {
    let recordings = dry.paths.count == 1 ? "1 dry recording" : "\(dry.paths.count) dry recordings"
    let source =
      switch presets.rowCount {
      case nil: "draws of \(presetsName)"
      case let rows? where count < rows: "\(count) of the \(rows) presets of \(presetsName)"
      case let rows?: "the \(rows) presets of \(presetsName)"
      }
    return
      "simulated pairs: \(source) through \(recordings), segments of \(NumberText.short(dry.segmentSeconds)) s, "
      + "seed \(seed)"
  }

  private func segment(of index: Int) throws -> [Float] {
    var source = DrySegments.source(ofPair: index, seed: seed)
    return try dry.draw(1, using: &source).samples[0]
  }
}

/// Renders one segment at a time and computes its features; belongs to one thread.
private final class ExampleRenderer {
  private let renderer: SegmentRenderer<Float>
  private let features: ExampleFeatures
  private let sampleRate: Double

  init(chain: ChainDescription, frameCount: Int) {
    renderer = SegmentRenderer(chain: chain, frameCount: frameCount, segmentCount: 1)
    features = ExampleFeatures(frameCount: frameCount, sampleRate: chain.sampleRate)
    sampleRate = chain.sampleRate
  }

  /// Nil where the rendering is silent or not finite.
  func features(of segment: [Float], logits: [Double]) throws -> SignalBuffer<Float>? {
    let audio = AudioBuffer(channels: renderer.render([segment], logits: logits)[0], sampleRate: sampleRate)
    guard audio.peak > 0, audio.peak.isFinite else { return nil }
    let loudness = try audio.integratedLoudness(source: "a rendering")
    guard loudness.isFinite else { return nil }
    return features.features(of: audio.scaled(by: decibels(AudioPreparation.standardLUFS - loudness)).channels)
  }
}
