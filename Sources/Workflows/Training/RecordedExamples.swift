import AudioFiles
import FXParams
import FileOutput
import NumericCore
public import PresetStore
import StyleFeatures
import Synchronization

/// Examples for a regression network from recordings: the active segments of processed vocals, each at -18 LUFS,
/// with the presets that they were processed with.
public struct RecordedExamples: Sendable {
  /// The presets.
  public var collection: PresetCollection
  /// Which recording belongs to which of them.
  public var recordings: PresetRecordings
  /// What the presets are called in labels and errors.
  public var presetsName: String
  /// Length of the segments; what is shorter is left out.
  public var segmentSeconds = 2.0
  /// Whether presets whose recording is silent or cannot be read are left out instead of an error.
  public var skipsUnusable = false
  /// Most threads to use; the result does not depend on them.
  public var threads = 1

  /// Segments of 2 s.
  public init(_ recordings: PresetRecordings, of collection: PresetCollection, presetsName: String) {
    (self.recordings, self.collection, self.presetsName) = (recordings, collection, presetsName)
  }

  /// Reads the recordings and computes the features of their segments.
  ///
  /// - Parameter monitor: is told of every recording.
  /// - Throws: `AudioError`, ``WorkflowError`` if no recording can be used or the segments do not fit memory,
  ///   ``InterruptedError``.
  public func run(monitor: some WorkMonitor = QuietMonitor()) throws -> RegressionExamples {
    let found = recordings.found
    let sampleRate = collection.chain.sampleRate
    let frameCount = RegressionExamples.frameCount(seconds: segmentSeconds, sampleRate: sampleRate)
    try RegressionExamples.requireLength(frameCount: frameCount, segmentSeconds: segmentSeconds)
    let record = FeatureRecord(
      encoder: StyleEncoderKind.mfcc.rawValue, source: .wet, sampleRate: sampleRate,
      loudnessLUFS: AudioPreparation.standardLUFS, segmentSeconds: segmentSeconds)
    let reading = AudioFeatures(record: record, kind: .mfcc)
    let state = Mutex(State(segments: Array(repeating: [], count: found.count)))
    let progress = monitor.progress("read", total: found.count)
    monitor.cancellable {
      ParallelBlocks.run(count: found.count, threads: threads) {
        ExampleFeatures(frameCount: frameCount, sampleRate: sampleRate)
      } process: { index, features in
        guard !monitor.isCancelled, state.withLock({ $0.failure == nil }) else { return }
        do {
          let audio = try reading.segments(of: found[index].path, shiftFrames: found[index].shiftFrames)
          let whole = audio.segments.filter { $0.frameCount == frameCount }
          let total = state.withLock {
            $0.count += whole.count
            return $0.count
          }
          try RegressionExamples.requireMemory(
            count: total, frameCount: frameCount, segmentSeconds: segmentSeconds)
          let own = whole.compactMap { features.features(of: $0.channels) }
          if own.isEmpty { monitor.warning("\(found[index].path) has no segment of that length: it is left out.") }
          state.withLock { $0.segments[index] = own }
        } catch let error as AudioError where skipsUnusable {
          monitor.warning("\(error) Preset \(found[index].label) is left out.")
        } catch { state.withLock { $0.failure = $0.failure ?? error } }
        progress.advance()
      }
    }
    progress.finish()
    let (segments, failure) = state.withLock { ($0.segments, $0.failure) }
    if let failure { throw failure }
    try monitor.requireNotCancelled()
    let owners = segments.indices.flatMap { index in segments[index].map { _ in index } }
    guard !owners.isEmpty else {
      throw WorkflowError(.missingRecordings, "No recording of \(presetsName) can be used.")
    }
    let rows = owners.map { found[$0].row }
    return RegressionExamples(
      parameterNames: collection.chain.parameterSpace.names, sampleRate: sampleRate, segmentSeconds: segmentSeconds,
      loudnessLUFS: AudioPreparation.standardLUFS,
      origin: "recorded pairs: \(Set(owners).count) recordings of the presets of \(presetsName), segments of "
        + "\(NumberText.short(segmentSeconds)) s", features: segments.flatMap { $0 },
      logits: collection.theta.selecting(rows: rows), groups: rows.map { collection.groups?[$0] ?? "\($0)" })
  }

  private struct State {
    var segments: [[SignalBuffer<Float>]]
    var count = 0
    var failure: (any Error)?
  }
}
