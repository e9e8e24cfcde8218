import FXParams
import FileOutput
import Foundation
import NumericCore

/// Export of presets as CSV, which ``CSVImport`` reads back.
public enum CSVExport {
  /// The text: a header, then one line per preset; numbers have the digits that read back exactly, 17 at most.
  /// Cells of effects that a preset lacks are empty; where the chain has further orders, a column `order` has their
  /// numbers from 1.
  ///
  /// - Parameters:
  ///   - collection: the presets; labels and groups, if it has them, become the first columns.
  ///   - scale: `physical` values, or `logits` in columns named `logit:NAME`. Only logits are lossless: a physical
  ///     value near its bound rounds, and a folded parameter keeps its value but not its logit.
  public static func text(_ collection: PresetCollection, scale: ValueScale = .physical) -> String {
    let space = collection.chain.parameterSpace
    var header = space.names.map { scale == .logits ? CSVImport.logitPrefix + $0 : $0 }
    let hasOrders = !collection.chain.furtherOrders.isEmpty
    if hasOrders { header.insert(CSVColumns.orderTitle, at: 0) }
    if collection.groups != nil { header.insert("group", at: 0) }
    if collection.labels != nil { header.insert("label", at: 0) }
    var text = header.map(CSVTable.encoded).joined(separator: ",") + "\n"
    for row in 0..<collection.count {
      let order = hasOrders ? "\(collection.pattern(of: row).order + 1)" : nil
      let cells = [collection.labels?[row], collection.groups?[row], order].compactMap {
        $0.map(CSVTable.encoded)
      }
      let logits = collection.theta.row(row)
      let numbers = scale == .logits ? logits : space.values(ofLogits: logits)
      text += (cells + numbers.map { $0.isNaN ? "" : "\($0)" }).joined(separator: ",") + "\n"
    }
    return text
  }

  /// Writes the text to a file, completely or not at all.
  ///
  /// - Throws: ``DataError`` for presets that are not sound, and for some that lack an effect without parameters,
  ///   of which there is no cell to leave empty; `OutputError` if the file cannot be written.
  public static func write(
    _ collection: PresetCollection, to path: String, scale: ValueScale = .physical, overwrite: Bool
  ) throws {
    try collection.check(path: path)
    try requireCells(collection, path: path)
    try OutputFile.write(Data(text(collection, scale: scale).utf8), to: path, overwrite: overwrite)
  }

  /// Refuses presets whose shape a file of values would not tell.
  static func requireCells(_ collection: PresetCollection, path: String) throws {
    let chain = collection.chain
    let silent = Set(zip(chain.series, chain.slots.series).filter { $1.isEmpty }.map(\.0.name))
    guard !silent.isEmpty, let patterns = collection.patterns else { return }
    for (index, name) in chain.optionalNames.enumerated() where silent.contains(name) {
      guard let row = patterns.firstIndex(where: { !$0.present[index] }) else { continue }
      throw DataError(
        .varyingShape, path,
        "Preset \(row) lacks \(name), which has no parameters and so no value to leave out in \(path): select "
          + "presets of one shape first, or write .npz.")
    }
  }
}
