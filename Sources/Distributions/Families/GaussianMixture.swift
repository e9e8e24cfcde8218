import Foundation
public import NumericCore

/// A mixture of Gaussians: log p(x) = log sum_k w_k N(x; mean_k, covariance_k).
public struct GaussianMixture: Distribution {
  public static let family = "gaussian-mixture"
  /// Positive, sum 1.
  public let weights: [Double]
  /// One per weight, all of one dimension.
  public let components: [MultivariateNormal]

  public var dimension: Int { components[0].dimension }

  /// - Precondition: there is a component, all have one dimension, and each has a positive weight.
  public init(weights: [Double], components: [MultivariateNormal]) {
    precondition(!components.isEmpty && weights.count == components.count, "\(weights.count) weights of components")
    precondition(weights.allSatisfy { $0 > 0 && $0.isFinite }, "The weights \(weights) are not all positive")
    precondition(components.allSatisfy { $0.dimension == components[0].dimension }, "Components of many dimensions")
    let total = weights.reduce(0, +)
    // Weights that add up to 1 within rounding are kept, so that a stored mixture comes back as it was.
    self.weights = (total - 1).magnitude < 1e-12 ? weights : weights.map { $0 / total }
    self.components = components
  }

  public var mean: [Double] {
    var result = [Double](repeating: 0, count: dimension)
    for (weight, component) in zip(weights, components) {
      for index in result.indices { result[index] += weight * component.mean[index] }
    }
    return result
  }

  /// sum_k w_k (covariance_k + (mean_k - mean)(mean_k - mean)^T).
  public var covariance: Matrix {
    let mean = mean
    var result = Matrix(rows: dimension, columns: dimension)
    for (weight, component) in zip(weights, components) {
      for row in 0..<dimension {
        for column in 0..<dimension {
          let spread = (component.mean[row] - mean[row]) * (component.mean[column] - mean[column])
          result[row, column] += weight * (component.covariance[row, column] + spread)
        }
      }
    }
    return result
  }

  // MARK: - Density

  /// By log-sum-exp; the score is that of the components, averaged by their responsibilities.
  public func logDensity(at point: [Double], score: inout [Double]) -> Double {
    var total = -Double.infinity
    var own = score
    for index in score.indices { score[index] = 0 }
    for (weight, component) in zip(weights, components) {
      let term = log(weight) + component.logDensity(at: point, score: &own)
      guard term > -.infinity else { continue }
      // The running mean of scores, as each component joins the sum.
      let sum = logSumExp(total, term)
      let share = exp(term - sum)
      for index in score.indices { score[index] += share * (own[index] - score[index]) }
      total = sum
    }
    return total
  }

  public func sample(using source: inout RandomSource) -> [Double] {
    components[source.nextIndex(weights: weights)].sample(using: &source)
  }

  // MARK: - Parts

  public func marginalDistribution(over indices: [Int]) throws -> any Distribution {
    GaussianMixture(weights: weights, components: try components.map { try $0.marginal(over: indices) })
  }

  /// The conditional of each component, weighted by how well the component explains the given values; components
  /// that do not explain them at all are dropped.
  ///
  /// - Throws: ``DistributionError`` if a value is not finite, if there are not as many values as indices, or if no
  ///   component explains them.
  public func conditionalDistribution(given indices: [Int], values: [Double]) throws -> any Distribution {
    try requireFinite(given: indices, values: values)
    let logWeights = try zip(weights, components).map { weight, component in
      log(weight) + (try component.marginal(over: indices)).logDensity(at: values)
    }
    let largest = logWeights.max() ?? -.infinity
    guard largest.isFinite else {
      throw DistributionError.notFinite(what: "log density of the given values", value: largest)
    }
    let shares = logWeights.map { exp($0 - largest) }
    let kept = shares.indices.filter { shares[$0] > 0 }
    return GaussianMixture(
      weights: kept.map { shares[$0] / shares.reduce(0, +) },
      components: try kept.map { try components[$0].conditional(given: indices, values: values) })
  }

  // MARK: - Storage

  public func encode(into archive: inout DistributionArchive) {
    archive.set(weights, for: "weights")
    for (index, component) in components.enumerated() {
      archive.set(component.mean, for: "component/\(index)/mean")
      archive.set(component.covariance, for: "component/\(index)/covariance")
    }
  }

  /// - Throws: ``ArchiveError`` naming the array that is missing or unfit.
  public init(from archive: DistributionArchive) throws {
    let weights = try archive.vector("weights")
    guard !weights.isEmpty else { throw ArchiveError.wrongShape("weights", found: [0], expected: [1]) }
    if let weight = weights.first(where: { $0 <= 0 }) {
      throw ArchiveError.invalid("weights", value: weight, condition: "positive")
    }
    let dimension = try archive.vector("component/0/mean").count
    let components = try weights.indices.map { index in
      try MultivariateNormal(
        mean: archive.vector("component/\(index)/mean", count: dimension),
        covariance: archive.matrix("component/\(index)/covariance", rows: dimension, columns: dimension))
    }
    self.init(weights: weights, components: components)
  }
}

/// log(e^a + e^b) without overflow; minus infinity is log 0.
package func logSumExp(_ a: Double, _ b: Double) -> Double {
  let larger = max(a, b)
  guard larger > -.infinity else { return larger }
  return larger + log1p(exp(min(a, b) - larger))
}
