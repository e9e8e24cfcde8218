import HDF5Store

/// What is known of presets that were retrieved from recordings, one value for each row, and of those left out.
public struct RetrievalColumns: Sendable, Equatable {
  /// The loss of each preset.
  public var losses: [Double]
  /// The median change of the loss from step to step.
  public var fluctuations: [Double]
  /// The correlation of the two recordings, aligned.
  public var correlations: [Double]
  /// What the published selection says of each: `kept`, or why it would refuse it.
  public var statuses: [String]
  /// Retrievals that have no row.
  public var refused: [Refusal]

  /// A retrieval that has no row, and why.
  public struct Refusal: Sendable, Equatable {
    /// Of the preset.
    public var name: String
    /// In half a sentence.
    public var reason: String

    /// Says why a retrieval has no row.
    public init(name: String, reason: String) { (self.name, self.reason) = (name, reason) }
  }

  /// - Precondition: the columns have one length.
  public init(
    losses: [Double], fluctuations: [Double], correlations: [Double], statuses: [String], refused: [Refusal] = []
  ) {
    precondition(
      [fluctuations.count, correlations.count, statuses.count].allSatisfy { $0 == losses.count },
      "Columns of several lengths")
    (self.losses, self.fluctuations, self.correlations) = (losses, fluctuations, correlations)
    (self.statuses, self.refused) = (statuses, refused)
  }

  /// The rows named.
  func selecting(rows: [Int]) -> RetrievalColumns {
    RetrievalColumns(
      losses: rows.map { losses[$0] }, fluctuations: rows.map { fluctuations[$0] },
      correlations: rows.map { correlations[$0] }, statuses: rows.map { statuses[$0] }, refused: refused)
  }
}

// MARK: - In files

extension HDF5Reader {
  /// The columns of a preset file; nil if it has none.
  func retrievalColumns(presets count: Int) throws -> RetrievalColumns? {
    guard contains("/retrieval_loss") else { return nil }
    func numbers(_ dataset: String) throws -> [Double] {
      let values = try doubles(dataset).values
      try DataError.checkCount(values.count, of: dataset, presets: count, path: path)
      return values
    }
    let losses = try numbers("/retrieval_loss")
    let statuses = try strings("/retrieval_status")
    try DataError.checkCount(statuses.count, of: "/retrieval_status", presets: count, path: path)
    let names = contains("/refused_names") ? try strings("/refused_names") : []
    let reasons = contains("/refused_reasons") ? try strings("/refused_reasons") : []
    guard names.count == reasons.count else {
      throw DataError(
        .wrongShape, path,
        "/refused_reasons in \(path) has \(reasons.count) entries for \(names.count) /refused_names: collect the "
          + "retrievals again.")
    }
    return RetrievalColumns(
      losses: losses, fluctuations: try numbers("/retrieval_fluctuation"),
      correlations: try numbers("/retrieval_correlation"), statuses: statuses,
      refused: zip(names, reasons).map { RetrievalColumns.Refusal(name: $0, reason: $1) })
  }
}

extension HDF5Writer {
  func write(_ columns: RetrievalColumns) throws {
    for (values, name) in [
      (columns.losses, "loss"), (columns.fluctuations, "fluctuation"), (columns.correlations, "correlation"),
    ] {
      try write(values, shape: [values.count], to: "/retrieval_\(name)")
    }
    try write(columns.statuses, to: "/retrieval_status")
    guard !columns.refused.isEmpty else { return }
    try write(columns.refused.map(\.name), to: "/refused_names")
    try write(columns.refused.map(\.reason), to: "/refused_reasons")
  }
}
