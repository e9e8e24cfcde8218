public import FXParams
import FileOutput
import Foundation
import NumericCore

/// Presets as JSON: a list of presets, each a list of named values with units.
///
///     [{"label": "vocal-1", "group": "song",
///       "parameters": [{"name": "peak1.gain", "value": -1.5, "unit": "dB"}, ...]}, ...]
///
/// Parameters of effects that a preset lacks are left out; where the chain has further orders of its series,
/// `order` is the number of the preset's, from 1 (the default).
///
/// Lossless files have `"unit": "logit"` throughout. The first preset of a file that a command wrote has a further
/// key, `provenance`, which readers may ignore.
public enum PresetJSON {
  static let logitUnit = "logit"

  private struct Entry: Decodable {
    var label: String?
    var group: String?
    var order: Int?
    var parameters: [Value]
  }

  private struct Output: Encodable {
    var provenance: Provenance?
    var label: String?
    var group: String?
    var order: Int?
    var parameters: [Value]
  }

  private struct Value: Codable {
    var name: String
    var value: Double
    var unit: String?
  }

  // MARK: - Export

  /// The text; numbers have the digits that read back exactly, 17 at most.
  public static func text(
    _ collection: PresetCollection, scale: ValueScale = .physical, provenance: Provenance? = nil
  ) throws -> String {
    let space = collection.chain.parameterSpace
    let hasOrders = !collection.chain.furtherOrders.isEmpty
    let entries = (0..<collection.count).map { row in
      let logits = collection.theta.row(row)
      let numbers = scale == .logits ? logits : space.values(ofLogits: logits)
      return Output(
        provenance: row == 0 ? provenance : nil, label: collection.labels?[row], group: collection.groups?[row],
        order: hasOrders ? collection.pattern(of: row).order + 1 : nil,
        parameters: zip(space.parameters, numbers).filter { !$1.isNaN }.map { parameter, number in
          Value(name: parameter.name, value: number, unit: scale == .logits ? logitUnit : parameter.unit.rawValue)
        })
    }
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
    return String(decoding: try encoder.encode(entries), as: UTF8.self) + "\n"
  }

  /// Writes the text to a file, completely or not at all.
  ///
  /// - Throws: as ``CSVExport/write(_:to:scale:overwrite:)``.
  public static func write(
    _ collection: PresetCollection, to path: String, scale: ValueScale = .physical,
    provenance: Provenance? = nil, overwrite: Bool
  ) throws {
    try collection.check(path: path)
    try CSVExport.requireCells(collection, path: path)
    let text = try text(collection, scale: scale, provenance: provenance)
    try OutputFile.write(Data(text.utf8), to: path, overwrite: overwrite)
  }

  // MARK: - Import

  /// Reads a file: every parameter of the chain once in each preset, in any order, but for all of an optional
  /// effect that it lacks; labels and groups for all or none.
  ///
  /// - Throws: ``DataError`` naming the preset, counted from 0, and the parameter at fault.
  public static func read(_ path: String, chain: ChainDescription) throws -> PresetCollection {
    let data = try contents(ofFile: path)
    let entries: [Entry]
    do { entries = try JSONDecoder().decode([Entry].self, from: data) } catch {
      throw DataError(
        .malformed, path,
        "\(path) is not a JSON list of presets with parameters of name, value and unit: see docs/file-formats.md.")
    }
    let space = chain.parameterSpace
    var shape = chain.hasVariants ? RowShape(chain, given: Set(0..<space.count), absent: []) : nil
    var patterns: [ChainPattern] = []
    let theta = try entries.enumerated().flatMap { row, entry in
      let place = "Preset \(row) of \(path)"
      let found = try logits(of: entry.parameters, space, isWhole: shape == nil, place: place, path: path)
      if shape != nil {
        let order = entry.order.map(String.init)
        patterns.append(
          try shape?.pattern(
            of: found, order: order, name: { space.names[$0] }, place: place, path: path) ?? chain.completePattern)
      }
      return found.map { $0 ?? .nan }
    }
    func all(_ texts: [String?], _ key: String) throws -> [String]? {
      let present = texts.compactMap { $0 }
      guard present.count == 0 || present.count == texts.count else {
        throw DataError(
          .malformed, path, "Only \(present.count) presets of \(path) have a \(key): give all one, or none.")
      }
      return present.isEmpty ? nil : present
    }
    var collection = PresetCollection(
      chain: chain, theta: Matrix(rows: entries.count, columns: space.count, values: theta),
      labels: try all(entries.map(\.label), "label"), groups: try all(entries.map(\.group), "group"))
    collection.setPatterns(patterns)
    try collection.check(path: path)
    return collection
  }

  /// - Parameter isWhole: whether no parameter may be left out.
  private static func logits(
    of values: [Value], _ space: ParameterSpace, isWhole: Bool, place: String, path: String
  ) throws -> [Double?] {
    var found: [String: Value] = [:]
    for value in values {
      guard space.index(of: value.name) != nil else {
        throw DataError(
          .wrongChain, path,
          "\(place) has a parameter \(value.name), which is none of the chain: give its own chain.")
      }
      guard found.updateValue(value, forKey: value.name) == nil else {
        throw DataError(.malformed, path, "\(place) has the parameter \(value.name) twice: remove one.")
      }
    }
    return try space.parameters.map { parameter -> Double? in
      guard let value = found[parameter.name] else {
        guard isWhole else { return nil }
        throw DataError(
          .wrongChain, path, "\(place) has no parameter \(parameter.name): add it, or give its own chain.")
      }
      guard value.unit == nil || value.unit == logitUnit || value.unit == parameter.unit.rawValue else {
        throw DataError(
          .invalidValue, path,
          "\(place) has \(parameter.name) in \(value.unit ?? ""), not in \(parameter.unit.rawValue): convert it.")
      }
      let scale: ValueScale = value.unit == logitUnit ? .logits : .physical
      return try parameter.logit(of: value.value, scale: scale, place: place, path: path)
    }
  }
}
