import FXParams
import FileOutput
import Foundation
import NumericCore

/// Export of presets as CSV, which ``CSVImport`` reads back.
public enum CSVExport {
  /// The text: a header, then one line per preset; numbers have the digits that read back exactly, 17 at most.
  ///
  /// - Parameters:
  ///   - collection: the presets; labels and groups, if it has them, become the first columns.
  ///   - scale: `physical` values, or `logits` in columns named `logit:NAME`. Only logits are lossless: a physical
  ///     value near its bound rounds, and a folded parameter keeps its value but not its logit.
  public static func text(_ collection: PresetCollection, scale: ValueScale = .physical) -> String {
    let space = collection.chain.parameterSpace
    var header = space.names.map { scale == .logits ? CSVImport.logitPrefix + $0 : $0 }
    if collection.groups != nil { header.insert("group", at: 0) }
    if collection.labels != nil { header.insert("label", at: 0) }
    var text = header.map(CSVTable.encoded).joined(separator: ",") + "\n"
    for row in 0..<collection.count {
      let cells = [collection.labels?[row], collection.groups?[row]].compactMap { $0.map(CSVTable.encoded) }
      let logits = collection.theta.row(row)
      let numbers = scale == .logits ? logits : space.values(ofLogits: logits)
      text += (cells + numbers.map { "\($0)" }).joined(separator: ",") + "\n"
    }
    return text
  }

  /// Writes the text to a file, completely or not at all.
  public static func write(
    _ collection: PresetCollection, to path: String, scale: ValueScale = .physical, overwrite: Bool
  ) throws {
    try collection.check(path: path)
    try OutputFile.write(Data(text(collection, scale: scale).utf8), to: path, overwrite: overwrite)
  }
}
