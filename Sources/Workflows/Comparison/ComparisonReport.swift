import NumericCore
package import PriorKit
import Statistics

/// A comparison in words and numbers. The property names are the keys of its JSON.
package struct ComparisonReport: Encodable {
  package struct Worst: Encodable {
    package let label: String
    package let logDensity: Double
  }

  package struct Row: Encodable {
    package let family: String
    package let mean: Double?
    let standardError: Double?
    package let difference: Double?
    package let differenceStandardError: Double?
    /// The first family's mean less this one's, with the standard error of the paired differences.
    package let behindBest: Double?
    package let behindBestStandardError: Double?
    let median: Double?
    let medianDifference: Double?
    let worst: [Worst]
    /// Absent where it was not kept.
    let seconds: Double?
    let failedFits: Int
    let fits: Int
    let failure: String?
    /// In the order of the table's labels; absent where a fit failed.
    let logDensities: [Double]?
  }

  package struct Table: Encodable {
    /// `cross-validation` or `test`.
    package let kind: String
    let presets: Int
    let fits: Int
    let isGrouped: Bool
    let labels: [String]
    /// Best mean first.
    package let families: [Row]
  }

  package let baseline: String
  package let tables: [Table]
  private let order: [String]
  /// Of conditional families, one a table: whether the features help.
  package let verdicts: [ConditionalVerdict]
  /// What a reader should do, in sentences that whoever prints the report adds.
  package var conclusions: [String] = []

  private enum CodingKeys: String, CodingKey { case conclusions, baseline, tables }

  /// - Parameters:
  ///   - foldCount: how many splits of the comparison are folds; one more is the test.
  ///   - groups: of the presets, where folds keep them together.
  package init(
    _ comparison: Comparison, outcomes: [FitOutcome], foldCount: Int, baseline: String, groups: [String]?,
    labels: [String], testLabels: [String]
  ) throws {
    let allLabels = labels + testLabels
    let clusters = groups.map { $0 + testLabels.indices.map { "test \($0)" } }
    var verdicts: [ConditionalVerdict] = []
    func table(_ kind: String, _ splits: Range<Int>, clusters: [String]?) throws -> Table {
      let table = try ComparisonTable(
        comparison, outcomes: outcomes, splits: splits, baseline: baseline, clusters: clusters)
      verdicts.append(ConditionalVerdict(table, clusters: clusters))
      let own = table.presets.map { allLabels[$0] }
      let reference = table.rows.first { $0.name == baseline }?.scores
      return Table(
        kind: kind, presets: own.count, fits: splits.count, isGrouped: clusters != nil, labels: own,
        families: table.rows.map { Row($0, labels: own, reference: reference) })
    }
    self.baseline = baseline
    order = comparison.estimators.map(\.name)
    var tables: [Table] = []
    if foldCount > 0 { tables.append(try table("cross-validation", 0..<foldCount, clusters: clusters)) }
    if foldCount < comparison.splits.count {
      tables.append(try table("test", foldCount..<comparison.splits.count, clusters: nil))
    }
    self.tables = tables
    self.verdicts = verdicts
  }

  /// Throws if no family could be scored.
  package func requireAnySuccess() throws {
    let rows = tables.flatMap(\.families)
    guard rows.allSatisfy({ $0.mean == nil }) else { return }
    throw ComparisonError.allFailed(reason: rows.compactMap(\.failure).first ?? "no reason was given")
  }

  // MARK: - Text

  package var text: String {
    (tables.map(text(of:)) + (conclusions.isEmpty ? [] : [conclusions.joined(separator: "\n") + "\n"]))
      .joined(separator: "\n")
  }

  private func text(of table: Table) -> String {
    var text =
      table.kind == "test"
      ? "Fitted to all presets, scored on \(table.presets) test presets"
      : "\(table.presets) presets in \(table.fits) \(table.isGrouped ? "folds by group" : "random folds")"
    text += ": held-out log density per preset, in nats\n\n"
    var columns = TextTable([
      ("family", .left), ("mean", .right), ("s.e.", .right), ("less \(baseline)", .right), ("s.e.", .right),
      ("median", .right), ("median less", .right), ("fits, s", .right), ("worst presets", .left),
    ])
    for row in table.families where row.mean != nil {
      let numbers = [row.mean, row.standardError, row.difference, row.differenceStandardError, row.median]
      let worst = row.worst.map { "\(PrintableText.escaped($0.label)) (\(Self.nats($0.logDensity)))" }.joined(
        separator: ", ")
      columns.append(
        [row.family] + (numbers + [row.medianDifference]).map { $0.map(Self.nats) ?? "-" }
          + [row.seconds.map { NumberText.short($0, digits: 2) } ?? "-", worst])
    }
    text += columns.text
    for row in table.families {
      guard let failure = row.failure else { continue }
      text += "\(row.family) failed in \(row.failedFits) of \(row.fits) fits: \(failure)\n"
    }
    return text
  }

  /// One decimal, which is what a standard error of several nats leaves.
  private static func nats(_ value: Double) -> String {
    let rounded = (value * 10).rounded() / 10
    return rounded.magnitude < 1e7 ? "\(rounded == 0 ? 0 : rounded)" : NumberText.short(value)
  }

  /// The table for people, then its numbers in full.
  package var evidence: String {
    var text = self.text + "\nfamily,mean,standard_error,difference,difference_standard_error,median\n"
    for row in tables.flatMap(\.families) where row.mean != nil {
      let numbers = [row.mean, row.standardError, row.difference, row.differenceStandardError, row.median]
      text +=
        ([CSVText.field(row.family)] + numbers.map { $0.map(NumberText.full) ?? "" }).joined(separator: ",") + "\n"
    }
    return text
  }

  // MARK: - CSV

  /// A row per preset, a column per family in the order they were named; a family that failed has empty cells.
  package var csv: String {
    var text = (["set", "label"] + order).map(CSVText.field).joined(separator: ",") + "\n"
    for table in tables {
      let scores = Dictionary(uniqueKeysWithValues: table.families.map { ($0.family, $0.logDensities) })
      for (index, label) in table.labels.enumerated() {
        let cells = order.map { name in scores[name].flatMap { $0?[index] }.map(NumberText.full) ?? "" }
        text += ([table.kind, CSVText.field(label)] + cells).joined(separator: ",") + "\n"
      }
    }
    return text
  }
}

extension ComparisonReport.Row {
  init(_ row: ComparisonTable.Row, labels: [String], reference: [Double]?) {
    family = row.name
    mean = row.mean?.mean
    standardError = row.mean?.standardError
    difference = row.difference?.mean
    differenceStandardError = row.difference?.standardError
    behindBest = row.behindBest?.mean
    behindBestStandardError = row.behindBest?.standardError
    median = row.median
    medianDifference = row.scores.flatMap { own in
      reference.map { SortedQuantiles(zip(own, $0).map(-)).median }
    }
    worst = row.worst.compactMap { index in
      row.scores.map { ComparisonReport.Worst(label: labels[index], logDensity: $0[index]) }
    }
    seconds = row.seconds
    failedFits = row.failure?.count ?? 0
    fits = row.failure?.of ?? 0
    failure = row.failure?.reason
    logDensities = row.scores
  }
}
