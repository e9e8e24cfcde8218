public import Evaluation
import FileOutput
import Foundation
import PresetStore

/// Scores as comma-separated values, in the layout of the published `raw_scores.csv`: `model`, `track_id`,
/// `stem_id`, then a column per metric. A cell is empty where there is no number.
public enum ScoreFile {
  private static let names = ["model", "track_id", "stem_id"]

  /// Reads a table. Where `stem_id` is missing, `track_id` is `song/stem`, as the authors' script writes it.
  ///
  /// - Throws: `DataError` for a file that cannot be read or is no such table: a column is missing, a cell is
  ///   neither empty nor a finite number, a method has a track twice.
  public static func read(_ path: String) throws -> ScoreTable {
    let records = try CSVTable(path: path).records
    func malformed(_ sentence: String) -> DataError { DataError(.malformed, path, sentence) }
    guard let header = records.first?.fields, let method = header.firstIndex(of: names[0]),
      let song = header.firstIndex(of: names[1])
    else {
      throw malformed(
        "\(path) is no table of scores: it needs the columns \(names.joined(separator: ", ")) and one per metric.")
    }
    if let twice = header.first(where: { name in header.count { $0 == name } > 1 }) {
      throw malformed("\(path) has two columns named \(twice): name each once.")
    }
    let stem = header.firstIndex(of: names[2])
    let columns = header.indices.filter { !names.contains(header[$0]) }
    let metrics = columns.map { ScoreMetric(key: header[$0]) }
    guard !columns.isEmpty else { throw malformed("\(path) has no column of scores: give it one per metric.") }
    var seen = Set<[String]>()
    let rows = try records.dropFirst().map { record in
      let fields = record.fields
      guard fields.count == header.count else {
        throw malformed(
          "Line \(record.line) of \(path) has \(fields.count) cells where the header has \(header.count): "
            + "correct it.")
      }
      let track = stem.map { TrackName(song: fields[song], stem: fields[$0]) } ?? TrackName(joined: fields[song])
      guard seen.insert([fields[method], track.song, track.stem]).inserted else {
        throw malformed(
          "Line \(record.line) of \(path) has \(fields[method]) on \(track.stem) once more: keep one of them.")
      }
      var values: [ScoreMetric: Double] = [:]
      for (column, metric) in zip(columns, metrics) where !fields[column].isEmpty {
        guard let value = Double(fields[column]), value.isFinite else {
          throw malformed(
            "Line \(record.line) of \(path) has \(fields[column]) as \(metric.key), which is no finite number: "
              + "correct it or leave the cell empty.")
        }
        values[metric] = value
      }
      return ScoreRow(method: fields[method], track: track, values: values)
    }
    return ScoreTable(metrics: metrics, rows: rows)
  }

  /// The table in the published layout, numbers in full.
  public static func text(_ table: ScoreTable) -> String {
    ([header(table.metrics)] + table.rows.map { line($0, metrics: table.metrics) }).joined()
  }

  /// The first line, with its end.
  static func header(_ metrics: [ScoreMetric]) -> String { CSVText.line(names + metrics.map(\.key)) }

  /// The line of a row, with its end.
  static func line(_ row: ScoreRow, metrics: [ScoreMetric]) -> String {
    CSVText.line(
      [row.method, row.track.song, row.track.stem]
        + metrics.map { metric in row.values[metric].map { String($0) } ?? "" })
  }
}

extension TrackName {
  /// `song/stem`, as the authors' script writes it; a name without a slash is both.
  fileprivate init(joined name: String) {
    guard let slash = name.lastIndex(of: "/") else {
      self.init(song: name, stem: name)
      return
    }
    self.init(song: String(name[..<slash]), stem: String(name[name.index(after: slash)...]))
  }
}
