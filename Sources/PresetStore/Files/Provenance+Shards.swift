extension Provenance {
  /// The record of a whole that was put together from shards of one work: the same for any number of shards, and
  /// whenever and wherever they were computed.
  ///
  /// It has the command line of the whole work and no date. Inputs are those of all shards, by name: each shard
  /// names what its own rows were computed from.
  ///
  /// - Parameters:
  ///   - shards: their files and records, in the order of the shards; at least one.
  ///   - command: the command line of the whole work (``ShardRecord/command``).
  /// - Throws: ``DataError`` if an input of one name was not the same file for two shards.
  public init(ofShards shards: [(path: String, provenance: Provenance)], command: String) throws {
    precondition(!shards.isEmpty, "A whole of no shards")
    var digests: [String: (sha256: String, shard: String)] = [:]
    for shard in shards {
      for input in shard.provenance.inputs {
        if let known = digests[input.path], known.sha256 != input.sha256 {
          throw DataError(
            .wrongKind, shard.path,
            "\(input.path) was another file for \(shard.path) than for \(known.shard): "
              + "run the shards again with the same one.")
        }
        digests[input.path] = digests[input.path] ?? (input.sha256, shard.path)
      }
    }
    self.init(
      command: command, version: shards[0].provenance.version, date: "", seed: shards[0].provenance.seed,
      inputs: digests.sorted { $0.key < $1.key }.map { Input(path: $0.key, sha256: $0.value.sha256) })
  }
}
