public import NumericCore

/// Spearman's rank correlation: Pearson's correlation of ranks, where ties share their mean rank.
///
/// Spearman, "The proof and measurement of association between two things", American Journal of Psychology 15
/// (1904), doi:10.2307/1412159.
public enum SpearmanCorrelation {
  /// The matrix [columns, columns] of rank correlations; those with a constant column are 0.
  ///
  /// - Throws: `LinearAlgebraError.notFinite(row:column:value:)`.
  public static func matrix(_ data: Matrix) throws -> Matrix {
    try data.requireFinite()
    guard data.rows > 1 else { return .identity(data.columns) }
    var scores = Matrix(rows: data.rows, columns: data.columns)
    for column in 0..<data.columns {
      let ranks = Self.ranks(data.column(column))
      let middle = Double(data.rows + 1) / 2
      let norm = ranks.reduce(0) { $0 + ($1 - middle) * ($1 - middle) }.squareRoot()
      guard norm > 0 else { continue }
      for row in 0..<data.rows { scores[row, column] = (ranks[row] - middle) / norm }
    }
    var result = scores.gram()
    for index in 0..<data.columns { result[index, index] = 1 }
    return result
  }

  /// The rank correlation of two columns of equal length.
  public static func coefficient(_ first: [Double], _ second: [Double]) throws -> Double {
    precondition(first.count == second.count, "Ranks of \(first.count) and \(second.count) values")
    return try matrix(Matrix(rows: zip(first, second).map { [$0, $1] }))[0, 1]
  }

  /// Ranks from 1; equal values share the mean of theirs.
  package static func ranks(_ values: [Double]) -> [Double] {
    let order = values.indices.sorted { values[$0] < values[$1] }
    var ranks = [Double](repeating: 0, count: values.count)
    var start = 0
    while start < order.count {
      var end = start + 1
      while end < order.count, values[order[end]] == values[order[start]] { end += 1 }
      for position in start..<end { ranks[order[position]] = Double(start + 1 + end) / 2 }
      start = end
    }
    return ranks
  }
}
