import Distributions
import Foundation
import NumericCore

/// One start of EM for a mixture, run to its end.
struct MixtureFit {
  private(set) var mixture: GaussianMixture
  /// Penalised log-likelihood in nats per preset, before each step.
  private(set) var objectives: [Double] = []

  var objective: Double { objectives.last ?? -.infinity }

  private static let tolerance = 1e-12
  private static let maximumIterations = 1000
  /// A component of less weight, in presets, has collapsed: without a prior its covariance is singular, with one it
  /// has lost its presets.
  private static func leastWeight(_ estimator: MixtureEstimator) -> Double { estimator.priorCount > 0 ? 0.1 : 2 }
  /// Variances are kept above this part of those of all presets.
  private static let varianceFloor = 1e-8

  private let sample: WeightedRows
  private let estimator: MixtureEstimator
  /// Diagonal of the matrix at which the prior pulls, and of the whole collection.
  private let priorVariances: [Double]
  private let variances: [Double]

  /// Nil where a component collapses.
  init?(sample: WeightedRows, estimator: MixtureEstimator, source: inout RandomSource) throws {
    self.sample = sample
    self.estimator = estimator
    let total = Double(sample.count)
    let mean = sample.mean
    variances = (0..<sample.dimension).map { column in
      (0..<sample.count).reduce(0) { sum, row in
        let distance = sample.rows[row, column] - mean[column]
        return sum + sample.weights[row] * distance * distance
      } / total
    }
    let shrinkage = pow(Double(estimator.components), -2 / Double(sample.dimension))
    priorVariances = variances.map { $0 * shrinkage }
    let centres = KMeans(sample: sample, variances: variances)
    var responsibilities = centres.partition(into: estimator.components, source: &source)
    guard let first = try Self.maximise(responsibilities, sample, estimator, priorVariances, variances) else {
      return nil
    }
    mixture = first
    for _ in 0..<Self.maximumIterations {
      objectives.append(expectation(&responsibilities))
      guard
        let next = try Self.maximise(responsibilities, sample, estimator, priorVariances, variances)
      else { return nil }
      if objectives.count > 1, objective - objectives[objectives.count - 2] < Self.tolerance { break }
      mixture = next
    }
  }

  /// Fills responsibilities [N, K] and gives the penalised log-likelihood.
  private func expectation(_ responsibilities: inout Matrix) -> Double {
    let terms = zip(mixture.weights, mixture.components).map { weight, component in
      component.logDensities(ofRows: sample.rows).map { $0 + log(weight) }
    }
    var sum = 0.0
    for row in 0..<sample.count {
      let total = terms.reduce(-Double.infinity) { logSumExp($0, $1[row]) }
      for component in terms.indices { responsibilities[row, component] = exp(terms[component][row] - total) }
      sum += sample.weights[row] * total
    }
    return (sum + logPrior) / Double(sample.count)
  }

  /// -(prior count / 2) sum over covariances of log det + trace of (prior matrix covariance^-1).
  private var logPrior: Double {
    guard estimator.priorCount > 0 else { return 0 }
    let distinct = estimator.covariance == .tied ? Array(mixture.components.prefix(1)) : mixture.components
    return distinct.reduce(0) {
      $0 + $1.logCovariancePrior(count: estimator.priorCount, variances: priorVariances)
    }
  }

  // MARK: - M step

  private static func maximise(
    _ responsibilities: Matrix, _ sample: WeightedRows, _ estimator: MixtureEstimator, _ priorVariances: [Double],
    _ variances: [Double]
  ) throws -> GaussianMixture? {
    var weights: [Double] = []
    var means: [[Double]] = []
    var scatters: [Matrix] = []
    for component in 0..<estimator.components {
      let shares = zip(sample.weights, responsibilities.column(component)).map(*)
      let weight = shares.reduce(0, +)
      // A single component has all the presets, however few.
      guard weight >= min(leastWeight(estimator), Double(sample.count)) - 1e-9 else { return nil }
      var mean = [Double](repeating: 0, count: sample.dimension)
      for row in 0..<sample.count {
        for column in 0..<sample.dimension { mean[column] += shares[row] * sample.rows[row, column] / weight }
      }
      weights.append(weight)
      means.append(mean)
      scatters.append(sample.scatter(about: mean, weights: shares, total: 1))
    }
    let prior = estimator.priorCount
    if estimator.covariance == .tied {
      var pooled = scatters[0]
      for scatter in scatters.dropFirst() {
        for index in pooled.values.indices { pooled.values[index] += scatter.values[index] }
      }
      scatters = scatters.map { _ in pooled }
    }
    let total = weights.reduce(0, +)
    do {
      let components = try weights.indices.map { index in
        var covariance = scatters[index]
        let count = (estimator.covariance == .tied ? total : weights[index]) + prior
        for entry in covariance.values.indices { covariance.values[entry] /= count }
        for column in 0..<sample.dimension {
          covariance[column, column] += prior / count * priorVariances[column]
          covariance[column, column] = max(covariance[column, column], varianceFloor * variances[column])
        }
        return try MultivariateNormal(mean: means[index], covariance: shaped(covariance, estimator.covariance))
      }
      return GaussianMixture(weights: weights.map { $0 / total }, components: components)
    } catch LinearAlgebraError.notPositiveDefinite {
      return nil
    }
  }

  private static func shaped(_ covariance: Matrix, _ kind: MixtureEstimator.Covariance) throws -> Matrix {
    switch kind {
    case .diagonal: .diagonal(covariance.diagonal)
    case .tied, .full: covariance
    case .factorAnalysers(let factors):
      try FactorModel(covariance, factors: min(factors, max(1, covariance.rows - 1)), stopping: .fixed).covariance
    }
  }
}
