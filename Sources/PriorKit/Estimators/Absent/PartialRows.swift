import Distributions
import NumericCore

/// Checked rows of which some lack columns, sorted by what they lack, with weights whose mean is 1.
struct PartialRows {
  /// Rows that lack the same columns.
  struct Group {
    /// Ascending; empty for complete rows.
    let absent: [Int]
    /// Ascending.
    let rows: [Int]
  }

  /// Rows of positive weight, with 0 where a column is absent.
  let data: EstimationData
  /// One per row, mean 1.
  let weights: [Double]
  /// A partition of the rows, in the order of their first ones.
  let groups: [Group]

  /// [N, D].
  var rows: Matrix { data.rows }
  var count: Int { rows.rows }
  var dimension: Int { rows.columns }
  var names: [String] { data.names }
  var blocks: [[Int]] { data.blocks }
  /// How many rows lack a column.
  var incompleteCount: Int { groups.reduce(0) { $0 + ($1.absent.isEmpty ? 0 : $1.rows.count) } }

  /// The rows of data that lack columns; nil where no row of positive weight does, and estimators go their usual
  /// way.
  ///
  /// - Throws: ``PriorError`` for data that no estimator can use, and for a column that fewer than two rows have or
  ///   that does not vary among them.
  init?(lackingIn data: EstimationData) throws {
    guard data.absent != nil else { return nil }
    let data = try data.checked(acceptingAbsent: true)
    guard let absent = EstimationData.absent(data.absent) else { return nil }
    self.init(checked: data, absent: absent)
    try requireVariation()
  }

  /// Rows that were checked before.
  init(checked data: EstimationData, absent: [[Int]]) {
    var data = data
    for (row, columns) in absent.enumerated() {
      for column in columns { data.rows[row, column] = 0 }
    }
    let relative = data.relativeWeights
    let mean = relative.reduce(0, +) / Double(max(relative.count, 1))
    weights = relative.map { $0 / mean }
    data.weights = weights
    self.data = data
    var positions: [[Int]: Int] = [:]
    var members: [(absent: [Int], rows: [Int])] = []
    for (row, columns) in absent.enumerated() {
      if let position = positions[columns] {
        members[position].rows.append(row)
      } else {
        positions[columns] = members.count
        members.append((columns, [row]))
      }
    }
    groups = members.map { Group(absent: $0.absent, rows: $0.rows) }
  }

  /// Some of the rows.
  func selecting(_ indices: [Int]) -> PartialRows {
    PartialRows(
      checked: data.selecting(rows: indices), absent: data.absent.map { all in indices.map { all[$0] } } ?? [])
  }

  /// The folds in which hyper-parameters are chosen. Rows are equal where they lack the same and have the same.
  var folds: [Fold] {
    var marked = rows
    for group in groups {
      // No checked row has such an entry.
      for row in group.rows {
        for column in group.absent { marked[row, column] = .infinity }
      }
    }
    return FoldAssignment(inside: marked, origins: data.origins).folds
  }

  // MARK: - What is there

  /// The rows that have a column.
  private func rowsWith(_ column: Int) -> [Int] {
    groups.filter { !$0.absent.contains(column) }.flatMap(\.rows)
  }

  private func requireVariation() throws {
    for column in 0..<dimension {
      let present = rowsWith(column)
      guard present.count >= 2 else {
        throw PriorError.fewPresent(parameter: names[column], count: present.count)
      }
      guard present.contains(where: { rows[$0, column] != rows[present[0], column] }) else {
        throw PriorError.constantWherePresent(parameter: names[column], count: present.count)
      }
    }
  }

  /// The weighted mean and variance of every column over the rows that have it, the variance with the sum of their
  /// weights; both 0 where none has.
  func availableMoments() -> (mean: [Double], variances: [Double]) {
    var (mean, variances) = ([Double](repeating: 0, count: dimension), [Double](repeating: 0, count: dimension))
    for column in 0..<dimension {
      let present = rowsWith(column)
      let total = present.reduce(0) { $0 + weights[$1] }
      guard total > 0 else { continue }
      // The second pass takes out what the first left of rounding.
      for _ in 0..<2 {
        mean[column] += present.reduce(0) { $0 + weights[$1] * (rows[$1, column] - mean[column]) } / total
      }
      variances[column] =
        present.reduce(0) { sum, row in
          let gap = rows[row, column] - mean[column]
          return sum + weights[row] * gap * gap
        } / total
    }
    return (mean, variances)
  }

  /// The pairs of columns that no row has together, as pairs (first, second) with first < second.
  func unseenPairs() -> [(first: Int, second: Int)] {
    let present = groups.map { group in
      let absent = Set(group.absent)
      return (0..<dimension).map { !absent.contains($0) }
    }
    return (0..<dimension).flatMap { first in
      (first + 1..<max(dimension, first + 1)).filter { second in !present.contains { $0[first] && $0[second] } }
        .map { (first, $0) }
    }
  }
}
