import NumericCore

extension MultivariateNormal {
  /// The log of the prior on a covariance, but for a constant: `count` presets whose covariance is diagonal.
  ///
  /// -(count / 2) (log det + trace of (prior matrix covariance^-1)).
  func logCovariancePrior(count: Double, variances: [Double]) -> Double {
    let inverse = cholesky.inverse()
    let trace = variances.indices.reduce(0) { $0 + variances[$1] * inverse[$1, $1] }
    return -0.5 * count * (cholesky.logDeterminant + trace)
  }
}
