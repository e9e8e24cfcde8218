import Foundation
public import NumericCore

/// The energy distance between two samples of rows, with a permutation test of equal distributions.
///
/// E = 2 mean|x - y| - mean|x - x'| - mean|y - y'|, which is zero only for equal distributions; columns are divided
/// by the standard deviation of both samples together, so that no unit dominates.
///
/// Szekely and Rizzo, "Energy statistics: a class of statistics based on distances", Journal of Statistical
/// Planning and Inference 143 (2013), doi:10.1016/j.jspi.2013.03.018.
public struct EnergyDistance: Sendable, Hashable {
  /// E, nonnegative and without unit; 0 for equal samples.
  public let statistic: Double
  /// (1 + permutations with a distance as large) / (1 + permutations).
  public let pValue: Double

  /// - Throws: `LinearAlgebraError` if an entry is not finite.
  /// - Precondition: both have rows, and equally many columns.
  public init(
    _ first: Matrix, _ second: Matrix, permutations: Int = 199, using source: inout RandomSource
  ) throws {
    precondition(first.rows > 0 && second.rows > 0 && first.columns == second.columns, "Samples do not match")
    let count = first.rows + second.rows
    let pooled = Matrix(rows: count, columns: first.columns, values: first.values + second.values)
    let distances = try Self.distances(pooled)
    let total = distances.values.reduce(0, +)

    func energy(_ isFirst: [Bool]) -> Double {
      var (within, other) = (0.0, 0.0)
      for row in 0..<count {
        for column in 0..<row where isFirst[row] == isFirst[column] {
          if isFirst[row] { within += distances[row, column] } else { other += distances[row, column] }
        }
      }
      let (m, n) = (Double(first.rows), Double(second.rows))
      let between = total / 2 - within - other
      return 2 * between / (m * n) - 2 * within / (m * m) - 2 * other / (n * n)
    }

    var labels = (0..<count).map { $0 < first.rows }
    let observed = energy(labels)
    var asLarge = 0
    for _ in 0..<permutations {
      labels.shuffle(using: &source)
      // Rounding may part what is equal.
      if energy(labels) >= observed - 1e-12 * observed.magnitude { asLarge += 1 }
    }
    statistic = max(0, observed)
    pValue = Double(1 + asLarge) / Double(1 + permutations)
  }

  /// Euclidean distances between rows whose columns have unit variance; constant columns count for nothing.
  private static func distances(_ data: Matrix) throws -> Matrix {
    let moments = try SampleMoments(data)
    var rows = moments.centred
    for column in 0..<rows.columns {
      let deviation = (rows.column(column).reduce(0) { $0 + $1 * $1 } / Double(rows.rows)).squareRoot()
      for row in 0..<rows.rows { rows[row, column] = deviation > 0 ? rows[row, column] / deviation : 0 }
    }
    var result = rows.multiplied(by: rows, transposingOther: true)
    let norms = result.diagonal
    for row in 0..<rows.rows {
      for column in 0..<rows.rows {
        result[row, column] =
          row == column ? 0 : max(0, norms[row] + norms[column] - 2 * result[row, column]).squareRoot()
      }
    }
    return result
  }
}
