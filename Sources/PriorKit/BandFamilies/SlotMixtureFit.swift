import Distributions
import Foundation
import NumericCore

/// EM for a mixture over presets whose bands have unknown orders.
struct SlotMixtureFit {
  private(set) var mixture: GaussianMixture
  /// Penalised log-likelihood, in nats per preset, before each step.
  private(set) var objectives: [Double] = []

  private let sample: WeightedRows
  private let estimator: SlotMixtureEstimator
  private let layout: BandLayout
  /// The diagonal of the matrix at which the prior pulls.
  private let priorVariances: [Double]

  private static let tolerance = 1e-4
  private static let mostSteps = 100
  /// Orders below the best of a preset by more nats are left out of a step, and shares below the least.
  private static let (window, leastShare) = (10.0, 1e-4)
  /// A component of less weight, in presets, has lost its presets.
  private static let leastWeight = 2.0
  private static let searchSteps = 200_000

  /// - Parameter sample: presets whose bands stand in slots, from which the fit begins.
  init(_ sample: WeightedRows, estimator: SlotMixtureEstimator, layout: BandLayout) throws {
    self.sample = sample
    self.estimator = estimator
    self.layout = layout
    let covariance = sample.scatter(about: sample.mean, weights: sample.weights, total: Double(sample.count))
    let variances = covariance.diagonal
    let shrinkage = pow(Double(estimator.components), -2 / Double(sample.dimension))
    priorVariances = variances.map { $0 * shrinkage }
    var source = RandomSource(seed: estimator.seed)
    let members = KMeans(sample: sample, variances: variances).partition(
      into: estimator.components, source: &source)
    let parts = (0..<estimator.components).map { component in
      Part(images: sample.rows, shares: zip(sample.weights, members.column(component)).map(*))
    }
    mixture = GaussianMixture(
      weights: [1], components: [try MultivariateNormal(mean: sample.mean, covariance: covariance)])
    mixture = try maximised(parts)
  }

  /// Images of presets with what they count for.
  private struct Part {
    var images: Matrix
    var shares: [Double]
  }

  mutating func run() throws {
    for _ in 0..<Self.mostSteps {
      let (parts, objective) = try expectation()
      objectives.append(objective)
      if objectives.count > 1, objective - objectives[objectives.count - 2] < Self.tolerance { return }
      mixture = try maximised(parts)
    }
  }

  /// The orders of every preset under every component, weighed by their densities.
  private func expectation() throws -> (parts: [Part], objective: Double) {
    let terms = try mixture.ellipticalTerms.map { try OrderedTerm($0, layout: layout) }
    var images = [[Double]](repeating: [], count: terms.count)
    var shares = images
    var total = 0.0
    for row in 0..<sample.count {
      let theta = sample.rows.row(row)
      let values = layout.values(at: theta)
      let searches = terms.map { OrderSearch($0, values: values, point: theta) }
      var best = -Double.infinity
      for search in searches {
        switch search.best(above: best, steps: Self.searchSteps) {
        case .best(_, let value): best = value
        case .none: break
        case .unfinished: best = max(best, search.goodOrder(steps: Self.searchSteps)?.value ?? -.infinity)
        }
      }
      // Where a search takes too long, the best order that it found stands for all.
      let found = searches.map { search in
        search.orders(above: best - Self.window, steps: Self.searchSteps)
          ?? search.goodOrder(steps: Self.searchSteps).map { (orders: $0.order, values: [$0.value]) }
          ?? (orders: [], values: [])
      }
      let sum = logSumExp(found.flatMap(\.values))
      guard sum > -.infinity else { continue }
      total += sample.weights[row] * sum
      for (component, found) in found.enumerated() {
        for (place, value) in found.values.enumerated() where value - sum > log(Self.leastShare) {
          var image = theta
          let start = place * layout.slotCount
          _ = layout.apply(found.orders[start..<start + layout.slotCount], values, to: &image)
          images[component] += image
          shares[component].append(sample.weights[row] * exp(value - sum))
        }
      }
    }
    let parts = zip(images, shares).map { values, shares in
      Part(images: Matrix(rows: shares.count, columns: sample.dimension, values: values), shares: shares)
    }
    return (parts, (total + logPrior) / Double(sample.count))
  }

  /// -(prior count / 2) sum over covariances of log det + trace of (prior matrix covariance^-1).
  private var logPrior: Double {
    mixture.components.reduce(0) {
      $0 + $1.logCovariancePrior(count: estimator.priorCount, variances: priorVariances)
    }
  }

  /// The components that suit their parts best; those without presets are dropped.
  private func maximised(_ parts: [Part]) throws -> GaussianMixture {
    var (weights, components): ([Double], [MultivariateNormal]) = ([], [])
    for part in parts {
      let weight = part.shares.reduce(0, +)
      guard weight >= Self.leastWeight || (parts.count == 1 && weight > 0) else { continue }
      let mean = (part.images.transposed * part.shares).map { $0 / weight }
      var covariance = part.images.subtracting(mean).scalingRows(by: part.shares.map { $0.squareRoot() })
        .gram(scale: 1 / (weight + estimator.priorCount))
      for column in mean.indices {
        covariance[column, column] +=
          estimator.priorCount / (weight + estimator.priorCount) * priorVariances[column]
      }
      weights.append(weight)
      components.append(try MultivariateNormal(mean: mean, covariance: covariance))
    }
    guard !components.isEmpty else { throw EstimationError.collapsed(components: parts.count, restarts: 1) }
    return GaussianMixture(weights: weights, components: components)
  }
}
