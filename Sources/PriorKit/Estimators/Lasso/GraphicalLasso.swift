import NumericCore

/// Block coordinate descent on the covariance, one row and column at a time, each a lasso regression (Friedman,
/// Hastie & Tibshirani 2008, doi:10.1093/biostatistics/kxm045). The diagonal is not penalised.
struct GraphicalLasso {
  /// The estimate so far, positive definite at every step.
  private(set) var covariance: Matrix
  private let target: Matrix
  /// Row j: the regression of variable j on the others.
  private var coefficients: Matrix

  /// Starts from correlations shrunk as far as the penalty lets them move: positive definite, and inside the box
  /// |W - S| <= penalty of the dual problem, where every step keeps the estimate positive definite.
  init(correlations: Matrix, penalty: Double) {
    target = correlations
    covariance = correlations
    for row in 0..<covariance.rows {
      for column in 0..<covariance.columns where row != column { covariance[row, column] *= 1 - min(penalty, 1) }
    }
    coefficients = Matrix(rows: correlations.rows, columns: correlations.columns)
  }

  /// Sweeps over all variables until the duality gap is small enough.
  ///
  /// - Parameter tolerance: of the gap, in nats per row.
  /// - Returns: the gap.
  mutating func solve(penalty: Double, tolerance: Double, maximumSweeps: Int) -> Double {
    let order = target.rows
    var gap = dualityGap(penalty: penalty)
    guard order > 1 else { return gap }
    for _ in 0..<maximumSweeps where gap > tolerance {
      // The regressions are solved to a fraction of what the gap allows an entry.
      let precision = min(1e-3, 0.1 * max(tolerance, 0.01 * gap) / Double(order))
      for variable in 0..<order { update(variable, penalty: penalty, tolerance: precision) }
      gap = dualityGap(penalty: penalty)
    }
    return gap
  }

  /// How far the likelihood can be from its penalised maximum, in nats per row: half of
  /// tr(S P) + penalty sum_{i != j} |P_ij| - D at P = W^-1.
  ///
  /// W keeps |W - S| <= penalty off the diagonal and is a feasible point of the dual problem, maximise log det W; P
  /// is one of the primal, and their determinants cancel (Banerjee, El Ghaoui & d'Aspremont 2008,
  /// https://www.jmlr.org/papers/v9/banerjee08a.html).
  private func dualityGap(penalty: Double) -> Double {
    // Rounding may take the estimate to the edge of the definite matrices, where nothing is known.
    guard let precision = (try? Cholesky(covariance))?.inverse() else { return .infinity }
    var sum = -Double(target.rows)
    for row in 0..<target.rows {
      for column in 0..<target.columns {
        let entry = precision[row, column]
        sum += target[row, column] * entry + (row == column ? 0 : penalty * entry.magnitude)
      }
    }
    return 0.5 * sum
  }

  /// Regresses one variable on the others and replaces its covariances.
  ///
  /// - Parameter tolerance: of the coefficients.
  private mutating func update(_ variable: Int, penalty: Double, tolerance: Double) {
    let order = target.rows
    var residual = target.row(variable)
    var beta = coefficients.row(variable)
    covariance.values.withUnsafeMutableBufferPointer { matrix in
      residual.withUnsafeMutableBufferPointer { residual in
        beta.withUnsafeMutableBufferPointer { beta in
          /// residual -= change W[:, column], by the row of the symmetric matrix.
          func subtract(_ change: Double, _ column: Int) {
            for index in 0..<order { residual[index] -= change * matrix[column * order + index] }
          }
          for column in 0..<order where beta[column] != 0 { subtract(beta[column], column) }
          for _ in 0..<1000 {
            var largest = 0.0
            for column in 0..<order where column != variable {
              let variance = matrix[column * order + column]
              let gradient = residual[column] + variance * beta[column]
              let shrunk = max(gradient.magnitude - penalty, 0) / variance
              let updated = gradient < 0 ? -shrunk : shrunk
              let change = updated - beta[column]
              guard change != 0 else { continue }
              beta[column] = updated
              subtract(change, column)
              largest = max(largest, change.magnitude)
            }
            if largest <= tolerance { break }
          }
          for index in 0..<order where index != variable {
            // W beta = target - residual, inside the box but for the tolerance of the regression.
            let least = target.values[variable * order + index] - penalty
            let value = min(
              max(target.values[variable * order + index] - residual[index], least), least + 2 * penalty)
            matrix[variable * order + index] = value
            matrix[index * order + variable] = value
          }
          for index in 0..<order { coefficients.values[variable * order + index] = beta[index] }
        }
      }
    }
  }
}
