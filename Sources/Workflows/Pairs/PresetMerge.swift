import NumericCore
package import PresetStore

/// Shards of presets, put together.
package struct PresetMerge {
  private struct Part: ShardPart {
    let path: String
    let content: PresetShard
    var record: ShardRecord { content.record }
  }

  package let presets: PresetCollection
  package let provenance: Provenance

  /// Reads shards and puts their presets in the order of the whole.
  ///
  /// - Throws: ``WorkflowError`` for shards that are not those of one run or have no preset at all; `DataError` or
  ///   `HDF5Error` for a file that cannot be read.
  package init(paths: [String]) throws {
    let parts = try ShardSet.ordered(paths.map { Part(path: $0, content: try PresetShardFile.read($0)) })
    for part in parts.dropFirst() { try Self.requireAlike(part, parts[0]) }
    // Of every row of the whole: its part, and its place there.
    let places = parts.enumerated().flatMap { index, part in
      part.content.rows.enumerated().map { (row: $1, part: index, place: $0) }
    }.sorted { $0.row < $1.row }
    guard !places.isEmpty else {
      throw WorkflowError(
        .unsuitableRecording,
        "All \(parts[0].record.rowCount) rows of \(parts[0].record.command) were left out: use other recordings.")
    }
    func gathered<Value>(_ values: (PresetCollection) -> [Value]?) -> [Value]? {
      let all = parts.map { values($0.content.presets) }
      guard all[0] != nil else { return nil }
      return places.compactMap { all[$0.part]?[$0.place] }
    }
    func rows(_ matrix: (PresetCollection) -> Matrix?) -> Matrix? {
      let all = parts.map { matrix($0.content.presets) }
      guard let columns = all[0]?.columns else { return nil }
      var values: [Double] = []
      values.reserveCapacity(places.count * columns)
      for place in places {
        guard let own = all[place.part] else { continue }
        values += own.values[place.place * columns..<(place.place + 1) * columns]
      }
      return Matrix(rows: places.count, columns: columns, values: values)
    }
    let first = parts[0].content.presets
    guard let theta = rows({ $0.theta }) else { preconditionFailure("Presets without logits") }
    var presets = PresetCollection(
      chain: first.chain, theta: theta, labels: gathered(\.labels), groups: gathered(\.groups),
      features: rows(\.features), featureNames: first.featureNames, weights: gathered(\.weights))
    presets.featureRecord = first.featureRecord
    presets.canonicalisation = first.canonicalisation
    presets.adjustments = first.adjustments
    if let matrices = gathered({ $0.information?.matrices }), let errors = rows({ $0.information?.standardErrors })
    {
      presets.information = PresetInformation(
        matrices: matrices, standardErrors: errors, widths: first.information?.widths)
    }
    if let retrieval = first.retrieval, let losses = gathered({ $0.retrieval?.losses }),
      let fluctuations = gathered({ $0.retrieval?.fluctuations }),
      let correlations = gathered({ $0.retrieval?.correlations }),
      let statuses = gathered({ $0.retrieval?.statuses })
    {
      presets.retrieval = RetrievalColumns(
        losses: losses, fluctuations: fluctuations, correlations: correlations, statuses: statuses,
        refused: retrieval.refused)
    }
    self.presets = presets
    provenance = try Provenance(
      ofShards: parts.map { ($0.path, $0.content.provenance) }, command: parts[0].record.command)
  }

  /// One work gives all its shards the same chain and the same columns; files that were edited may not have them.
  private static func requireAlike(_ part: Part, _ first: Part) throws {
    let (own, other) = (part.content.presets, first.content.presets)
    guard own.chain == other.chain, own.featureNames == other.featureNames,
      own.featureRecord == other.featureRecord, own.canonicalisation == other.canonicalisation,
      own.adjustments == other.adjustments,
      (own.labels == nil) == (other.labels == nil), (own.groups == nil) == (other.groups == nil),
      (own.weights == nil) == (other.weights == nil),
      (own.information == nil) == (other.information == nil),
      own.information?.widths == other.information?.widths,
      (own.retrieval == nil) == (other.retrieval == nil), own.retrieval?.refused == other.retrieval?.refused
    else {
      throw WorkflowError(
        .wrongContents,
        "\(part.path) does not describe its presets as \(first.path) does: run that shard again.")
    }
  }
}
