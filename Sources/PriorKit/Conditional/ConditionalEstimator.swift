public import NumericCore

/// A way to fit the joint distribution of parameters and of the components that their features are reduced to. Its
/// conditional given the components is the conditional prior.
public protocol ConditionalEstimator: Sendable {
  /// The name on the command line and in tables.
  var name: String { get }

  /// The density of parameters, followed by components [D + K]; without components, that of the parameters alone.
  func joint(_ data: ReducedData) throws -> DensityEstimate

  /// Whether the number of components is searched. Where it is not, the most that are allowed are taken: the
  /// estimator weighs them itself.
  var searchesComponents: Bool { get }

  /// The estimator that searches the number of components for `dimension` parameters: this one, or a faster one
  /// with a similar ranking.
  func searchEstimator(dimension: Int) -> any ConditionalEstimator
}

extension ConditionalEstimator {
  public var searchesComponents: Bool { true }

  public func searchEstimator(dimension: Int) -> any ConditionalEstimator { self }
}

/// Parameters and the components that their features were reduced to.
public struct ReducedData: Sendable {
  /// Logits [N, D] with weights, names and blocks.
  public var parameters: EstimationData
  /// Uncorrelated, of unit variance [N, K].
  public var components: Matrix
  /// Of the components before they were whitened [K].
  public var variances: [Double]
  /// What reduces the features of other recordings.
  public let transform: FeatureTransform

  init(_ data: ConditionalData, transform: FeatureTransform) {
    parameters = data.parameters
    components = transform(data.features)
    variances = transform.variances
    self.transform = transform
  }

  /// Parameters and components side by side, the components as one block.
  public var joint: EstimationData {
    parameters.appending(components, names: (0..<components.columns).map { "component \($0)" })
  }

  /// The rows that count, with weights of mean 1.
  func weighted() throws -> (parameters: WeightedRows, components: Matrix) {
    let rows = try WeightedRows(parameters)
    guard let weights = parameters.weights else { return (rows, components) }
    return (rows, components.selecting(rows: weights.indices.filter { weights[$0] > 0 }))
  }

  func regression() throws -> FeatureRegression {
    let (rows, components) = try weighted()
    return try FeatureRegression(
      parameters: rows.rows, components: components, weights: rows.weights, variances: variances)
  }
}
