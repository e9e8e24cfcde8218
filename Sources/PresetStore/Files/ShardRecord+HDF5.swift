import HDF5Store

// The record of a shard stands in attributes of the root.

extension HDF5Writer {
  package func set(_ record: ShardRecord) throws {
    try set(record.kind.rawValue, attribute: "shard_kind")
    try set(record.index, attribute: "shard_index")
    try set(record.count, attribute: "shard_count")
    try set(record.rowCount, attribute: "shard_rows")
    try set(record.command, attribute: "shard_command")
    try set(record.terms.map(\.name), attribute: "shard_terms")
    try set(record.terms.map(\.value), attribute: "shard_values")
    try set(record.work, attribute: "shard_work")
  }
}

extension HDF5Reader {
  /// The record, or nil where the file is no shard.
  ///
  /// - Throws: ``DataError`` for one that contradicts itself, `HDF5Error`.
  package func shardRecord() throws -> ShardRecord? {
    guard let kind = try textIfPresent(attribute: "shard_kind") else { return nil }
    let names = try strings(attribute: "shard_terms")
    let values = try strings(attribute: "shard_values")
    let record = ShardRecord(
      kind: kind, index: try integer(attribute: "shard_index"), count: try integer(attribute: "shard_count"),
      rowCount: try integer(attribute: "shard_rows"), command: try text(attribute: "shard_command"),
      allTerms: zip(names, values).map { ShardRecord.Term($0, $1) }, work: try text(attribute: "shard_work"))
    guard let record, names.count == values.count else {
      throw DataError(
        .malformed, path,
        "\(path) contradicts itself about the shard that it is: run that shard again, with this version.")
    }
    return record
  }
}
