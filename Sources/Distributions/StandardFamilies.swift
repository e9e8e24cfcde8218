import NumericCore

extension DensityFamilies {
  /// Those that every `priorkit` knows. A new one is one line here.
  public static let standard = DensityFamilies(types: [
    MultivariateNormal.self, StudentT.self, GaussianMixture.self, Copula.self, OrbitSum.self, PinnedDensity.self,
  ])
}
