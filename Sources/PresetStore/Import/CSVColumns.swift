import FXParams
import Foundation

/// Which column of a table holds what.
struct CSVColumns {
  /// A column that must repeat what the chain fixes.
  struct Fixed {
    let column: Int
    let unit: ParameterUnit?
    let parameter: FixedParameter
  }

  let scale: ValueScale
  /// The header, trimmed.
  let titles: [String]
  /// A leading column as data frames write it, whose content decides what it is.
  let index: Int?
  var label: Int?
  private(set) var group: Int?
  /// Of the number of the order of the series, from 1.
  private(set) var order: Int?
  /// One for each parameter, in flat order: its column, and the unit where that is not the parameter's own (logits
  /// have none); nil for a parameter that the table leaves to its neutral value.
  private(set) var sources: [(column: Int, unit: ParameterUnit?)?]
  private(set) var fixed: [Fixed] = []
  /// What is added to the table; nil where that is nothing.
  let fill: NeutralFill?
  /// Optional effects of which the table has no column: no preset has them.
  let absent: [String]
  /// What a column of orders is called.
  static let orderTitle = "order"

  /// - Throws: ``DataError`` with a sentence for all that is wrong with the names, and one for each other fault.
  init(_ header: [String], chain: ChainDescription, map: ColumnMap?, fillsAbsentEffects: Bool, path: String) throws
  {
    titles = header.map { $0.trimmingCharacters(in: .whitespaces) }
    let first = titles.first ?? ""
    let isIndex = titles.count > 1 && Self.indexTitles.contains(first) && map?.matches(first).isEmpty != false
    index = isIndex ? 0 : nil
    try Self.requireDistinct(titles, after: index, path: path)
    let isLogits = titles.contains { $0.hasPrefix(CSVImport.logitPrefix) }
    scale = isLogits ? .logits : .physical
    let prefix = isLogits ? CSVImport.logitPrefix : ""

    var reader = ColumnReader(chain: chain, titles: titles, prefix: prefix, map: map, path: path)
    for column in titles.indices where column != index { reader.read(column) }
    reader.finish()
    (label, group, order, fixed) = (reader.label, reader.group, reader.order, reader.fixed)

    let given = Set(reader.sources.keys)
    // A table of labels alone is another table, not one of effects that are all absent.
    let left = given.isEmpty ? nil : NeutralFill(chain, given: given)
    let fill = fillsAbsentEffects ? left : nil
    let without = Set(fillsAbsentEffects ? [] : left?.absentEffects.map(\.name) ?? [])
    let optional = chain.optionalNames
    absent = optional.filter { without.contains($0) }
    let shape = ChainPattern(present: optional.map { !without.contains($0) })
    let filled = Set(fill?.positions ?? chain.absentPositions(shape))
    let names = chain.parameterSpace.names
    let missing = names.indices.filter { !given.contains($0) && !filled.contains($0) }.map { prefix + names[$0] }
    let complaint = ColumnComplaint(
      missing: missing, unknown: reader.unknown,
      known: missing + ["label", "group"] + (chain.furtherOrders.isEmpty ? [] : [Self.orderTitle])
        + names.map { prefix + $0 }, fillsAbsentEffects: fillsAbsentEffects,
      map: map?.path, others: reader.faults)
    if let error = complaint.error(path: path) { throw error }
    self.fill = filled.isEmpty ? nil : fill
    sources = names.indices.map { reader.sources[$0] }
  }

  /// How errors call a parameter: by its name, and by the title of its column where that is another.
  func name(of parameter: String, column: Int) -> String {
    let title = ColumnTitle(titles[column]).name
    return [parameter, CSVImport.logitPrefix + parameter].contains(title)
      ? parameter : "\(titles[column]) (\(parameter))"
  }

  /// What pandas and other programs call the index of a data frame.
  private static let indexTitles: Set<String> = ["", "index", "Unnamed: 0"]

  private static func requireDistinct(_ titles: [String], after index: Int?, path: String) throws {
    var seen: Set<String> = []
    for (column, title) in titles.enumerated() where column != index {
      guard !title.isEmpty else {
        throw DataError(
          .wrongChain, path, "Column \(column + 1) of \(path) has no name: name it, or leave it out.")
      }
      guard seen.insert(title).inserted else {
        throw DataError(.malformed, path, "The header of \(path) has the column \(title) twice: remove one.")
      }
    }
  }
}
