import FXParams
import NumericCore
import PresetStore

extension PresetCollection {
  /// The same presets, as those of the chain that their one pattern leaves; unchanged where nothing is missing.
  ///
  /// - Throws: ``DataError`` for presets of several patterns; `path` is what it names.
  func ofOneShape(path: String) throws -> PresetCollection {
    guard patterns != nil else { return self }
    let found = rowsByPattern
    guard found.count == 1, let only = found.first else { throw DataError.varyingShape(path: path) }
    return try ofPattern(only.pattern, path: path)
  }

  /// One preset by itself, of the chain that its pattern leaves.
  func alone(row: Int, path: String) throws -> PresetCollection {
    try Self.requireRow(row, of: count, path: path)
    return try selecting(rows: [row]).ofOneShape(path: path)
  }
}
