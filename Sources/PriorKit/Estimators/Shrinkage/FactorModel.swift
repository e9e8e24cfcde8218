import Foundation
import NumericCore

/// The covariance of a few common factors and noise of its own for each parameter: loadings loadings^T +
/// diag(uniquenesses).
struct FactorModel {
  /// [D, k].
  var loadings: Matrix
  /// [D], positive.
  var uniquenesses: [Double]

  var covariance: Matrix {
    var result = loadings.multiplied(by: loadings, transposingOther: true).symmetrised
    for index in uniquenesses.indices { result[index, index] += uniquenesses[index] }
    return result
  }

  /// When EM stops.
  struct Stopping {
    /// Least gain of the log likelihood per row and iteration, in nats.
    var tolerance = 1e-3
    var maximumIterations = 300
    /// Least uniqueness, as a share of the variance: without it EM can run into a parameter that the factors
    /// determine (a Heywood case), where the density has no bound.
    var smallestUniqueness = 1e-3

    /// Enough to rank models by.
    static var search: Self { Self(tolerance: 1e-2, maximumIterations: 40) }
    /// A number of iterations that does not depend on the data, so that the model is a smooth function of them: for
    /// iterations around this one.
    static var fixed: Self {
      Self(tolerance: -.infinity, maximumIterations: 40, smallestUniqueness: 0.005)
    }
  }

  /// The maximum of the likelihood by EM (Rubin & Thayer 1982, doi:10.1007/BF02293851), from the best loadings for
  /// half the variance in every uniqueness.
  ///
  /// - Complexity: 2 k D^2 operations per iteration.
  init(_ covariance: Matrix, factors: Int, stopping: Stopping = Stopping()) throws {
    let variances = covariance.diagonal
    uniquenesses = variances.map { 0.5 * $0 }
    loadings = try Self.loadings(covariance, uniquenesses: uniquenesses, factors: factors)
    guard factors > 0 else {
      uniquenesses = variances
      return
    }
    var last = -Double.infinity
    for _ in 0..<stopping.maximumIterations {
      let likelihood = try step(covariance, variances: variances, floor: stopping.smallestUniqueness)
      if likelihood - last < stopping.tolerance { break }
      last = likelihood
    }
  }

  /// One iteration of EM; returns the log likelihood per row before it, without its constant.
  private mutating func step(_ covariance: Matrix, variances: [Double], floor: Double) throws -> Double {
    let factors = loadings.columns
    let precisions = uniquenesses.map { 1 / $0 }
    let weighted = loadings.scalingRows(by: precisions)
    // M = I + L^T Psi^-1 L, so that the inverse of the model covariance needs k x k matrices only (Woodbury).
    var inner = loadings.multiplied(by: weighted, transposingSelf: true).symmetrised
    for index in 0..<factors { inner[index, index] += 1 }
    let cholesky = try Cholesky(inner)
    let inverse = cholesky.inverse()
    // E[f | x] = regression x.
    let regression = inverse.multiplied(by: weighted, transposingOther: true)
    let cross = covariance.multiplied(by: regression, transposingOther: true)
    let explained = weighted.multiplied(by: cross, transposingSelf: true)
    let trace =
      zip(variances, precisions).reduce(0) { $0 + $1.0 * $1.1 } - explained.diagonal.reduce(0, +)
    let logDeterminant = uniquenesses.reduce(cholesky.logDeterminant) { $0 + log($1) }

    var moment = regression * cross
    for index in moment.values.indices { moment.values[index] += inverse.values[index] }
    let updated = try Cholesky(moment.symmetrised).solve(cross.transposed).transposed
    for row in uniquenesses.indices {
      let shared = (0..<factors).reduce(0) { $0 + updated[row, $1] * cross[row, $1] }
      uniquenesses[row] = max(variances[row] - shared, floor * variances[row])
    }
    loadings = updated
    return -0.5 * (trace + logDeterminant)
  }

  /// The loadings of the highest likelihood for given uniquenesses (Joereskog 1967, doi:10.1007/BF02289658).
  private static func loadings(_ covariance: Matrix, uniquenesses: [Double], factors: Int) throws -> Matrix {
    let roots = uniquenesses.map { $0.squareRoot() }
    let eigen = try SymmetricEigen(covariance.scalingBoth(by: roots.map { 1 / $0 }))
    let order = eigen.values.count
    var loadings = Matrix(rows: order, columns: factors)
    for factor in 0..<factors {
      let column = order - 1 - factor
      // A factor below the noise starts small instead of at zero, where EM would never leave.
      let length = max(eigen.values[column] - 1, 1e-3).squareRoot()
      for row in 0..<order { loadings[row, factor] = length * eigen.vectors[row, column] * roots[row] }
    }
    return loadings
  }
}
