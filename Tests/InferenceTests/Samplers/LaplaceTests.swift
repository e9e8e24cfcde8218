import Foundation
import Inference
import NumericCore
import TestSupport
import Testing

@Suite struct LaplaceTests {
  @Test func threadsDoNotChangeTheHessian() throws {
    let density = AutoregressiveGaussian(mean: [3, -1, 0], deviation: [1, 0.3, 2], correlation: 0.9)
    let white = try WhiteCoordinates(centre: density.mean, covariance: .diagonal(density.variance))
    let found = try [1, 3].map {
      try LaplaceApproximation(at: density.mode, white: white, threads: $0, makeDensity: { density }).curvatures
    }
    #expect(found[0] == found[1])
  }

  /// A saddle: the curvature that is negative is raised, counted and told.
  @Test func negativeCurvaturesAreRaisedAndTold() throws {
    let found = try LaplaceApproximation(
      at: [0, 0], white: try .identity(2), threads: 1, makeDensity: { Saddle() })
    #expect(found.raisedCount == 1 && found.nonPositiveCount == 1)
    #expect(abs(found.curvatures[0] + 2) < 1e-6 && abs(found.curvatures[1] - 3) < 1e-6)
    #expect(abs(found.distribution.covariance[0, 0] - 1 / LaplaceApproximation.curvatureFloor) < 1e-6)
    #expect(abs(found.distribution.covariance[1, 1] - 1.0 / 3) < 1e-6)
    #expect(found.note?.contains("1 of 2 curvatures") == true && found.note?.contains("not positive") == true)
  }

  @Test func resamplingFollowsTheWeights() throws {
    var source = RandomSource(seed: 1)
    let ratios = [-Double.infinity] + (1...50).map { log(Double($0)) }
    let chosen = try ImportanceResampling.resample(logRatios: ratios, count: 12_750, using: &source)
    #expect(chosen.indices.count == 12_750 && !chosen.indices.contains(0))
    for index in [1, 20, 40] {
      #expect(abs(chosen.indices.count { $0 == index } - 10 * index) <= 2 + index)
    }
    #expect(throws: (any Error).self) {
      try ImportanceResampling.resample(logRatios: [.nan, 0], count: 1, using: &source)
    }
  }

  private final class Saddle: LogDensity {
    let dimension = 2

    func evaluate(at theta: [Double], gradient: inout [Double]) -> DensityEvaluation {
      gradient = [2 * theta[0], -3 * theta[1]]
      return DensityEvaluation(value: theta[0] * theta[0] - 1.5 * theta[1] * theta[1])
    }
  }
}
