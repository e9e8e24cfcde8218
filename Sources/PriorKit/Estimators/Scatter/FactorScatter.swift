import NumericCore

/// A scatter matrix as loadings and noise, W W^T + diag(noise), in the coordinates of the scatter given.
struct FactorScatter {
  /// W [D, k].
  var loadings: Matrix
  var noise: [Double]

  /// Fits by the EM iteration of Rubin and Thayer (1982), doi:10.1007/BF02293851, on the correlation matrix, from
  /// its principal components.
  ///
  /// - Parameter leastUniqueness: no coordinate has a smaller part of its variance as noise, so that a factor
  ///   cannot explain one away (a Heywood case).
  /// - Precondition: the diagonal is positive.
  init(scatter: Matrix, factors: Int, iterations: Int = 60, leastUniqueness: Double = 0.005) throws {
    let order = scatter.rows
    let scales = scatter.diagonal.map { $0.squareRoot() }
    var correlation = scatter
    for row in 0..<order {
      for column in 0..<order { correlation[row, column] /= scales[row] * scales[column] }
    }
    var loadings = try Self.principalLoadings(of: correlation, factors: factors)
    var noise = Self.uniquenesses(of: loadings, loadings, least: 0.05)
    for _ in 0..<iterations {
      // beta = (1 + W^T N^-1 W)^-1 W^T N^-1; E[f f^T] = (1 + W^T N^-1 W)^-1 + beta C beta^T.
      var weighted = loadings
      for row in 0..<order {
        for column in 0..<factors { weighted[row, column] /= noise[row] }
      }
      var precision = loadings.multiplied(by: weighted, transposingSelf: true).symmetrised
      for index in 0..<factors { precision[index, index] += 1 }
      let posterior = try Cholesky(precision).inverse()
      let regression = weighted * posterior
      let cross = correlation * regression
      var second = regression.multiplied(by: cross, transposingSelf: true).symmetrised
      for index in second.values.indices { second.values[index] += posterior.values[index] }
      loadings = try Cholesky(second).solve(cross.transposed).transposed
      noise = Self.uniquenesses(of: loadings, cross, least: leastUniqueness)
    }
    for row in 0..<order {
      noise[row] *= scales[row] * scales[row]
      for column in 0..<factors { loadings[row, column] *= scales[row] }
    }
    self.loadings = loadings
    self.noise = noise
  }

  var covariance: Matrix {
    var result = loadings.multiplied(by: loadings, transposingOther: true).symmetrised
    for index in noise.indices { result[index, index] += noise[index] }
    return result
  }

  /// Eigenvectors of the largest eigenvalues, scaled by what these exceed the mean of the others by.
  private static func principalLoadings(of correlation: Matrix, factors: Int) throws -> Matrix {
    let eigen = try SymmetricEigen(correlation)
    let order = correlation.rows
    let rest = eigen.values.prefix(order - factors)
    let floor = rest.isEmpty ? 0 : rest.reduce(0, +) / Double(rest.count)
    var loadings = Matrix(rows: order, columns: factors)
    for factor in 0..<factors {
      let source = order - 1 - factor
      let scale = max(eigen.values[source] - floor, 1e-3).squareRoot()
      for row in 0..<order { loadings[row, factor] = scale * eigen.vectors[row, source] }
    }
    return loadings
  }

  /// 1 - sum over factors of W C, at least `least`.
  private static func uniquenesses(of loadings: Matrix, _ cross: Matrix, least: Double) -> [Double] {
    (0..<loadings.rows).map { row in
      let explained = (0..<loadings.columns).reduce(0) { $0 + loadings[row, $1] * cross[row, $1] }
      return max(1 - explained, least)
    }
  }
}
