import NumericCore

/// The graphical lasso: the precision matrix of the highest likelihood less a penalty on its entries off the
/// diagonal, most of which become zero, with the penalty of the highest held-out log likelihood.
///
/// The penalty is on standardised parameters.
public struct GraphicalLassoEstimator: CovarianceEstimator {
  public let name = "graphical-lasso"
  /// Penalties tried, from the largest; one alone is taken without trying.
  public let penalties: [Double]
  /// Largest mean change of an entry of the correlations in the last sweep.
  public let tolerance: Double

  public init(penalties: [Double] = [1, 0.3, 0.2, 0.14, 0.1, 0.07, 0.05, 0.035], tolerance: Double = 1e-4) {
    precondition(!penalties.isEmpty && penalties.allSatisfy { $0 > 0 }, "Penalties \(penalties)")
    self.penalties = penalties
    self.tolerance = tolerance
  }

  func covariance(of sample: CentredSample) throws -> CovarianceEstimate {
    let (scaled, deviations) = sample.standardised()
    let penalty =
      penalties.count == 1
      ? penalties[0]
      : ShrinkageSearch(scaled, foldCount: 3).best(of: penalties) { fold in
        let deviations = fold.covariance.diagonal.map { $0.squareRoot() }
        let correlations = fold.covariance.scalingBoth(by: deviations.map { 1 / $0 })
        var lasso = GraphicalLasso(correlations: correlations, penalty: penalties.min() ?? 1)
        // From weak to strong, each from the solution before it, which is feasible for the next.
        let scores = penalties.sorted().map { penalty in
          lasso.solve(penalty: penalty, tolerance: 1e-3, maximumSweeps: 8)
          return (penalty, fold.logLikelihood(lasso.covariance.scalingBoth(by: deviations)))
        }
        return penalties.map { penalty in scores.first { $0.0 == penalty }?.1 ?? -.infinity }
      }
    var lasso = GraphicalLasso(correlations: scaled.covariance, penalty: penalty)
    lasso.solve(penalty: penalty, tolerance: tolerance)
    return CovarianceEstimate(
      covariance: lasso.covariance.scalingBoth(by: deviations), hyperparameters: [.init("penalty", penalty)])
  }
}

/// Block coordinate descent on the covariance, a row and column at a time, each a lasso regression (Friedman, Hastie &
/// Tibshirani 2008, doi:10.1093/biostatistics/kxm045). The diagonal is not penalised.
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

  mutating func solve(penalty: Double, tolerance: Double, maximumSweeps: Int = 60) {
    let order = target.rows
    guard order > 1 else { return }
    for _ in 0..<maximumSweeps {
      var change = 0.0
      for variable in 0..<order { change += update(variable, penalty: penalty, tolerance: tolerance) }
      if change <= tolerance * Double(order * (order - 1)) { break }
    }
  }

  /// Regresses one variable on the others and replaces its covariances; returns the sum of their changes.
  private mutating func update(_ variable: Int, penalty: Double, tolerance: Double) -> Double {
    let order = target.rows
    var residual = target.row(variable)
    var beta = coefficients.row(variable)
    return covariance.values.withUnsafeMutableBufferPointer { matrix in
      residual.withUnsafeMutableBufferPointer { residual in
        beta.withUnsafeMutableBufferPointer { beta in
          /// residual -= change W[:, column], by the row of the symmetric matrix.
          func subtract(_ change: Double, _ column: Int) {
            for index in 0..<order { residual[index] -= change * matrix[column * order + index] }
          }
          for column in 0..<order where beta[column] != 0 { subtract(beta[column], column) }
          for _ in 0..<50 {
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
            if largest <= 0.1 * tolerance { break }
          }
          var change = 0.0
          for index in 0..<order where index != variable {
            // W beta = target - residual.
            let value = target.values[variable * order + index] - residual[index]
            change += 2 * (value - matrix[variable * order + index]).magnitude
            matrix[variable * order + index] = value
            matrix[index * order + variable] = value
          }
          for index in 0..<order { coefficients.values[variable * order + index] = beta[index] }
          return change
        }
      }
    }
  }
}
