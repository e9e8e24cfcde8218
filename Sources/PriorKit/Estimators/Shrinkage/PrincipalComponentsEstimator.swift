import NumericCore

/// Probabilistic principal components: the leading k variances are kept and all others made equal (Tipping & Bishop
/// 1999, doi:10.1111/1467-9868.00196), with k of the highest held-out log likelihood.
public struct PrincipalComponentsEstimator: CovarianceEstimator {
  /// The units in which the other variances are made equal.
  public let units: ShrinkageUnits
  /// `ppca` in raw units, `ppca-standardised` otherwise.
  public var name: String { "ppca" + units.suffix }

  public init(units: ShrinkageUnits = .standardised) { self.units = units }

  public func covariance(of sample: CentredSample) throws -> CovarianceEstimate {
    try units.apply(to: sample) { sample in
      // As many components as presets less one leave no variance for the rest.
      let most = min(sample.dimension - 1, sample.centred.rows * 4 / 5 - 2)
      let candidates = Array(0...max(most, 0))
      let components = try ShrinkageSearch(sample).best(of: candidates) { fold in
        let eigen = try SymmetricEigen(fold.covariance)
        return fold.logLikelihoods(eigen, spectra: candidates.map { Self.spectrum(eigen.values, components: $0) })
      }
      let eigen = try SymmetricEigen(sample.covariance)
      let diagonal = Matrix.diagonal(Self.spectrum(eigen.values, components: components))
      return CovarianceEstimate(
        covariance: (eigen.vectors * diagonal).multiplied(by: eigen.vectors, transposingOther: true).symmetrised,
        hyperparameters: [.init("components", Double(components))])
    }
  }

  /// Eigenvalues, ascending, with all but the largest `components` replaced by their mean.
  static func spectrum(_ values: [Double], components: Int) -> [Double] {
    let rest = values.count - components
    let noise = values.prefix(rest).reduce(0, +) / Double(rest)
    return Array(repeating: noise, count: rest) + values.suffix(components)
  }
}
