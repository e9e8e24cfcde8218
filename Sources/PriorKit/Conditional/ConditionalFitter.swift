import FXParams
public import NumericCore

/// A conditional estimator with the search for its number of components.
public struct ConditionalFitter: Sendable, ComparedEstimator {
  /// Fits the joint distribution of parameters and components.
  public let estimator: any ConditionalEstimator
  /// Numbers of components to try; a single one is taken without trying. 0 stands for a prior without condition.
  public let candidates: [Int]

  /// Tried unless others are given; at most N / 4 and at most the number of features are used.
  public static let usualCandidates = [0, 1, 2, 4, 8, 16, 32, 64, 128, 256, 512]
  /// Presets needed for each component.
  private static let presetsAComponent = 4
  private static let folds = 3

  public var name: String { candidates == [0] ? estimator.name + Self.unconditionalSuffix : estimator.name }
  /// Ends the name of a fitter whose only candidate is 0.
  public static let unconditionalSuffix = "-unconditional"

  /// - Precondition: there is a candidate, and none is negative.
  public init(_ estimator: any ConditionalEstimator, candidates: [Int] = ConditionalFitter.usualCandidates) {
    precondition(!candidates.isEmpty && candidates.allSatisfy { $0 >= 0 }, "Component counts \(candidates)")
    self.estimator = estimator
    self.candidates = candidates
  }

  /// The same estimator without features, the baseline of its conditional prior.
  public var unconditional: ConditionalFitter { ConditionalFitter(estimator, candidates: [0]) }

  // MARK: - Fitting

  /// A fitted joint distribution with the transform that its components come from.
  public struct Fit: Sendable {
    /// From features to the components of the joint distribution.
    public let transform: FeatureTransform
    /// Over logits, then components [D + K].
    public let estimate: DensityEstimate

    /// log p(theta | features) of rows, in nats: the joint distribution over that of the components.
    public func logDensities(parameters: Matrix, features: Matrix) throws -> [Double] {
      try ConditionalPrior.logDensities(
        joint: estimate.distribution, parameters: parameters, components: transform(features))
    }
  }

  /// - Throws: ``ConditionalError`` for features that cannot be used, and what the estimator throws.
  public func fit(_ data: ConditionalData) throws -> Fit {
    try data.check()
    let limit = min(data.features.rows / Self.presetsAComponent, data.features.columns)
    let usable = Set(candidates.map { min($0, limit) }).sorted()
    let most = usable[usable.count - 1]
    let isSearched = usable.count > 1 && estimator.searchesComponents
    let count = isSearched ? try searchedCount(among: usable, data) : most
    return try fit(data, transform: data.transform(limit: count), estimator: estimator)
  }

  private func fit(
    _ data: ConditionalData, transform: FeatureTransform, estimator: any ConditionalEstimator
  ) throws -> Fit {
    var estimate = try estimator.joint(ReducedData(data, transform: transform))
    estimate.hyperparameters.append(.init("components", Double(transform.componentCount)))
    return Fit(transform: transform, estimate: estimate)
  }

  /// The number of components of the highest held-out log density in three folds; the smallest of equals.
  private func searchedCount(among counts: [Int], _ data: ConditionalData) throws -> Int {
    let folds = try FoldAssignment(presets: data.features.rows, folds: Self.folds, seed: 20_250_514).folds
    let proxy = estimator.searchEstimator(dimension: data.parameters.rows.columns)
    var totals = [Double](repeating: 0, count: counts.count)
    for fold in folds {
      let training = data.selecting(rows: fold.training)
      let heldOut = data.selecting(rows: fold.heldOut)
      let weights = heldOut.parameters.weights ?? Array(repeating: 1, count: heldOut.features.rows)
      let transform = try training.transform(limit: counts.max() ?? 0)
      for (index, count) in counts.enumerated() where totals[index] > -.infinity {
        // A number that cannot be fitted is none.
        guard
          let fit = try? fit(training, transform: transform.truncated(to: count), estimator: proxy),
          let scores = try? fit.logDensities(parameters: heldOut.parameters.rows, features: heldOut.features)
        else {
          totals[index] = -.infinity
          continue
        }
        let total = zip(weights, scores).reduce(0) { $0 + $1.0 * $1.1 }
        totals[index] = total.isNaN ? -.infinity : totals[index] + total
      }
    }
    return counts[HeldOutChoice.index(ofBest: totals)]
  }

  // MARK: - Comparing

  /// Rows hold parameters and features side by side; `featureCount` columns are features.
  public func heldOutScores(of heldOut: EstimationData, fittedTo training: EstimationData) throws -> [Double] {
    let rows = heldOut.rows
    guard let features = training.blocks.last, training.blocks.count > 1 else {
      throw ConditionalError.featureCount(found: 0, expected: 1)
    }
    let data = ConditionalData(sideBySide: training, featureCount: features.count)
    let all = Array(0..<rows.rows)
    let dimension = data.parameters.rows.columns
    return try fit(data).logDensities(
      parameters: rows.selecting(rows: all, columns: Array(0..<dimension)),
      features: rows.selecting(rows: all, columns: features))
  }
}

extension ConditionalData {
  fileprivate func check() throws {
    guard features.rows >= 10 else { throw ConditionalError.tooFewPairs(count: features.rows) }
    if let index = features.values.firstIndex(where: { !$0.isFinite }) {
      throw ConditionalError.featureNotFinite(
        name: featureNames[index % features.columns], value: features.values[index])
    }
    let first = features.row(0)
    guard (1..<features.rows).contains(where: { features.row($0) != first }) else {
      throw ConditionalError.noVariation(count: features.columns)
    }
  }

  fileprivate func transform(limit: Int) throws -> FeatureTransform {
    try FeatureTransform(fitting: features, weights: parameters.weights, limit: limit)
  }
}
