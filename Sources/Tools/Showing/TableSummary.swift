import PresetStore
import Statistics
import Workflows

/// What `priorkit show` says about a table of scores: its columns with the mean and the ends of those that hold
/// numbers. The property names are the keys of its JSON.
struct TableSummary: Encodable {
  struct Column: Encodable {
    let name: String
    /// Cells that are not empty.
    let count: Int
    let mean: Double?
    let minimum: Double?
    let median: Double?
    let maximum: Double?
  }

  let kind = "table"
  let rows: Int
  let columns: [Column]

  /// - Throws: one sentence for a table without rows.
  init(_ table: CSVTable, path: String) throws {
    guard let header = table.records.first?.fields, table.records.count > 1 else {
      throw CommandError("\(path) has no rows below its header: name a table with some.")
    }
    let records = table.records.dropFirst()
    rows = records.count
    columns = header.enumerated().map { index, name in
      let cells = records.compactMap { $0.fields.indices.contains(index) ? $0.fields[index] : nil }
        .filter { !$0.isEmpty }
      let numbers = cells.compactMap { Double($0) }.filter(\.isFinite)
      guard !numbers.isEmpty, numbers.count == cells.count else {
        return Column(name: name, count: cells.count, mean: nil, minimum: nil, median: nil, maximum: nil)
      }
      let sorted = SortedQuantiles(numbers)
      return Column(
        name: name, count: cells.count, mean: numbers.reduce(0, +) / Double(numbers.count), minimum: sorted.minimum,
        median: sorted.median, maximum: sorted.maximum)
    }
  }

  var text: String {
    var table = TextTable([
      ("column", .left), ("cells", .right), ("mean", .right), ("minimum", .right), ("median", .right),
      ("maximum", .right),
    ])
    for column in columns {
      table.append(
        [PrintableText.escaped(column.name), "\(column.count)"]
          + [column.mean, column.minimum, column.median, column.maximum].map {
            $0.map { NumberText.short($0) } ?? ""
          })
    }
    return "A table of \(rows) rows and \(columns.count) columns\n\n" + table.text
  }
}
