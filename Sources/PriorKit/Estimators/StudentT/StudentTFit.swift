import Foundation
import NumericCore

/// The iteration behind ``StudentTEstimator``, also used for the dependence of a copula.
struct StudentTFit {
  let sample: WeightedRows
  let shape: any ScatterShape
  let fixedDegreesOfFreedom: Double?
  /// Keeps the location at zero, for variables that were centred by their marginals.
  let locationIsZero: Bool

  private(set) var distribution: MultivariateStudentT
  /// The weighted scatter of the last step, before it was shaped.
  private(set) var freeScatter: Matrix
  /// Nats per preset after each step.
  private(set) var logLikelihoods: [Double] = []

  /// The gain in nats per preset below which the iteration stops.
  static let tolerance = 1e-8
  static let maximumIterations = 500

  init(
    sample: WeightedRows, shape: any ScatterShape, fixedDegreesOfFreedom: Double?, locationIsZero: Bool
  ) throws {
    self.sample = sample
    self.shape = shape
    self.fixedDegreesOfFreedom = fixedDegreesOfFreedom
    self.locationIsZero = locationIsZero
    let location = locationIsZero ? [Double](repeating: 0, count: sample.dimension) : sample.mean
    let scatter = sample.scatter(about: location, weights: sample.weights, total: Double(sample.count))
    freeScatter = scatter
    distribution = try MultivariateStudentT(
      location: location, scatter: shape.shaped(scatter, blocks: sample.blocks),
      degreesOfFreedom: fixedDegreesOfFreedom ?? 10)
  }

  mutating func run(maximumIterations: Int = Self.maximumIterations) throws {
    try distribution.requireVolume()
    var distances = distribution.squaredDistances(toRows: sample.rows)
    for _ in 0..<maximumIterations {
      let weights = zip(sample.weights, distances).map { $0 * distribution.weight(ofSquaredDistance: $1) }
      let total = weights.reduce(0, +)
      let location = locationIsZero ? distribution.location : sample.mean(weights: weights, total: total)
      freeScatter = sample.scatter(about: location, weights: weights, total: total)
      let next = try MultivariateStudentT(
        location: location, scatter: shape.shaped(freeScatter, blocks: sample.blocks),
        degreesOfFreedom: distribution.degreesOfFreedom)
      distances = next.squaredDistances(toRows: sample.rows)
      let degreesOfFreedom = fixedDegreesOfFreedom ?? mostLikelyDegreesOfFreedom(distances)
      distribution =
        degreesOfFreedom == next.degreesOfFreedom
        ? next
        : try MultivariateStudentT(
          location: location, scatter: next.scatter, degreesOfFreedom: degreesOfFreedom)
      logLikelihoods.append(meanLogLikelihood(distances))
      guard let last = logLikelihoods.dropLast().last, let current = logLikelihoods.last else { continue }
      if (current - last).magnitude < Self.tolerance { break }
    }
    try distribution.requireVolume()
  }

  private func meanLogLikelihood(_ distances: [Double]) -> Double {
    zip(sample.weights, distances).reduce(0) { $0 + $1.0 * distribution.logDensity(ofSquaredDistance: $1.1) }
      / Double(sample.count)
  }

  /// The maximum over nu, location and scatter held, by golden-section search in log nu, near the present value
  /// where it is the better one: the step never loses likelihood.
  private func mostLikelyDegreesOfFreedom(_ distances: [Double]) -> Double {
    let dimension = sample.dimension
    func loss(_ logarithm: Double) -> Double {
      let nu = exp(logarithm)
      let normaliser = MultivariateStudentT.logNormaliser(dimension: dimension, degreesOfFreedom: nu)
      return zip(sample.weights, distances).reduce(0) { sum, pair in
        sum - pair.0
          * (normaliser + MultivariateStudentT.logKernel(pair.1, dimension: dimension, degreesOfFreedom: nu))
      }
    }
    return Self.degreesOfFreedom(from: distribution.degreesOfFreedom, loss: loss)
  }

  /// The degrees of freedom of the least loss, which is a function of their logarithm; `present` where that is the
  /// better one.
  static func degreesOfFreedom(from present: Double, loss: (Double) -> Double) -> Double {
    let range = StudentTEstimator.degreesOfFreedomRange
    let candidate = GoldenSection.minimum(of: loss, in: log(range.lowerBound)...log(range.upperBound))
    return loss(candidate) < loss(log(present)) ? exp(candidate) : present
  }
}

extension MultivariateStudentT {
  /// Throws where a coordinate is left next to no variance by those before it: a singular scatter may pass for a
  /// definite one by its rounding.
  func requireVolume() throws {
    for index in 0..<dimension {
      let rest = cholesky.factor[index, index]
      guard rest * rest > 1e-11 * scatter[index, index] else {
        throw LinearAlgebraError.notPositiveDefinite(pivot: index, dimension: dimension)
      }
    }
  }
}
