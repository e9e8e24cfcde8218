public import FXParams
import Foundation
import NumericCore

/// The scale of the parameter values in a text file.
public enum ValueScale: String, Sendable, CaseIterable {
  /// Constrained values in the parameter's unit.
  case physical
  /// Unconstrained numbers, without loss.
  case logits
}

/// Import of presets from CSV: a header of parameter names in any order, optionally `label` and `group`, and one
/// line per preset.
///
/// Values are physical, in the parameter's unit or in the one that follows its name, as in
/// `compressor.attack_coefficient [ms]` (`ParameterUnit`). Columns named `logit:NAME` hold logits instead, as
/// ``CSVExport`` writes them; a file has one scale or the other. Numbers are decimal, perhaps with an exponent;
/// hexadecimal ones are refused. A leading column without a name, or named `index` or `Unnamed: 0`, is the index of
/// a data frame: it holds the labels if nothing else does and it is not of whole numbers; otherwise it is left out.
///
/// An optional effect whose cells are all empty is absent in that preset; one without any column is absent in all.
/// A column `order` says which order of the series a preset has, from 1; an empty cell is the first.
public enum CSVImport {
  static let logitPrefix = "logit:"

  /// How a table is read.
  public struct Options: Sendable, Hashable {
    /// What separates the cells; nil to go by the header: semicolons or tabs where it has no comma.
    public var separator: CSVSeparator?
    /// What decimal numbers have.
    public var decimalMark: DecimalMark
    /// Whether effects of which the table has no column get their neutral values (`NeutralFill`).
    public var fillsAbsentEffects: Bool
    /// What columns with names of their own hold; nil where they are named after parameters.
    public var columnMap: ColumnMap?
    /// What is done about values on bounds and about rounding.
    public var treatment: ValueTreatment

    public init(
      separator: CSVSeparator? = nil, decimalMark: DecimalMark = .point, fillsAbsentEffects: Bool = false,
      columnMap: ColumnMap? = nil, treatment: ValueTreatment = ValueTreatment()
    ) {
      self.separator = separator
      self.decimalMark = decimalMark
      self.fillsAbsentEffects = fillsAbsentEffects
      self.columnMap = columnMap
      self.treatment = treatment
    }
  }

  /// Reads a file.
  ///
  /// - Parameters:
  ///   - path: of the table.
  ///   - chain: the chain that the presets are of; theirs has wider ranges where the options say so.
  ///   - options: how the table is read.
  ///   - remark: told, in a line each, what was found, added and changed: separators, an index, neutral values,
  ///     values on bounds.
  /// - Throws: ``DataError`` naming the line and the column at fault.
  public static func read(
    _ path: String, chain: ChainDescription, options: Options = Options(), remark: (String) -> Void = { _ in }
  ) throws -> PresetCollection {
    let table = try CSVTable(contents(ofFile: path), path: path, separator: options.separator)
    guard let header = table.records.first else {
      throw DataError(.empty, path, "\(path) is empty: give a header of parameter names and one line per preset.")
    }
    if options.separator == nil, table.separator != .comma {
      remark("\(path): cells are separated by \(table.separator.words)")
    }
    var columns = try CSVColumns(
      header.fields, chain: chain, map: options.columnMap, fillsAbsentEffects: options.fillsAbsentEffects,
      path: path)
    if let index = columns.index {
      let isLabel = columns.label == nil && !table.records.dropFirst().allSatisfy { $0.isWhole(index) }
      if isLabel { columns.label = index }
      remark("\(path): the first column, an index, is \(isLabel ? "taken for the labels" : "left out")")
    }
    if !columns.absent.isEmpty {
      remark("\(path): absent in every preset, for want of columns: \(columns.absent.joined(separator: ", "))")
    }
    if let fill = columns.fill { remark("\(path): filled with neutral values: \(fill.words(for: chain))") }

    let parameters = chain.parameterSpace.parameters
    var numbers = PresetNumbers(
      chain: chain,
      columns: zip(parameters, columns.sources).map { parameter, source in
        .init(
          name: source.map { columns.name(of: parameter.name, column: $0.column) } ?? parameter.name,
          unit: source?.unit)
      }, scale: columns.scale, path: path)
    var shape = RowShape(chain, columns: columns)
    var labels: [String] = []
    var groups: [String] = []
    for record in table.records.dropFirst() {
      guard record.fields.count == header.fields.count else {
        throw DataError(
          .wrongShape, path,
          "Line \(record.line) of \(path) has \(record.fields.count) cells but the header has "
            + "\(header.fields.count): "
            + "complete it.")
      }
      let place = CellPlace(line: record.line, path: path)
      let row = try zip(columns.sources, numbers.columns).map { source, column -> Double? in
        guard let source, !record.isEmpty(source.column) else { return nil }
        return try Self.number(record.fields[source.column], column.name, options.decimalMark, place)
      }
      let pattern = try shape.pattern(
        of: row, order: columns.order.map { record.fields[$0] }, name: { numbers.columns[$0].name },
        place: place.text, path: path)
      numbers.append(row, pattern: pattern, place: place.text)
      for fixed in columns.fixed {
        if record.isEmpty(fixed.column), shape.isAbsent(fixed.parameter.name, in: pattern) { continue }
        let name = columns.name(of: fixed.parameter.name, column: fixed.column)
        let number = try Self.number(record.fields[fixed.column], name, options.decimalMark, place)
        try fixed.check(number, title: columns.titles[fixed.column], place: place.text, path: path)
      }
      if let column = columns.label { labels.append(record.fields[column]) }
      if let column = columns.group { groups.append(record.fields[column]) }
    }
    return try numbers.collection(
      options.treatment, labels: columns.label == nil ? nil : labels, groups: columns.group == nil ? nil : groups,
      remark: remark)
  }

  // MARK: - Cells

  private struct CellPlace {
    let line: Int
    let path: String

    var text: String { "Line \(line) of \(path)" }
  }

  private static func number(
    _ cell: String, _ name: String, _ mark: DecimalMark, _ place: CellPlace
  ) throws -> Double {
    func refuse(_ reason: String, _ code: DataError.Code = .invalidValue) -> DataError {
      DataError(code, place.path, "\(place.text) has \(name) = \"\(cell)\", \(reason).")
    }
    let text = cell.trimmingCharacters(in: .whitespaces)
    // Only for cells that need it: most tables have points, and many cells.
    func withPoint() -> Double? { decimal(text.replacingOccurrences(of: ",", with: ".")) }
    switch mark {
    case .point:
      if let value = decimal(text) { return value }
      guard withPoint() != nil else { throw refuse("which is not a number: correct the cell") }
      throw refuse(
        "with a decimal comma: write points, or have commas read as decimal marks", .decimalComma)
    case .comma:
      guard !text.contains(".") else {
        throw refuse("with a point where decimal numbers have commas: correct the cell")
      }
      guard let value = withPoint() else { throw refuse("which is not a number: correct the cell") }
      return value
    }
  }

  /// Decimal numbers alone: Swift also reads "0x1p3", which in a table is more likely a code than a number.
  private static func decimal(_ text: String) -> Double? {
    guard !text.utf8.contains(where: { $0 | 0x20 == UInt8(ascii: "x") }), let value = Double(text) else {
      return nil
    }
    return value.isFinite ? value : nil
  }
}

extension CSVColumns.Fixed {
  /// Units are converted with rounding.
  private static let tolerance = 1e-9

  /// Refuses a value that differs from the one that the chain fixes.
  fileprivate func check(_ number: Double, title: String, place: String, path: String) throws {
    let value = unit?.value(of: number) ?? number
    guard abs(value - parameter.value) > Self.tolerance * abs(parameter.value) else { return }
    let symbol = unit.map(\.symbol).flatMap { $0.isEmpty ? nil : $0 } ?? parameter.unit.rawValue
    throw DataError(
      .invalidValue, path,
      "\(place) has \(title) = \(number)\(symbol == Unit.one.rawValue ? "" : " " + symbol), but the chain fixes "
        + "\(parameter.description): correct the cell, or give a chain with that value or a range in its place.")
  }
}

extension CSVTable.Record {
  /// Whether a cell has nothing but spaces.
  fileprivate func isEmpty(_ column: Int) -> Bool {
    fields[column].utf8.allSatisfy { $0 == 0x20 || $0 == 0x09 }
  }

  /// Whether a cell is a whole number, as in an index that counts.
  fileprivate func isWhole(_ column: Int) -> Bool {
    guard column < fields.count else { return true }
    return Double(fields[column].trimmingCharacters(in: .whitespaces)).map { $0 == $0.rounded() } ?? false
  }
}

extension Parameter {
  /// The logit of a number read from a text file.
  ///
  /// - Parameters:
  ///   - given: the unit that the number is in; nil for the parameter's own.
  ///   - name: what errors call the parameter; nil for its own name.
  func logit(
    of number: Double, in given: ParameterUnit? = nil, scale: ValueScale, name title: String? = nil, place: String,
    path: String
  ) throws -> Double {
    if scale == .logits { return number }
    let value = given?.value(of: number) ?? number
    let bounds = bijector.bounds
    // One rounding step inside a bound is where the values of all extreme logits end up: which one is lost.
    var isAtBound = value == bounds.upperBound
    if case .sigmoid(let lower, let upper) = bijector {
      isAtBound = (lower...lower.nextUp).contains(value) || (upper.nextDown...upper).contains(value)
    }
    if !isAtBound, let logit = bijector.inverse(value) { return logit }
    let symbol = given.map(\.symbol).flatMap { $0.isEmpty ? nil : $0 } ?? unit.rawValue
    let suffix = symbol == Unit.one.rawValue ? "" : " " + symbol
    let ends = [bounds.lowerBound, bounds.upperBound].map { given?.number(of: $0) ?? $0 }.sorted()
    let reason =
      isAtBound
      ? "is on its bound, where the logit is lost: move it inside, or import logits instead"
      : "must lie inside \(ends[0]) .. \(ends[1])\(suffix): correct it, or give a chain with a wider range"
    throw DataError(
      isAtBound ? .valueOnBound : .invalidValue, path,
      "\(place) has \(title ?? name) = \(number)\(suffix), which \(reason).")
  }
}
