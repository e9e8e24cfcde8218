import Foundation
import NumericCore

/// Parameters of pairs with what their sounds make a regression predict, in units of the regression's targets.
struct SummaryPairs {
  /// Held softly within +-``limit`` [N, D].
  private(set) var parameters: Matrix
  /// [N, D].
  private(set) var predicted: Matrix
  /// Of mean 1 in each kind of pairs.
  private(set) var weights: [Double]

  /// Deviations beyond which a summary does not follow a parameter.
  static let limit = 3.0
  /// Variance of an error at least, in these units.
  private static let leastVariance = 0.05

  init(parameters: Matrix, predicted: Matrix, weights: [Double]) {
    self.parameters = Self.held(parameters)
    (self.predicted, self.weights) = (predicted, weights)
  }

  /// Adds pairs of another kind, which count as much.
  mutating func append(parameters more: Matrix, predicted: Matrix, weights: [Double]?) {
    func stacked(_ upper: Matrix, _ lower: Matrix) -> Matrix {
      Matrix(rows: upper.rows + lower.rows, columns: upper.columns, values: upper.values + lower.values)
    }
    parameters = stacked(parameters, Self.held(more))
    self.predicted = stacked(self.predicted, predicted)
    let raw = weights ?? Array(repeating: 1, count: more.rows)
    let mean = raw.reduce(0, +) / Double(raw.count)
    self.weights += raw.map { $0 / mean }
  }

  private static func held(_ rows: Matrix) -> Matrix {
    Matrix(rows: rows.rows, columns: rows.columns, values: rows.values.map { limit * tanh($0 / limit) })
  }

  /// Columns w of the largest variance of the prediction per variance of its error, the largest first [D, K].
  func directions(_ most: Int) throws -> Matrix {
    var errors = parameters.subtracting(predicted).covariance(weights: weights)
    for index in 0..<errors.rows { errors[index, index] += Self.leastVariance }
    let factor = try Cholesky(errors)
    let white = factor.forwardSubstituted(
      factor.forwardSubstituted(predicted.covariance(weights: weights)).transposed)
    let eigen = try SymmetricEigen(white.symmetrised)
    var map = Matrix(rows: errors.rows, columns: min(errors.rows, most))
    for column in 0..<map.columns {
      var direction = eigen.vectors.column(errors.rows - 1 - column)
      factor.backSubstitute(&direction)
      for row in 0..<map.rows { map[row, column] = direction[row] }
    }
    return map
  }
}
