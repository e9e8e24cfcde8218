/// The assignment problem: each row gets a column of its own, at the least total cost.
///
/// By shortest augmenting paths with potentials (Jonker and Volgenant 1987, doi:10.1007/BF02278710), which is
/// exact.
public enum LinearAssignment {
  /// The column of each row.
  ///
  /// - Parameter cost: [rows, columns], with no more rows than columns; infinity forbids a pair, and NaN is not
  ///   allowed.
  /// - Returns: the columns in order of the rows; nil where every assignment has a forbidden pair.
  /// - Complexity: rows^2 columns.
  public static func columns(ofLeast cost: Matrix) -> [Int]? {
    let (rows, columns) = (cost.rows, cost.columns)
    precondition(rows <= columns, "\(rows) rows for \(columns) columns")
    // Row 0 and column 0 are the source of the paths; the others count from 1.
    var rowPotentials = [Double](repeating: 0, count: rows + 1)
    var columnPotentials = [Double](repeating: 0, count: columns + 1)
    var rowOfColumn = [Int](repeating: 0, count: columns + 1)
    var previous = rowOfColumn
    for row in 1..<rows + 1 {
      rowOfColumn[0] = row
      var column = 0
      var slack = [Double](repeating: .infinity, count: columns + 1)
      var isReached = [Bool](repeating: false, count: columns + 1)
      repeat {
        isReached[column] = true
        let current = rowOfColumn[column]
        var (step, next) = (Double.infinity, 0)
        for other in 1..<columns + 1 where !isReached[other] {
          let reduced = cost[current - 1, other - 1] - rowPotentials[current] - columnPotentials[other]
          if reduced < slack[other] { (slack[other], previous[other]) = (reduced, column) }
          if slack[other] < step { (step, next) = (slack[other], other) }
        }
        guard step < .infinity else { return nil }
        for other in 0..<columns + 1 {
          if isReached[other] {
            rowPotentials[rowOfColumn[other]] += step
            columnPotentials[other] -= step
          } else {
            slack[other] -= step
          }
        }
        column = next
      } while rowOfColumn[column] != 0
      repeat {
        rowOfColumn[column] = rowOfColumn[previous[column]]
        column = previous[column]
      } while column != 0
    }
    var result = [Int](repeating: 0, count: rows)
    for column in 1..<columns + 1 where rowOfColumn[column] != 0 { result[rowOfColumn[column] - 1] = column - 1 }
    return result
  }
}
