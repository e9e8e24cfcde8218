public import PresetStore

/// The estimators that commands know by name. Adding one is a line in ``entries``.
public struct EstimatorCatalogue: Sendable {
  /// An estimator with its description.
  public struct Entry: Sendable {
    /// With the settings that its name stands for.
    public let estimator: any DensityEstimator
    /// One line for lists of families.
    public let description: String

    /// That of the estimator; unique in a catalogue.
    public var name: String { estimator.name }

    public init(_ estimator: any DensityEstimator, _ description: String) {
      self.estimator = estimator
      self.description = description
    }
  }

  /// In the order in which commands list them.
  public let entries: [Entry]

  /// - Precondition: the names are distinct.
  public init(_ entries: [Entry]) {
    precondition(Set(entries.map(\.name)).count == entries.count, "Two estimators have one name")
    self.entries = entries
  }

  /// All estimators of PriorKit, the published recipe first.
  public static let standard = EstimatorCatalogue([
    Entry(GaussianEstimator.unbiased, "Gaussian, mean and covariance with N - 1, as published; needs N > D"),
    Entry(GaussianEstimator.maximumLikelihood, "Gaussian, mean and covariance with N; needs N > D"),
    Entry(DiagonalEstimator(), "Gaussian, variances without correlation"),
    Entry(LedoitWolfEstimator(), "Gaussian, covariance shrunk to a multiple of the identity"),
    Entry(LedoitWolfEstimator(units: .standardised), "the same on standardised parameters"),
    Entry(OracleApproximatingEstimator(), "Gaussian, oracle approximating shrinkage"),
    Entry(OracleApproximatingEstimator(units: .standardised), "the same on standardised parameters"),
    Entry(RidgeEstimator(), "Gaussian, covariance shrunk to its diagonal, strength by cross-validation"),
    Entry(NonlinearShrinkageEstimator(), "Gaussian, each eigenvalue of the correlation shrunk by itself"),
    Entry(PrincipalComponentsEstimator(), "Gaussian, leading components of the correlation, equal noise"),
    Entry(FactorAnalysisEstimator(), "Gaussian, common factors and noise of each parameter"),
    Entry(FactorShrinkageEstimator(), "Gaussian, covariance shrunk to a factor model"),
    Entry(BlockShrinkageEstimator(), "Gaussian, covariance shrunk to its blocks of effects and its diagonal"),
    Entry(GraphicalLassoEstimator(), "Gaussian, sparse precision"),
    Entry(InverseWishartEstimator(), "predictive Student-t of a Gaussian with an inverse Wishart prior"),
    Entry(StudentTEstimator(), "Student-t, scatter shrunk to its blocks"),
    Entry(StudentTEstimator(shape: FactorBlockScatter()), "Student-t, scatter shrunk to factors and blocks"),
    Entry(
      MixtureEstimator(components: 2, covariance: .factorAnalysers(factors: 5)), "mixture of two factor models"),
    Entry(
      CopulaEstimator(degreesOfFreedom: .infinity), "copula, kernel marginals, Gaussian dependence shrunk to blocks"
    ),
    Entry(CopulaEstimator(), "copula, kernel marginals, Student-t dependence shrunk to blocks"),
    Entry(CopulaEstimator(marginals: .sinhArcsinh), "copula, sinh-arcsinh marginals, the same dependence"),
    Entry(
      CopulaEstimator(radial: true),
      "copula, kernel marginals, blocks made radially Gaussian, the same dependence"),
    Entry(
      CopulaEstimator(shape: FactorBlockScatter(), radial: true),
      "the same, dependence shrunk to factors and blocks"),
    Entry(
      WideningEstimator(), "Gaussian, with what recordings leave open of retrieved presets; needs standard errors"),
    Entry(
      DeconvolvingEstimator(), "Gaussian, errors of presets taken out of its covariance; needs standard errors"),
  ])

  /// Those that rows as they are, held out, can tell apart.
  public var comparable: [any DensityEstimator] { entries.map(\.estimator).filter { !$0.needsInformation } }

  /// The same that can be fitted to a collection: where presets lack effects, those that take such presets.
  public func comparable(on presets: PresetCollection) -> [any DensityEstimator] {
    presets.lacksEffects ? comparable.filter(\.acceptsAbsentColumns) : comparable
  }

  /// Of the families that take presets which lack effects.
  public var namesAcceptingAbsentColumns: [String] {
    entries.map(\.estimator).filter(\.acceptsAbsentColumns).map(\.name)
  }

  /// In the order of ``entries``.
  public var names: [String] { entries.map(\.name) }

  /// Short names of families that stand for a kind, with the full name of the one that is meant.
  public static let shortNames = [
    "gaussian": "published", "student-t": "student-t-blocks", "copula": "copula-kernel-student-t-blocks",
    "mixture": "mixture-factors-2",
  ]

  /// - Parameter name: a name of ``names``, or one of ``shortNames``.
  /// - Throws: ``PriorError/unknownFamily(name:known:)``.
  public func entry(named name: String) throws -> Entry {
    let name = Self.shortNames[name] ?? name
    guard let entry = entries.first(where: { $0.name == name }) else {
      throw PriorError.unknownFamily(name: name, known: names)
    }
    return entry
  }
}
