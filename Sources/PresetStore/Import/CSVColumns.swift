import FXParams
import Foundation

/// Which column of a table holds what.
struct CSVColumns {
  /// Where the logits of a parameter come from.
  enum Source {
    /// A column, in the parameter's own unit or in another; logits have none.
    case column(Int, unit: ParameterUnit?)
    /// The table has no column of the effect.
    case neutral(logit: Double)
  }

  let scale: ValueScale
  /// A leading column as data frames write it, whose content decides what it is.
  let index: Int?
  var label: Int?
  private(set) var group: Int?
  /// One for each parameter, in flat order.
  let sources: [Source]
  /// What is added to the table; nil where that is nothing.
  let fill: NeutralFill?

  /// - Throws: ``DataError`` for columns that are missing, unknown or given twice.
  init(_ header: [String], chain: ChainDescription, fillsAbsentEffects: Bool, path: String) throws {
    let titles = header.map { $0.trimmingCharacters(in: .whitespaces) }
    index = titles.count > 1 && Self.indexTitles.contains(titles[0]) ? 0 : nil
    try Self.requireDistinct(titles, after: index, path: path)
    let isLogits = titles.contains { $0.hasPrefix(CSVImport.logitPrefix) }
    scale = isLogits ? .logits : .physical
    let prefix = isLogits ? CSVImport.logitPrefix : ""

    let descriptions = chain.parameterDescriptions
    let space = chain.parameterSpace
    var columns: [Int: (column: Int, unit: ParameterUnit?)] = [:]
    var unknown: [String] = []
    for (column, title) in titles.enumerated() where column != index {
      if title == "label" {
        label = column
        continue
      }
      if title == "group" {
        group = column
        continue
      }
      let parts = Title(title)
      guard parts.name.hasPrefix(prefix), let position = space.index(of: String(parts.name.dropFirst(prefix.count)))
      else {
        unknown.append(title)
        continue
      }
      let unit = try parts.unit.map { symbol in
        try Self.unit(symbol, of: descriptions[position], isLogits: isLogits, title: title, path: path)
      }
      if let other = columns.updateValue((column, unit), forKey: position) {
        throw DataError(
          .malformed, path,
          "The header of \(path) has the columns \(titles[other.column]) and \(title), which are one parameter: "
            + "remove one.")
      }
    }

    let given = Set(columns.keys)
    // A table of labels alone is another table, not one of effects that are all absent.
    let fill = fillsAbsentEffects && !given.isEmpty ? NeutralFill(chain, given: given) : nil
    let filled = Set(fill?.positions ?? [])
    let missing = space.names.indices.filter { !given.contains($0) && !filled.contains($0) }
    let complaint = ColumnComplaint(
      missing: missing.map { prefix + space.names[$0] }, unknown: unknown,
      known: missing.map { prefix + space.names[$0] } + ["label", "group"] + space.names.map { prefix + $0 },
      fillsAbsentEffects: fillsAbsentEffects)
    if let error = complaint.error(path: path) { throw error }
    self.fill = filled.isEmpty ? nil : fill
    sources = descriptions.enumerated().map { position, description in
      if let (column, unit) = columns[position] { return .column(column, unit: unit) }
      let logit = description.parameter.bijector.inverse(description.neutral)
      precondition(logit != nil, "\(description.parameter.name) has no logit at \(description.neutral)")
      return .neutral(logit: logit ?? 0)
    }
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

  private static func unit(
    _ symbol: String, of description: ParameterDescription, isLogits: Bool, title: String, path: String
  ) throws -> ParameterUnit {
    if !isLogits, !symbol.isEmpty, let unit = description.unit(symbol) { return unit }
    let known = isLogits ? [] : description.unitSymbols
    throw DataError(
      .malformed, path,
      "The column \(title) of \(path) is in a unit that \(isLogits ? "logits do" : "the parameter does") not have: "
        + (known.isEmpty ? "leave the unit out." : "give it in \(ColumnComplaint.list(known, "or"))."))
  }
}

/// The title of a column: `NAME`, `NAME [UNIT]` or `NAME (UNIT)`.
private struct Title {
  let name: String
  let unit: String?

  init(_ title: String) {
    let brackets: [Character: Character] = ["]": "[", ")": "("]
    guard let opening = title.last.flatMap({ brackets[$0] }), let start = title.firstIndex(of: opening) else {
      (name, unit) = (title, nil)
      return
    }
    name = title[..<start].trimmingCharacters(in: .whitespaces)
    unit = title[title.index(after: start)...].dropLast().trimmingCharacters(in: .whitespaces)
  }
}
