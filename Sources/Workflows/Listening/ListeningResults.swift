public import Evaluation
import Foundation
import PresetStore

/// The results of webMUSHRA: `mushra.csv`, a line per listener, page and sound.
public enum ListeningResults {
  /// The column that tells listeners apart, unless another is named.
  public static let usualListenerColumn = "session_uuid"

  /// Reads ratings; those of practice pages, whose id holds `train_`, are left out.
  ///
  /// - Parameters:
  ///   - path: the file.
  ///   - listenerColumn: what tells listeners apart.
  /// - Throws: `DataError` for a file that cannot be read or is none of webMUSHRA's, for a score that is not
  ///   between 0 and 100, and for a sound that a listener has rated twice on one page.
  public static func read(
    _ path: String, listenerColumn: String = usualListenerColumn
  ) throws -> ListeningRatings {
    let records = try CSVTable(path: path).records
    func malformed(_ sentence: String) -> DataError { DataError(.malformed, path, sentence) }
    let header = (records.first?.fields ?? []).map { $0.trimmingCharacters(in: .whitespaces) }
    let columns = try [listenerColumn, "trial_id", "rating_stimulus", "rating_score"].map { name in
      guard let column = header.firstIndex(of: name) else {
        throw malformed(
          "\(path) has no column \(name): name the mushra.csv of webMUSHRA, and a column that tells its listeners "
            + "apart.")
      }
      return column
    }
    var seen = Set<[String]>()
    var ratings: [ListeningRating] = []
    for record in records.dropFirst() {
      guard record.fields.count == header.count else {
        throw malformed(
          "Line \(record.line) of \(path) has \(record.fields.count) cells where the header has \(header.count): "
            + "correct it.")
      }
      let cells = columns.map { record.fields[$0] }
      guard !cells[1].contains(ListeningTestPlan.trainingPrefix) else { continue }
      guard let score = Double(cells[3]), (0...100).contains(score) else {
        throw malformed(
          "Line \(record.line) of \(path) has the score \(cells[3]), which is no number from 0 to 100: correct it.")
      }
      guard seen.insert(Array(cells.prefix(3))).inserted else {
        throw malformed(
          "Line \(record.line) of \(path) has another rating of \(cells[2]) on \(cells[1]) by \(cells[0]): "
            + "keep one."
        )
      }
      ratings.append(ListeningRating(listener: cells[0], trial: cells[1], stimulus: cells[2], score: score))
    }
    guard !ratings.isEmpty else {
      throw malformed("\(path) has no ratings but those of practice pages: wait until somebody has listened.")
    }
    return ListeningRatings(ratings)
  }
}
