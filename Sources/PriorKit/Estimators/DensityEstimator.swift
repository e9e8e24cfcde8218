public import Distributions
public import PresetStore

/// A way to fit a distribution to rows of data.
public protocol DensityEstimator: ComparedEstimator {
  /// The name on the command line and in tables: `ledoit-wolf`, `student-t-blocks`, ...
  var name: String { get }

  /// Whether it takes the errors of rows out, which must then be known. Held-out rows, errors included, say little
  /// of such a fit.
  var needsInformation: Bool { get }

  /// Whether rows may lack columns (``EstimationData/absent``); without, they are refused.
  var acceptsAbsentColumns: Bool { get }

  /// Fits to the rows of `data`.
  func fit(_ data: EstimationData) throws -> any Distribution

  /// Fits, and returns the numbers chosen on the way too.
  func estimate(_ data: EstimationData) throws -> DensityEstimate
}

/// A distribution with the numbers that its estimator chose.
public struct DensityEstimate: Sendable {
  /// Over the columns of the data [D].
  public var distribution: any Distribution
  /// In the order in which fit records list them.
  public var hyperparameters: [FitRecord.Hyperparameter]

  public init(distribution: any Distribution, hyperparameters: [FitRecord.Hyperparameter] = []) {
    self.distribution = distribution
    self.hyperparameters = hyperparameters
  }
}

extension DensityEstimator {
  public var needsInformation: Bool { false }
  public var acceptsAbsentColumns: Bool { false }

  public func estimate(_ data: EstimationData) throws -> DensityEstimate {
    DensityEstimate(distribution: try fit(data))
  }

  /// - Throws: ``PriorError/absentEffects(family:known:)`` for rows that lack columns, unless they may.
  func requireAcceptance(of data: EstimationData) throws {
    guard !data.lacksColumns || acceptsAbsentColumns else {
      throw PriorError.absentEffects(family: name, known: EstimatorCatalogue.standard.namesAcceptingAbsentColumns)
    }
  }

  /// A prior over the chain of the presets, with the probabilities of their patterns where they vary in shape.
  ///
  /// - Parameters:
  ///   - presets: the collection to fit, with its weights if it has any.
  ///   - evidence: why this estimator, for the record.
  /// - Throws: ``PriorError`` naming the preset or parameter to blame.
  public func fit(_ presets: PresetCollection, evidence: String = "") throws -> Prior {
    let data = try EstimationData(presets: presets)
    try requireAcceptance(of: data)
    let result = try PriorError.labelling(presets.labels) { try estimate(data) }
    var record = FitRecord(
      estimator: name, hyperparameters: result.hyperparameters, presetCount: presets.count,
      effectivePresetCount: data.effectiveCount, evidence: evidence)
    record.canonicalisation = presets.canonicalisation
    var prior = try Prior(chain: presets.chain, distribution: result.distribution, record: record)
    prior.patterns = try PatternDistribution.fitted(to: presets)
    return prior
  }
}
