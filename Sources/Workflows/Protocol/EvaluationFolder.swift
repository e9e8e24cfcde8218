import Evaluation
import FileOutput
import Foundation
import PresetStore
import Synchronization

/// The folder that an evaluation fills: `run.json`, and tables to which a line is added as soon as a row is done.
///
/// A line is written in one piece, so that a run that is killed leaves whole lines, and at most one that is cut
/// short, which reading drops. At the end the tables are put into the order of the work.
final class EvaluationFolder: Sendable {
  /// One row of all tables.
  struct Row: Sendable {
    var score: ScoreRow
    /// The preset that the method chose [D]; nil without effects.
    var theta: [Double]?
    /// The time that it took.
    var seconds: Double
  }

  private let path: String
  private let record: EvaluationRecord
  private let parameters: [String]
  private let rows: Mutex<[Key: Row]>

  /// What a row is known by.
  struct Key: Hashable {
    let method: String
    let track: TrackName
  }

  private static let names = (run: "run.json", scores: "scores.csv", presets: "presets.csv", timings: "timings.csv")
  private static let seconds = ScoreMetric(key: "seconds")

  /// Makes the folder, or opens it to go on.
  ///
  /// - Parameters:
  ///   - path: the folder.
  ///   - record: what it is to hold.
  ///   - parameters: the names of the logits.
  ///   - isResuming: whether rows that are there are kept.
  ///   - overwrite: whether files that are there are replaced.
  /// - Throws: ``WorkflowError`` for a folder of other work, `OutputError`, `DataError` for tables that were
  /// edited.
  init(_ path: String, record: EvaluationRecord, parameters: [String], isResuming: Bool, overwrite: Bool) throws {
    self.path = path
    self.record = record
    self.parameters = parameters
    let folder = OutputFolder(path: path)
    let file = folder.file(Self.names.run)
    var found: [Key: Row] = [:]
    if isResuming, FileManager.default.fileExists(atPath: file) {
      if let difference = record.difference(from: try .read(file)) {
        throw WorkflowError(
          .unusableState, "\(path) holds an evaluation of \(difference): name another folder, or start it anew.")
      }
      found = try Self.rows(in: folder, parameters: parameters)
    } else {
      try Self.requireUsable(path, isResuming: isResuming, overwrite: overwrite)
    }
    try folder.make()
    rows = Mutex(found)
    try write()
  }

  /// Refuses a folder that holds another run, before any work is done for it.
  ///
  /// - Throws: `OutputError` naming the file that is in the way.
  static func requireUsable(_ path: String, isResuming: Bool, overwrite: Bool) throws {
    let folder = OutputFolder(path: path)
    if isResuming, FileManager.default.fileExists(atPath: folder.file(names.run)) { return }
    try folder.check([names.run, names.scores, names.presets, names.timings], overwrite: overwrite)
  }

  /// The rows that are there.
  var keys: Set<Key> { rows.withLock { Set($0.keys) } }

  /// Adds a row.
  func append(_ row: Row) throws {
    try rows.withLock { rows in
      let key = Key(method: row.score.method, track: row.score.track)
      precondition(rows[key] == nil, "\(key) is there")
      // The scores last: a row that has them is whole.
      if let theta = row.theta { try add(presetLine(key, theta), to: Self.names.presets) }
      try add(ScoreFile.line(timing(row), metrics: [Self.seconds]), to: Self.names.timings)
      try add(ScoreFile.line(row.score, metrics: TrackMetrics.all), to: Self.names.scores)
      rows[key] = row
    }
  }

  /// Puts the tables into the order of the work.
  ///
  /// - Parameter isComplete: whether every row is there that can be.
  func write(isComplete: Bool = false) throws {
    let rows = rows.withLock { $0 }
    let ordered = record.tracks.flatMap { track in
      record.methods.compactMap { method in
        rows[Key(method: method, track: TrackName(song: track.song, stem: track.stem))]
      }
    }
    let presets = ordered.compactMap { row in
      row.theta.map { presetLine(Key(method: row.score.method, track: row.score.track), $0) }
    }
    try put(
      ScoreFile.text(ScoreTable(metrics: [Self.seconds], rows: ordered.map(timing))), to: Self.names.timings)
    try put(presetHeader + presets.joined(), to: Self.names.presets)
    try put(
      ScoreFile.text(ScoreTable(metrics: TrackMetrics.all, rows: ordered.map(\.score))), to: Self.names.scores)
    var stored = record
    stored.complete = isComplete
    try put(JSONText.text(stored), to: Self.names.run)
  }

  // MARK: - Lines

  private func timing(_ row: Row) -> ScoreRow {
    ScoreRow(method: row.score.method, track: row.score.track, values: [Self.seconds: row.seconds])
  }

  private var presetHeader: String {
    CSVText.line(["model", "track_id", "stem_id"] + parameters.map { "logit:" + $0 })
  }

  private func presetLine(_ key: Key, _ theta: [Double]) -> String {
    CSVText.line([key.method, key.track.song, key.track.stem] + theta.map { String($0) })
  }

  private func put(_ text: String, to name: String) throws {
    try OutputFile.write(Data(text.utf8), to: OutputFolder(path: path).file(name), overwrite: true)
  }

  private func add(_ line: String, to name: String) throws {
    let file = OutputFolder(path: path).file(name)
    let descriptor = open(file, O_WRONLY | O_APPEND | O_CLOEXEC)
    guard descriptor >= 0 else { throw OutputError.system(errno, path: file) }
    defer { close(descriptor) }
    let bytes = Array(line.utf8)
    let count = bytes.withUnsafeBytes { Foundation.write(descriptor, $0.baseAddress, $0.count) }
    guard count == bytes.count else { throw OutputError.system(count < 0 ? errno : ENOSPC, path: file) }
  }

  // MARK: - Reading

  /// The rows that all tables have.
  private static func rows(in folder: OutputFolder, parameters: [String]) throws -> [Key: Row] {
    for name in [names.scores, names.presets, names.timings] { try dropUnfinishedLine(folder.file(name)) }
    let scores = try ScoreFile.read(folder.file(names.scores))
    let times = try ScoreFile.read(folder.file(names.timings))
    let presets = try ScoreFile.read(folder.file(names.presets))
    let expected = parameters.map { ScoreMetric(key: "logit:" + $0) }
    guard presets.metrics == expected, scores.metrics == TrackMetrics.all else {
      throw WorkflowError(
        .unusableState, "The tables in \(folder.path) have other columns than this evaluation: name another folder."
      )
    }
    func keyed(_ table: ScoreTable) -> [Key: ScoreRow] {
      Dictionary(table.rows.map { (Key(method: $0.method, track: $0.track), $0) }) { _, last in last }
    }
    let (thetas, seconds) = (keyed(presets), keyed(times))
    return Dictionary(
      uniqueKeysWithValues: scores.rows.map { score in
        let key = Key(method: score.method, track: score.track)
        let theta = thetas[key].map { row in expected.map { row.values[$0] ?? .nan } }
        return (key, Row(score: score, theta: theta, seconds: seconds[key]?.values[Self.seconds] ?? 0))
      })
  }

  /// A line that was being written when the run was killed.
  private static func dropUnfinishedLine(_ file: String) throws {
    guard var data = try? FileContents.data(ofFile: file), let last = data.last, last != 0x0A else { return }
    data.removeSubrange((data.lastIndex(of: 0x0A).map { $0 + 1 } ?? data.startIndex)...)
    try OutputFile.write(data, to: file, overwrite: true)
  }
}
