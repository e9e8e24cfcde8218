import AudioFiles
public import Evaluation
import FXParams
import FileOutput
import Foundation
import NumericCore
public import PresetStore
import PriorKit
import StyleFeatures
import Synchronization

/// The evaluation of arXiv 2505.11315: methods choose presets for tracks, and their renderings are measured against
/// what an engineer made.
///
/// Of every track both sides are cut at the same places; wet active segments 0, 2, 4, ... are the reference that a
/// method is given, dry ones 1, 3, 5, ... its input, so that no passage serves as both. The preset that it chooses
/// renders the whole dry track, which is measured against the whole wet one.
public struct TrackEvaluation: Sendable {
  /// What is evaluated on.
  public var tracks: TrackList
  /// What is evaluated, by name, in the order of the rows of a track.
  public var methods: [(name: String, method: EvaluationMethod)]
  /// What the methods choose from.
  public var context: MethodContext
  /// Length of the segments; shorter recordings are one segment.
  public var segmentSeconds = 11.0
  /// Most segments of a reference and of an input, evenly spaced; nil for all.
  public var maximumSegments: Int?
  /// The share of the tracks that is evaluated here, a row per track; nil for all.
  public var shard: ShardRecord?
  /// The presets, priors and lists that all tracks share.
  public var sharedInputs: [Provenance.Input] = []
  /// Whether the prepared recordings and all renderings are kept in the folder.
  public var savesAudio = false
  /// Most threads to use; scores do not depend on them.
  public var threads = 1

  /// An evaluation with the published settings.
  public init(
    tracks: TrackList, methods: [(name: String, method: EvaluationMethod)], context: MethodContext
  ) {
    (self.tracks, self.methods, self.context) = (tracks, methods, context)
  }

  /// What became of an evaluation.
  public struct Outcome: Sendable {
    /// Rows that the folder now has.
    public var rowCount: Int
    /// Tracks that could not be evaluated, with the reason.
    public var failures: [(track: TrackName, reason: String)]
  }

  /// Refuses a folder that ``run(in:provenance:methodFiles:isResuming:overwrite:monitor:)`` would refuse, before
  /// recordings are read for it.
  ///
  /// - Throws: `OutputError` naming the file that is in the way.
  package static func requireUsable(folder: String, isResuming: Bool, overwrite: Bool) throws {
    try EvaluationFolder.requireUsable(folder, isResuming: isResuming, overwrite: overwrite)
  }

  /// Evaluates, and fills a folder with the rows, each as soon as it is done.
  ///
  /// A track whose recordings cannot be used does not stop the others: it is in the outcome. A method that needs
  /// two active segments leaves out tracks that have fewer, as published, and says so.
  ///
  /// - Parameters:
  ///   - folder: what is filled; made if absent.
  ///   - provenance: of the command, kept in `run.json`.
  ///   - methodFiles: digests of the files that methods read, by the names of the methods.
  ///   - isResuming: whether rows that are there are kept.
  ///   - overwrite: whether files that are there are replaced.
  ///   - monitor: is told of every row.
  /// - Throws: ``WorkflowError`` for a folder of other work and for tracks without recordings, `OutputError`,
  ///   ``InterruptedError`` once the rows are kept, what a method's computation throws.
  public func run(
    in folder: String, provenance: Provenance, methodFiles: [String: String] = [:], isResuming: Bool = false,
    overwrite: Bool = false, monitor: some WorkMonitor = QuietMonitor()
  ) throws -> Outcome {
    guard !tracks.tracks.isEmpty else {
      throw WorkflowError(
        .missingRecordings, "No track has its recordings: correct the list or the folder of audio.")
    }
    let record = EvaluationRecord(
      methods: methods.map(\.name), methodFiles: methodFiles,
      tracks: tracks.tracks.map { .init(song: $0.name.song, stem: $0.name.stem) },
      metrics: TrackMetrics.all.map(\.key), terms: terms, shard: shard,
      provenance: provenance)
    let store = try EvaluationFolder(
      folder, record: record, parameters: context.chain.parameterSpace.names, isResuming: isResuming,
      overwrite: overwrite)
    let known = store.keys
    let pending = ownTracks.compactMap {
      track -> (track: EvaluationTrack, methods: [(String, EvaluationMethod)])? in
      let missing = methods.filter { !known.contains(.init(method: $0.name, track: track.name)) }
      return missing.isEmpty ? nil : (track, missing.map { ($0.name, $0.method) })
    }
    if known.count > 0 { monitor.message("\(folder): going on after \(known.count) rows") }
    let failures = try evaluate(pending, into: store, audio: savesAudio ? folder : nil, monitor)
    try store.write(isComplete: failures.isEmpty && !monitor.isCancelled)
    guard !monitor.isCancelled else {
      throw InterruptedError(
        "Interrupted: \(store.keys.count) rows are in \(folder).", remedy: .resume)
    }
    return Outcome(rowCount: store.keys.count, failures: failures)
  }

  private typealias Pending = (track: EvaluationTrack, methods: [(String, EvaluationMethod)])

  private func evaluate(
    _ pending: [Pending], into store: EvaluationFolder, audio folder: String?, _ monitor: some WorkMonitor
  ) throws -> [(track: TrackName, reason: String)] {
    let metrics = try TrackMetrics(chain: context.chain, metric: context.metric)
    let lanes = max(1, min(threads, pending.count))
    let progress = monitor.progress("evaluate", total: pending.reduce(0) { $0 + $1.methods.count })
    defer { progress.finish() }
    let state = Mutex(
      (failures: [(index: Int, track: TrackName, reason: String)](), fatal: (any Error)?.none))
    monitor.cancellable {
      ParallelBlocks.run(count: pending.count, threads: lanes) {
      } process: { index, _ in
        guard !monitor.isCancelled, state.withLock({ $0.fatal == nil }) else { return }
        let (track, methods) = pending[index]
        do {
          try TrackRun(
            evaluation: self, metrics: metrics, store: store, folder: folder, threads: max(1, threads / lanes)
          ).run(track, methods, progress: progress, monitor: monitor)
        } catch is InterruptedError {
        } catch  where Self.isOfTheTrack(error) {
          monitor.warning("\(track.name.stem): \(error)")
          state.withLock { $0.failures.append((index, track.name, "\(error)")) }
          for _ in methods { progress.advance(note: "failed") }
        } catch {
          state.withLock { $0.fatal = $0.fatal ?? error }
        }
      }
    }
    let (failures, fatal) = state.withLock { ($0.failures, $0.fatal) }
    if let fatal {
      // Rows that are done must not be lost to the order of the tables.
      try? store.write()
      throw fatal
    }
    return failures.sorted { $0.index < $1.index }.map { ($0.track, $0.reason) }
  }

  /// Whether an error is about the recordings or the preset of one track; others, of a disk that is full or an
  /// encoder that cannot compute, would meet the next track too.
  private static func isOfTheTrack(_ error: any Error) -> Bool {
    switch error {
    case let error as AudioError:
      switch error {
      case .unwritable, .writeFailed: false
      default: true
      }
    case is MetricError, is ParameterError, is StyleEncoderError: true
    case let error as WorkflowError: error.code == .unsuitableRecording || error.code == .notFinite
    default: false
    }
  }

  /// The tracks of the shard.
  public var ownTracks: [EvaluationTrack] {
    (shard?.shard ?? .whole).rows(of: tracks.tracks.count).map { tracks.tracks[$0] }
  }

  /// Everything that all scores depend on, beside tracks and methods. Recordings are not among it: a shard reads
  /// its own.
  public var terms: [ShardRecord.Term] {
    [
      .init("segment length in s", "\(segmentSeconds)"),
      .init("segments at most", maximumSegments.map { "\($0)" } ?? "all"),
      .init("seed", "\(context.seed)"),
    ] + sharedInputs.map { .init($0.path, $0.sha256) }
  }
}
