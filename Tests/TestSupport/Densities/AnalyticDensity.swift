public import Inference

/// A density with closed-form moments, to test optimisers and samplers on.
public protocol AnalyticDensity: LogDensity {
  var name: String { get }
  /// The expected value of each coordinate.
  var mean: [Double] { get }
  /// The variance of each coordinate.
  var variance: [Double] { get }
  /// The point of highest density.
  var mode: [Double] { get }
}

/// One of each, at sizes that optimisers and samplers manage.
public func analyticDensities() -> [any AnalyticDensity] {
  [
    IndependentGaussian(mean: [1, -2, 0.5], deviation: [0.5, 2, 1]),
    AutoregressiveGaussian(mean: [3, -1, 0, 2, 1], deviation: [1, 0.3, 2, 1, 5], correlation: 0.9),
    Banana(), Funnel(followers: 4),
  ]
}

/// Largest difference between a density's gradient and central differences, relative to 1 + |gradient|.
public func largestGradientError(of density: some LogDensity, at theta: [Double]) throws -> Double {
  var gradient = [Double](repeating: .nan, count: density.dimension)
  _ = try density.evaluate(at: theta, gradient: &gradient)
  var largest = 0.0
  for coordinate in theta.indices {
    let expected = try centralDifference(of: density.value(at:), at: theta, coordinate: coordinate)
    let error = abs(gradient[coordinate] - expected) / (1 + abs(expected))
    guard error.isFinite else { return .infinity }
    largest = max(largest, error)
  }
  return largest
}
