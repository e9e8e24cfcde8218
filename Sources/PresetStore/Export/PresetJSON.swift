public import FXParams
import FileOutput
import Foundation
import NumericCore

/// Presets as JSON: a list of presets, each a list of named values with units.
///
///     [{"label": "vocal-1", "group": "song",
///       "parameters": [{"name": "peak1.gain", "value": -1.5, "unit": "dB"}, ...]}, ...]
///
/// Lossless files have `"unit": "logit"` throughout. The first preset of a file that a command wrote has a further
/// key, `provenance`, which readers may ignore.
public enum PresetJSON {
  static let logitUnit = "logit"

  private struct Entry: Decodable {
    var label: String?
    var group: String?
    var parameters: [Value]
  }

  private struct Output: Encodable {
    var provenance: Provenance?
    var label: String?
    var group: String?
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
    let entries = (0..<collection.count).map { row in
      let logits = collection.theta.row(row)
      let numbers = scale == .logits ? logits : space.values(ofLogits: logits)
      return Output(
        provenance: row == 0 ? provenance : nil, label: collection.labels?[row], group: collection.groups?[row],
        parameters: zip(space.parameters, numbers).map { parameter, number in
          Value(name: parameter.name, value: number, unit: scale == .logits ? logitUnit : parameter.unit.rawValue)
        })
    }
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
    return String(decoding: try encoder.encode(entries), as: UTF8.self) + "\n"
  }

  /// Writes the text to a file, completely or not at all.
  public static func write(
    _ collection: PresetCollection, to path: String, scale: ValueScale = .physical,
    provenance: Provenance? = nil, overwrite: Bool
  ) throws {
    try collection.check(path: path)
    let text = try text(collection, scale: scale, provenance: provenance)
    try OutputFile.write(Data(text.utf8), to: path, overwrite: overwrite)
  }

  // MARK: - Import

  /// Reads a file: every parameter of the chain once in each preset, in any order; labels and groups for all or
  /// none.
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
    let theta = try entries.enumerated().flatMap { row, entry in
      try logits(of: entry.parameters, space, place: "Preset \(row) of \(path)", path: path)
    }
    func all(_ texts: [String?], _ key: String) throws -> [String]? {
      let present = texts.compactMap { $0 }
      guard present.count == 0 || present.count == texts.count else {
        throw DataError(
          .malformed, path, "Only \(present.count) presets of \(path) have a \(key): give all one, or none.")
      }
      return present.isEmpty ? nil : present
    }
    let collection = PresetCollection(
      chain: chain, theta: Matrix(rows: entries.count, columns: space.count, values: theta),
      labels: try all(entries.map(\.label), "label"), groups: try all(entries.map(\.group), "group"))
    try collection.check(path: path)
    return collection
  }

  private static func logits(
    of values: [Value], _ space: ParameterSpace, place: String, path: String
  ) throws -> [Double] {
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
    return try space.parameters.map { parameter in
      guard let value = found[parameter.name] else {
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
