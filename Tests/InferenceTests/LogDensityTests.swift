import Foundation
import Inference
import TestSupport
import Testing

@Suite struct LogDensityTests {
  /// The analytic densities are what optimisers and samplers are tested against, so they are tested first.
  @Test func analyticGradientsMeetCentralDifferences() throws {
    for density in analyticDensities() {
      for offset in [0.3, -0.7, 1.9] {
        let theta = (0..<density.dimension).map { offset * (1 - 0.3 * Double($0)) }
        let error = try largestGradientError(of: density, at: theta)
        #expect(error < 1e-8, "\(density.name) at \(theta)")
      }
    }
  }

  @Test func analyticGradientsVanishAtTheMode() throws {
    for density in analyticDensities() {
      var gradient = [Double](repeating: .nan, count: density.dimension)
      _ = try density.evaluate(at: density.mode, gradient: &gradient)
      #expect(gradient.allSatisfy { abs($0) < 1e-12 }, "\(density.name): \(gradient)")
    }
  }

  /// E[theta] and var[theta] by two-dimensional quadrature, for the one density whose moments are not obvious.
  @Test func bananaHasTheMomentsItClaims() throws {
    let density = Banana(width: 1.5, thickness: 0.4)
    var (mass, mean, square) = (0.0, 0.0, 0.0)
    for row in 0...400 {
      let x = 1 + 9 * (Double(row) / 200 - 1)
      for column in 0...400 {
        let y = x * x + 3 * (Double(column) / 200 - 1)
        let weight = try exp(density.value(at: [x, y]))
        mass += weight
        mean += weight * y
        square += weight * y * y
      }
    }
    let cell = 9.0 / 200 * 3 / 200
    #expect(abs(mass * cell - 1) < 1e-7)
    #expect(abs(mean / mass - density.mean[1]) < 1e-6)
    #expect(abs(square / mass - (mean / mass) * (mean / mass) - density.variance[1]) < 1e-4)
  }

  @Test func correlatedGaussianIsTheProductOfItsFactors() throws {
    // Two dimensions by the textbook formula: det = s1^2 s2^2 (1 - rho^2).
    let density = AutoregressiveGaussian(mean: [1, -1], deviation: [2, 0.5], correlation: -0.6)
    let (u, w) = ((2.0 - 1) / 2, (0.25 + 1) / 0.5)
    let expected =
      -(u * u + 1.2 * u * w + w * w) / (2 * 0.64) - log(2 * Double.pi * 2 * 0.5 * 0.8)
    #expect(abs(try density.value(at: [2, 0.25]) - expected) < 1e-12)
    #expect(abs(density.covariance(0, 1) + 0.6) < 1e-15)
  }

  @Test func weightsScaleTheTerms() {
    let loss = ObjectiveWeights.loss(alpha: 0.1).evaluation(logLikelihood: -2, logPrior: -80)
    #expect(abs(loss.value + 10) < 1e-12)
    #expect(loss.logLikelihood == -2 && loss.logPrior == -80)
    let posterior = ObjectiveWeights.posterior(effectiveObservations: 10)
      .evaluation(logLikelihood: -2, logPrior: -80)
    #expect(abs(posterior.value - 10 * loss.value) < 1e-12)
    let alone = ObjectiveWeights.loss(alpha: 0).evaluation(logLikelihood: -2, logPrior: -.infinity)
    #expect(alone.value == -2)
  }
}
