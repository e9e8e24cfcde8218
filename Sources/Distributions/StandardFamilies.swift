import NumericCore

extension DistributionFamilies {
  /// Those that every `priorkit` knows. A new one is one line here.
  public static let standard = DistributionFamilies(types: [
    MultivariateNormal.self, StudentT.self, GaussianMixture.self, Copula.self, OrbitSum.self,
    PinnedDistribution.self, KernelRegression.self, SpreadDistribution.self, TiltedDistribution.self,
    SyntheticPosterior.self, ExchangeableBands.self,
  ])
}
