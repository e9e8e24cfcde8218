public import FXParams
public import NumericCore
public import PresetRegression
public import PresetStore
public import PriorKit
public import StyleFeatures

/// What the methods of an evaluation choose from.
public struct MethodContext: Sendable {
  /// Of all presets.
  public let chain: ChainDescription
  /// Of the mean and of transfers, where these are wanted.
  public var prior: Prior?
  /// What nearest neighbours are taken from.
  public var collection: PresetCollection?
  /// Encoders by the names that methods have for them.
  public var encoders: [String: StyleEncoderKind]
  /// Conditional priors by their paths.
  public var conditional: [String: ConditionalPrior]
  /// Regression networks by their paths.
  public var regression: [String: RegressionModel] = [:]
  /// The factorised covariance of Mahalanobis PMSE; nil to leave that out.
  public var metric: Cholesky?

  /// Renderings of the collection, which tracks with one input share.
  let cache = RenderingCache()
  /// Of the voices of inputs, for features relative to them.
  let baselines = VoiceBaselineCache()
  /// The seed of methods that draw random numbers.
  public var seed: UInt64 = 0

  /// Nothing but a chain, and a prior if there is one: Mahalanobis PMSE is in its metric where it is Gaussian.
  public init(chain: ChainDescription, prior: Prior? = nil, collection: PresetCollection? = nil) {
    self.chain = chain
    self.prior = prior
    self.collection = collection
    encoders = [:]
    conditional = [:]
    metric = prior?.gaussian?.cholesky
  }
}
