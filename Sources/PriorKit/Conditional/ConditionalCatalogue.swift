public import Distributions
public import NumericCore

/// The conditional families that commands know by name. Adding one is a line in ``entries``.
public enum ConditionalCatalogue {
  /// The estimators with one line each for lists of families.
  public static let entries: [(estimator: any ConditionalEstimator, description: String)] = [
    (LinearGaussianEstimator(), "Gaussian about a ridge regression on the features, covariance shrunk to blocks"),
    (
      ReducedRankEstimator(),
      "Gaussian that the features move and narrow in some directions only, for many parameters"
    ),
    (
      JointEstimator(LedoitWolfEstimator(units: .standardised)),
      "Gaussian over presets and features, shrunk as one; its Schur complement"
    ),
    (
      RegressedEstimator("joint-student-t") { StudentTEstimator(shape: $0) },
      "Student-t over presets and features, regression and residual shrunk each by itself"
    ),
    (
      RegimeEstimator(.full),
      "two Gaussians over presets and features: the features gate between two regressions"
    ),
    (
      RegimeEstimator(.factorAnalysers(factors: 10)),
      "the same with factor models, for few presets"
    ),
    (
      RegressedEstimator("joint-copula") { CopulaEstimator(shape: $0) },
      "kernel marginals, Student-t dependence among presets and features"
    ),
    (
      KernelRidgeEstimator("kernel-ridge", residual: BlockShrinkageEstimator()),
      "Gaussian about a smooth function of the features, which says nothing far from the pairs"
    ),
    (
      KernelRidgeEstimator("kernel-ridge-student-t", residual: StudentTEstimator(shape: BlockScatter())),
      "the same with heavy tails"
    ),
    (
      SyntheticLikelihoodEstimator(),
      "a prior of its own times a likelihood of what that function makes of the features"
    ),
  ]

  /// The family that commands fit unless another is named.
  public static let standard = "linear-gaussian"
  /// In the order of ``entries``.
  public static var names: [String] { entries.map(\.estimator.name) }

  /// - Parameters:
  ///   - name: one of ``names``.
  ///   - candidates: numbers of components of the features among which the fit chooses, none negative; not empty.
  ///   - marginal: the known marginal of the parameters, for `reduced-rank`; other families estimate it.
  ///   - prior: the prior that `synthetic-likelihood` multiplies; nil to fit one to the pairs.
  ///   - real: pairs of real presets for `synthetic-likelihood`.
  ///   - inflation: of the covariance of `synthetic-likelihood`; nil for the usual one.
  /// - Throws: ``ConditionalError/unknownFamily(name:known:)``.
  public static func fitter(
    named name: String, candidates: [Int], marginal: MultivariateNormal? = nil, prior: (any Distribution)? = nil,
    real: ConditionalData? = nil, inflation: Double? = nil
  ) throws -> ConditionalFitter {
    if name == SyntheticLikelihoodEstimator.familyName {
      return ConditionalFitter(
        SyntheticLikelihoodEstimator(
          prior: prior, real: real, inflation: inflation ?? SyntheticLikelihoodEstimator.usualInflation),
        candidates: candidates)
    }
    if let marginal, name == ReducedRankEstimator().name {
      return ConditionalFitter(ReducedRankEstimator(marginal: marginal), candidates: candidates)
    }
    guard let entry = entries.first(where: { $0.estimator.name == name }) else {
      throw ConditionalError.unknownFamily(name: name, known: names)
    }
    return ConditionalFitter(entry.estimator, candidates: candidates)
  }
}
