import Foundation
import NumericCore

/// A point with a momentum, in coordinates where the mass matrix is the identity: the prior's covariance, or what
/// else the coordinates whiten, is the inverse mass of the logits.
struct PhasePoint: Sendable {
  var point: MarkovChainPoint
  var momentum: [Double]

  /// -log density + |p|^2 / 2; infinite where the density is zero.
  var energy: Double { point.isPossible ? dot(momentum, momentum) / 2 - point.value : .infinity }

  /// A point with a fresh momentum, which has no part along oscillatory directions.
  init(_ point: MarkovChainPoint, target: SamplingTarget, source: inout RandomSource) {
    self.point = point
    momentum = [Double](repeating: 0, count: point.position.count)
    source.fillNormal(&momentum)
    target.removeRipples(&momentum)
  }

  /// One step of the leapfrog integrator, backwards in time for a negative step size.
  mutating func leapfrog(_ stepSize: Double, target: SamplingTarget) throws {
    var position = point.position
    for index in momentum.indices {
      momentum[index] += stepSize / 2 * point.gradient[index]
      position[index] += stepSize * momentum[index]
    }
    point = try target.point(at: position, withGradient: true)
    for index in momentum.indices { momentum[index] += stepSize / 2 * point.gradient[index] }
  }

  /// An error of the energy above which a path has diverged, as Stan has it.
  static let divergence = 1000.0
}

extension DualAveraging {
  /// The memory before the first transition: the step size at which one leapfrog step is accepted about half of the
  /// time, found by halving or doubling 1 (Hoffman & Gelman 2014, algorithm 4).
  init(findingStepAt point: MarkovChainPoint, target: SamplingTarget, source: inout RandomSource) throws {
    let start = PhasePoint(point, target: target, source: &source)
    func gain(_ stepSize: Double) throws -> Double {
      var moved = start
      try moved.leapfrog(stepSize, target: target)
      return start.energy - moved.energy
    }
    var stepSize = 1.0
    let isTooSmall = try gain(stepSize) > -log(2)
    for _ in 0..<50 {
      let next = isTooSmall ? 2 * stepSize : stepSize / 2
      guard try (gain(next) > -log(2)) == isTooSmall else {
        if !isTooSmall { stepSize = next }
        break
      }
      stepSize = next
    }
    self.init(firstStep: stepSize)
  }
}
