import FXParams
import HDF5Store

/// The presets of one shard, with which rows of the whole they are.
public struct PresetShard: Sendable {
  /// Which shard, of what.
  public var record: ShardRecord
  /// How its file was made.
  public var provenance: Provenance
  /// The row in the whole of each preset, ascending; a row that was left out is in no shard.
  public var rows: [Int]
  /// The presets, perhaps none.
  public var presets: PresetCollection

  /// - Precondition: a row for each preset.
  public init(record: ShardRecord, provenance: Provenance, rows: [Int], presets: PresetCollection) {
    precondition(rows.count == presets.count, "\(rows.count) rows of \(presets.count) presets")
    (self.record, self.provenance, self.rows, self.presets) = (record, provenance, rows, presets)
  }
}

/// Shards of presets on disk: HDF5 files of kind "shard" (docs/file-formats.md).
public enum PresetShardFile {
  /// - Throws: ``DataError`` as ``PresetFile/read(_:acceptsVaryingShape:)``, and for rows that are not of this
  ///   shard; `HDF5Error`.
  public static func read(_ path: String) throws -> PresetShard {
    let reader = try HDF5Reader(path: path)
    let header = try FileHeader(reader, expecting: .shard)
    guard let record = try reader.shardRecord() else {
      throw DataError(.malformed, path, "\(path) does not say which shard it is: run that shard again.")
    }
    let presets = try PresetCollection(reader, chain: header.chain)
    guard presets.patterns == nil else { throw DataError.varyingShape(path: path) }
    try presets.check(path: path, isPart: true)
    let rows = try reader.integers("/rows").values
    let isAscending = zip(rows, rows.dropFirst()).allSatisfy { $0 < $1 }
    guard rows.count == presets.count, isAscending,
      rows.allSatisfy({ (0..<record.rowCount).contains($0) && $0 % record.count == record.index - 1 })
    else {
      throw DataError(
        .malformed, path,
        "/rows in \(path) are not the rows of \(presets.count) presets of shard \(record.shardText): "
          + "run that shard again.")
    }
    try reader.requireIntact()
    return PresetShard(record: record, provenance: header.provenance, rows: rows, presets: presets)
  }

  /// Writes a shard, completely or not at all.
  ///
  /// - Throws: as ``PresetFile/write(_:to:provenance:overwrite:)``.
  public static func write(_ shard: PresetShard, to path: String, overwrite: Bool) throws {
    try shard.presets.check(path: path, isPart: true)
    try HDF5Writer.create(path, overwrite: overwrite) { writer in
      try FileHeader(kind: .shard, chain: shard.presets.chain, provenance: shard.provenance).write(to: writer)
      try writer.set(shard.record)
      try writer.write(shard.rows, shape: [shard.rows.count], to: "/rows")
      try shard.presets.write(to: writer)
    }
  }
}
