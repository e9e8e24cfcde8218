public import PresetStore

/// How a prior was fitted, kept in its file so that readers can judge it.
public struct FitRecord: Sendable, Hashable {
  /// A number that the estimator chose or was given.
  public struct Hyperparameter: Sendable, Hashable {
    /// With underscores, as in files: `degrees_of_freedom`.
    public var name: String
    /// A count, a share or a strength.
    public var value: Double

    public init(_ name: String, _ value: Double) {
      self.name = name
      self.value = value
    }
  }

  /// The estimator's name: `ledoit-wolf`, ...
  public var estimator: String
  /// In the order of the fit.
  public var hyperparameters: [Hyperparameter]
  /// How many presets it was fitted to.
  public var presetCount: Int
  /// (sum of weights)^2 / sum of squared weights: `presetCount` for equal weights (Kish, "Survey sampling", 1965).
  public var effectivePresetCount: Double
  /// Why this estimator: held-out figures in words, or empty.
  public var evidence: String
  /// Which representatives of their orbits the presets were, in words; nil for presets as they came.
  public var canonicalisation: String?
  /// The range of the presets it was fitted to, in physical units.
  public var observedRange: ObservedRange?

  /// A record of a fit.
  ///
  /// - Parameters:
  ///   - estimator: the name of what fitted.
  ///   - hyperparameters: what it chose, by name.
  ///   - presetCount: the presets that it was fitted to.
  ///   - effectivePresetCount: nil for `presetCount`, that of equal weights.
  ///   - evidence: the comparison that spoke for the estimator, as text.
  public init(
    estimator: String, hyperparameters: [Hyperparameter] = [], presetCount: Int,
    effectivePresetCount: Double? = nil, evidence: String = ""
  ) {
    self.estimator = estimator
    self.hyperparameters = hyperparameters
    self.presetCount = presetCount
    self.effectivePresetCount = effectivePresetCount ?? Double(presetCount)
    self.evidence = evidence
  }
}
