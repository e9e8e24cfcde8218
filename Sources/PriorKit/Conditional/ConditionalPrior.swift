public import Distributions
public import FXParams
public import NumericCore
public import PresetStore

/// A prior that depends on features of audio: p(theta | x) for features of the dry vocal, p(theta | y) for those of
/// the processed vocal.
///
/// It is a joint distribution of the logits and of K components that the features are reduced to; given features it
/// is the conditional of that distribution, in closed form for every family here, and a prior like any other.
public struct ConditionalPrior: Sendable {
  /// The chain of the presets that it was fitted to.
  public let chain: ChainDescription
  /// That of the chain: names and order of the logits.
  public let space: ParameterSpace
  /// In the order in which features are given [F].
  public let featureNames: [String]
  /// How the features were made, where that is known.
  public let featureRecord: FeatureRecord?
  /// From features [F] to components [K].
  public let transform: FeatureTransform
  /// Over logits, then components [D + K].
  public let joint: any Distribution
  /// How far the distribution given features is spread about its mean: 1 as it was fitted, wider above. Positive.
  public var spread = 1.0
  /// What tells whether features are like those that it was fitted to; nil where that is not known.
  public var familiarity: Familiarity?
  /// How it was fitted, where that is known.
  public var record: FitRecord?

  /// - Throws: `DistributionError.dimensionMismatch(what:expected:found:)` if the parts do not fit each other.
  public init(
    chain: ChainDescription, featureNames: [String], featureRecord: FeatureRecord?, transform: FeatureTransform,
    joint: any Distribution, record: FitRecord? = nil
  ) throws {
    let space = chain.parameterSpace
    guard transform.featureCount == featureNames.count else {
      throw DistributionError.dimensionMismatch(
        what: "list of feature names", expected: transform.featureCount, found: featureNames.count)
    }
    guard joint.dimension == space.count + transform.componentCount else {
      throw DistributionError.dimensionMismatch(
        what: "joint density", expected: space.count + transform.componentCount, found: joint.dimension)
    }
    self.chain = chain
    self.space = space
    self.featureNames = featureNames
    self.featureRecord = featureRecord
    self.transform = transform
    self.joint = joint
    self.record = record
  }

  private var componentPositions: [Int] { Array(space.count..<joint.dimension) }

  // MARK: - Given features

  /// The prior given features.
  ///
  /// - Throws: ``ConditionalError`` for features of another number or that are not finite, `DistributionError` or
  ///   ``PriorError`` where no conditional exists.
  public func prior(given features: [Double]) throws -> Prior {
    try prior(givenComponents: components(of: features))
  }

  package func prior(givenComponents components: [Double]) throws -> Prior {
    let distribution =
      components.isEmpty ? joint : try joint.conditionalDistribution(given: componentPositions, values: components)
    return try Prior(chain: chain, distribution: try distribution.spread(by: spread), record: record)
  }

  /// The components of features, checked.
  public func components(of features: [Double]) throws -> [Double] {
    guard features.count == featureNames.count else {
      throw ConditionalError.featureCount(found: features.count, expected: featureNames.count)
    }
    for (name, value) in zip(featureNames, features) where !value.isFinite {
      throw ConditionalError.featureNotFinite(name: name, value: value)
    }
    for (name, value) in zip(featureNames, features) where abs(value) > 1e100 {
      throw ConditionalError.featureTooLarge(name: name, value: value)
    }
    return transform(features)
  }

  /// Root mean square of the components: about 1 for features like those that the prior was fitted to.
  public func strangeness(of features: [Double]) throws -> Double {
    let components = try components(of: features)
    return (components.reduce(0) { $0 + $1 * $1 } / Double(max(components.count, 1))).squareRoot()
  }

  // MARK: - Rows

  /// log p(theta | features) of each row, in nats.
  public func logDensities(parameters: Matrix, features: Matrix) throws -> [Double] {
    guard spread != 1 else {
      return try Self.logDensities(joint: joint, parameters: parameters, components: transform(features))
    }
    return try (0..<parameters.rows).map { row in
      try prior(given: features.row(row)).logDensity(at: parameters.row(row))
    }
  }

  /// The joint distribution over that of the components.
  static func logDensities(joint: any Distribution, parameters: Matrix, components: Matrix) throws -> [Double] {
    guard components.columns > 0 else { return joint.logDensities(ofRows: parameters) }
    let positions = Array(parameters.columns..<parameters.columns + components.columns)
    let marginal = try joint.marginalDistribution(over: positions)
    return zip(
      joint.logDensities(ofRows: parameters.appending(components)), marginal.logDensities(ofRows: components)
    ).map(-)
  }

  /// One draw of parameters together with components that they belong to.
  ///
  /// - Throws: where no conditional exists.
  package func sampleJoint(using source: inout RandomSource) throws -> (parameters: [Double], components: [Double])
  {
    let draw = joint.sample(using: &source)
    let components = Array(draw[space.count...])
    guard spread != 1 else { return (Array(draw[..<space.count]), components) }
    return (try prior(givenComponents: components).sample(using: &source), components)
  }
}

extension ConditionalFitter {
  /// A conditional prior over the chain of presets that have features.
  ///
  /// - Parameters:
  ///   - presets: a collection with features.
  ///   - path: the file of the presets, for errors.
  ///   - evidence: why this family, for the record; empty where nothing was compared.
  public func fit(_ presets: PresetCollection, path: String, evidence: String = "") throws -> ConditionalPrior {
    let data = try ConditionalData(presets: presets, path: path)
    let fit = try PriorError.labelling(presets.labels) { try self.fit(data) }
    var prior = try ConditionalPrior(
      chain: presets.chain, featureNames: data.featureNames, featureRecord: presets.featureRecord,
      transform: fit.transform, joint: fit.estimate.distribution,
      record: FitRecord(
        estimator: name, hyperparameters: fit.estimate.hyperparameters, presetCount: presets.count,
        effectivePresetCount: data.parameters.effectiveCount, evidence: evidence))
    prior.familiarity = Familiarity(
      components: fit.transform(data.features), variances: fit.transform.variances, groups: presets.groups)
    return prior
  }
}
