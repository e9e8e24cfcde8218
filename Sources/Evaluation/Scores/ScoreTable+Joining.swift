// Tables of several runs, made one on which methods can be compared.

extension ScoreTable {
  // MARK: - Joining

  /// The rows of several tables, and every column that one of them has.
  ///
  /// - Parameter tables: with the names by which errors call them.
  /// - Throws: ``ScoreError`` if there is no row at all, or a method has a track twice.
  public init(joining tables: [(source: String, table: ScoreTable)]) throws(ScoreError) {
    var (columns, rows): ([ScoreMetric], [ScoreRow]) = ([], [])
    var origins: [String: [TrackName: String]] = [:]
    for (source, table) in tables {
      columns += table.metrics.filter { !columns.contains($0) }
      for row in table.rows {
        if let first = origins[row.method]?[row.track] {
          throw .repeated(method: row.method, track: row.track.stem, sources: [first, source])
        }
        origins[row.method, default: [:]][row.track] = source
      }
      rows += table.rows
    }
    guard !rows.isEmpty else { throw .noScores(sources: tables.map(\.source)) }
    self.init(metrics: columns, rows: rows)
  }

  // MARK: - Choosing

  /// Some of the methods and some of the columns, in the order in which they are named; rows are in the order of
  /// methods, then of tracks.
  ///
  /// - Parameters:
  ///   - methods: names; nil for all.
  ///   - keys: names of columns; nil for all.
  /// - Throws: ``ScoreError`` for a name that the table does not have, or has been asked for twice.
  public func selecting(methods: [String]?, metrics keys: [String]?) throws(ScoreError) -> ScoreTable {
    let methods = try Self.chosen(methods, from: self.methods, kind: "method")
    let columns = try Self.chosen(keys, from: metrics.map(\.key), kind: "metric").map { ScoreMetric(key: $0) }
    let groups = Dictionary(grouping: rows, by: \.method)
    return ScoreTable(
      metrics: columns,
      rows: methods.flatMap { method in
        (groups[method] ?? []).sorted { $0.track < $1.track }.map { row in
          ScoreRow(
            method: method, track: row.track, values: row.values.filter { columns.contains($0.key) })
        }
      })
  }

  private static func chosen(
    _ names: [String]?, from known: [String], kind: String
  ) throws(ScoreError) -> [String] {
    guard let names else { return known }
    var seen = Set<String>()
    for name in names {
      guard known.contains(name) else { throw .unknown(kind: kind, name: name, known: known) }
      guard seen.insert(name).inserted else { throw .namedTwice(kind: kind, name: name) }
    }
    return names
  }

  // MARK: - Tracks

  /// What methods were tried on.
  public var tracks: Set<TrackName> { Set(rows.map(\.track)) }

  /// The rows of tracks on which every method was tried.
  ///
  /// - Throws: ``ScoreError/noCommonTracks(counts:)``.
  public func onCommonTracks() throws(ScoreError) -> ScoreTable {
    let groups = Dictionary(grouping: rows, by: \.method).mapValues { Set($0.map(\.track)) }
    let common = groups.values.reduce(tracks) { $0.intersection($1) }
    guard !common.isEmpty else {
      throw .noCommonTracks(counts: methods.map { "\($0) on \(groups[$0]?.count ?? 0)" })
    }
    return ScoreTable(metrics: metrics, rows: rows.filter { common.contains($0.track) })
  }

  /// The numbers of one column: of each method that has any, by track.
  public func scores(of metric: ScoreMetric) -> [String: [TrackName: Double]] {
    var result: [String: [TrackName: Double]] = [:]
    for row in rows {
      if let value = row.values[metric] { result[row.method, default: [:]][row.track] = value }
    }
    return result
  }
}
