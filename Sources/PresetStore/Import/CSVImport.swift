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
/// Values are physical, in the parameter's unit. Columns named `logit:NAME` hold logits instead, as ``CSVExport``
/// writes them; a file has one scale or the other. Numbers are decimal, with a point and perhaps an exponent;
/// hexadecimal ones are refused.
public enum CSVImport {
  static let logitPrefix = "logit:"

  /// Reads a file.
  ///
  /// - Throws: ``DataError`` naming the line and the column at fault.
  public static func read(_ path: String, chain: ChainDescription) throws -> PresetCollection {
    let table = try CSVTable(contents(ofFile: path), path: path)
    guard let header = table.records.first else {
      throw DataError(.empty, path, "\(path) is empty: give a header of parameter names and one line per preset.")
    }
    let space = chain.parameterSpace
    let columns = try Columns(
      header.fields.map { $0.trimmingCharacters(in: .whitespaces) }, space: space, path: path)
    var theta: [Double] = []
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
      for (parameter, column) in zip(space.parameters, columns.parameters) {
        let place = "Line \(record.line) of \(path)"
        theta.append(
          try logit(ofCell: record.fields[column], parameter, columns.scale, place: place, path: path))
      }
      if let column = columns.label { labels.append(record.fields[column]) }
      if let column = columns.group { groups.append(record.fields[column]) }
    }
    let count = theta.count / max(space.count, 1)
    let collection = PresetCollection(
      chain: chain, theta: Matrix(rows: count, columns: space.count, values: theta),
      labels: columns.label == nil ? nil : labels, groups: columns.group == nil ? nil : groups)
    try collection.check(path: path)
    return collection
  }

  private static func logit(
    ofCell cell: String, _ parameter: Parameter, _ scale: ValueScale, place: String, path: String
  ) throws -> Double {
    // Decimal numbers alone: Swift also reads "0x1p3", which in a table is more likely a code than a number.
    let text = cell.trimmingCharacters(in: .whitespaces)
    guard !text.utf8.contains(where: { $0 | 0x20 == UInt8(ascii: "x") }), let value = Double(text), value.isFinite
    else {
      throw DataError(
        .invalidValue, path,
        "\(place) has \(parameter.name) = \"\(cell)\", which is not a number: correct the cell.")
    }
    return try parameter.logit(of: value, scale: scale, place: place, path: path)
  }

  /// Which column holds what.
  private struct Columns {
    let scale: ValueScale
    let label: Int?
    let group: Int?
    /// A column for each parameter, in flat order.
    let parameters: [Int]

    init(_ names: [String], space: ParameterSpace, path: String) throws {
      var positions: [String: Int] = [:]
      for (column, name) in names.enumerated() {
        guard positions.updateValue(column, forKey: name) == nil else {
          throw DataError(.malformed, path, "The header of \(path) has the column \(name) twice: remove one.")
        }
      }
      let prefix = names.contains { $0.hasPrefix(logitPrefix) } ? logitPrefix : ""
      label = positions.removeValue(forKey: "label")
      group = positions.removeValue(forKey: "group")
      parameters = try space.parameters.map { parameter in
        guard let column = positions.removeValue(forKey: prefix + parameter.name) else {
          throw DataError(
            .wrongChain, path,
            "The header of \(path) has no column \(prefix + parameter.name): add it, or give the chain of these "
              + "presets."
          )
        }
        return column
      }
      if let index = positions[""] {
        throw DataError(
          .wrongChain, path,
          "Column \(index + 1) of \(path) has no name, like the index that pandas writes: leave it out "
            + "(index=False)."
        )
      }
      if let unknown = positions.min(by: { $0.value < $1.value })?.key {
        throw DataError(
          .wrongChain, path,
          "The column \(unknown) of \(path) is no parameter of the chain: remove it, or give the chain of these "
            + "presets."
        )
      }
      scale = prefix.isEmpty ? .physical : .logits
    }
  }
}

extension Parameter {
  /// The logit of a value read from a text file.
  func logit(of value: Double, scale: ValueScale, place: String, path: String) throws -> Double {
    if scale == .logits { return value }
    let bounds = bijector.bounds
    // One rounding step inside a bound is where the values of all extreme logits end up: which one is lost.
    var isAtBound = value == bounds.upperBound
    if case .sigmoid(let lower, let upper) = bijector {
      isAtBound = (lower...lower.nextUp).contains(value) || (upper.nextDown...upper).contains(value)
    }
    if !isAtBound, let logit = bijector.inverse(value) { return logit }
    let unit = unit == .one ? "" : " " + unit.rawValue
    let reason =
      isAtBound
      ? "is on its bound, where the logit is lost: move it inside, or import logits instead"
      : "must lie inside \(bounds.lowerBound) .. \(bounds.upperBound)\(unit): correct it"
    throw DataError(
      isAtBound ? .valueOnBound : .invalidValue, path, "\(place) has \(name) = \(value)\(unit), which \(reason).")
  }
}
