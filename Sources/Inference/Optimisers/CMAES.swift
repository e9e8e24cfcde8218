import Foundation
import NumericCore

/// The covariance matrix adaptation evolution strategy (mu/mu_w, lambda)-CMA-ES with weights for the better half:
/// no gradients, invariant under affine maps of the coordinates together with the first covariance.
///
/// A generation is lambda draws from N(m, sigma^2 C); m moves to the weighted mean of the better half, C learns
/// from where they lie (rank mu) and from the path of m (rank one), sigma from the length of that path. Started in
/// white coordinates of a prior, C begins as the prior's covariance. A loss of infinity counts as the worst of its
/// generation.
///
/// Source: Hansen, "The CMA evolution strategy: a tutorial", arXiv 1604.00772, with its default constants.
public struct CMAES: Optimiser, Hashable {
  /// Draws in a generation; the tutorial's 4 + floor(3 log D) if nil.
  public let population: Int?
  /// The first sigma: how many standard deviations of the first covariance the draws are spread.
  public let firstSigma: Double
  /// The seed of the draws.
  public let seed: UInt64

  /// - Precondition: a population is at least 4, sigma positive and finite.
  public init(population: Int? = nil, firstSigma: Double = 0.3, seed: UInt64 = 0) {
    precondition(population.map { $0 >= 4 } ?? true, "A population of \(population ?? 0) is less than 4")
    precondition(firstSigma > 0 && firstSigma.isFinite, "The first sigma \(firstSigma) is not positive")
    self.population = population
    self.firstSigma = firstSigma
    self.seed = seed
  }

  public var settings: String {
    "cma-es population=\(population.map(String.init) ?? "default") first_sigma=\(firstSigma) seed=\(seed)"
  }
  public var usesGradient: Bool { false }
  public var survivesFailures: Bool { true }

  public func makeState(dimension: Int) -> State { State(dimension: dimension, sigma: firstSigma) }

  public func advance(_ theta: inout [Double], loss: Double, gradient: [Double], state: inout State) {
    let constants = CMAConstants(dimension: theta.count, population: population)
    state.stepCount += 1
    if state.stepCount == 1 {
      // The start point is evaluated for the record and becomes the mean.
      state.mean = theta
    } else {
      state.losses.append(loss.isNaN ? .infinity : loss)
      if state.losses.count == constants.population { state.evolve(constants) }
    }
    var source = RandomSource(seed: seed, stream: UInt64(state.stepCount))
    theta = state.propose(using: &source)
  }
}

/// The constants of the tutorial's table 1, for positive weights.
struct CMAConstants {
  let population: Int
  let weights: [Double]
  /// The variance effective selection mass 1 / sum w^2.
  let effectiveMass: Double
  let sigmaRate: Double
  let sigmaDamping: Double
  let pathRate: Double
  let rankOneRate: Double
  let rankMuRate: Double
  /// E |N(0, 1)| in D dimensions.
  let expectedNorm: Double

  init(dimension: Int, population: Int?) {
    let n = Double(dimension)
    let count = population ?? 4 + Int(3 * log(n))
    self.population = count
    let raw = (1...count / 2).map { log(Double(count + 1) / 2) - log(Double($0)) }
    let sum = raw.reduce(0, +)
    weights = raw.map { $0 / sum }
    let mass = 1 / weights.reduce(0) { $0 + $1 * $1 }
    effectiveMass = mass
    sigmaRate = (mass + 2) / (n + mass + 5)
    sigmaDamping = 1 + 2 * max(0, ((mass - 1) / (n + 1)).squareRoot() - 1) + sigmaRate
    pathRate = (4 + mass / n) / (n + 4 + 2 * mass / n)
    rankOneRate = 2 / ((n + 1.3) * (n + 1.3) + mass)
    rankMuRate = min(1 - rankOneRate, 2 * (0.25 + mass + 1 / mass - 2) / ((n + 2) * (n + 2) + mass))
    expectedNorm = n.squareRoot() * (1 - 1 / (4 * n) + 1 / (21 * n * n))
  }
}
