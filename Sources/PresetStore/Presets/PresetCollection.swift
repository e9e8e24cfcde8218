public import FXParams
public import NumericCore

/// Presets of one chain: rows of logits with what is known about each.
public struct PresetCollection: Sendable {
  /// The chain of all presets; its parameter space names the columns of ``theta``.
  public var chain: ChainDescription
  /// Logits [count, dimension] in the flat order of the chain's parameter space; not a number exactly where a
  /// preset lacks the effect (``patterns``).
  public var theta: Matrix
  /// The pattern of each row; nil where every row is complete, with the series in the order of the chain.
  public var patterns: [ChainPattern]?
  /// A name for each row.
  public var labels: [String]?
  /// The song or singer, say, that each row belongs to: rows of one group stay together in cross-validation.
  public var groups: [String]?
  /// Features [count, featureNames.count] of each row, for conditional priors.
  public var features: Matrix?
  /// Names of the columns of ``features``; nil exactly where those are nil.
  public var featureNames: [String]?
  /// Which representatives of their orbits the presets are, in words; nil for presets as they came.
  public var canonicalisation: String?
  /// What was done to the values when they were read from text, a line each (`ValueTreatment`); nil for nothing.
  public var adjustments: [String]?
  /// How the features were made, where that is known.
  public var featureRecord: FeatureRecord?
  /// Weights of the rows in a fit, not negative, in any unit; nil for equal ones.
  public var weights: [Double]?
  /// How the rows were retrieved from recordings; nil for presets from elsewhere.
  public var retrieval: RetrievalColumns?
  /// How precisely each row is known; nil for presets taken as they are.
  public var information: PresetInformation?

  public init(
    chain: ChainDescription, theta: Matrix, labels: [String]? = nil, groups: [String]? = nil,
    features: Matrix? = nil, featureNames: [String]? = nil, weights: [Double]? = nil
  ) {
    self.chain = chain
    self.theta = theta
    self.labels = labels
    self.groups = groups
    self.features = features
    self.featureNames = featureNames
    self.weights = weights
  }

  /// Number of presets.
  public var count: Int { theta.rows }
  /// Number of parameters.
  public var dimension: Int { theta.columns }
}
