import Foundation
import Inference
import NumericCore
import TestSupport
import Testing

/// Parameters along which the gradient is that of ripples.
@Suite struct RippleTests {
  private func scaled(_ density: some SampledDensity) throws -> WhiteCoordinates {
    try WhiteCoordinates(centre: density.mean, covariance: .diagonal(density.variance))
  }

  /// Ripples are part of the density: the log density is among what is compared.
  @Test func pathsAndSlicesKeepAOscillatoryDensity() throws {
    let density = try OscillatoryGaussian.ofFour(amplitude: 1.5, frequency: 40)
    for coordinates in [try scaled(density), try WhiteCoordinates(whitening: density.smooth.distribution)] {
      let memory = DualAveraging(firstStep: 0.4)
      try checkInvariance(of: NoUTurn(maximumDepth: 5), memory: memory, on: density, coordinates: coordinates)
      try checkInvariance(
        of: HamiltonianMonteCarlo(pathLength: 2), memory: memory, on: density, coordinates: coordinates)
    }
  }

  @Test func chainsFindAOscillatoryDensity() throws {
    let density = try OscillatoryGaussian.ofFour(amplitude: 0.5, frequency: 300)
    try checkErgodicAverages(of: NoUTurn(), on: density, coordinates: try scaled(density))
    try checkErgodicAverages(of: HamiltonianMonteCarlo(), on: density, coordinates: try scaled(density))
  }

  /// Following the slope of such ripples, a path would need steps a hundred times shorter.
  @Test func stepsAreThoseOfTheTrend() throws {
    func stepSize(_ density: some SampledDensity & Sendable) throws -> Double {
      let sampling = MarkovChainSampling(
        sampler: HamiltonianMonteCarlo(), chains: 1, warmUp: 300, draws: 50, seed: 3, threads: 1)
      let history = try sampling.run(
        coordinates: try scaled(density), start: { density.sample(using: &$0) }, makeDensity: { density })[0]
      return try #require(history.iterations.last).info.stepSize
    }
    let oscillatory = try OscillatoryGaussian.ofFour(amplitude: 0.05, frequency: 1000)
    let (found, trend) = (try stepSize(oscillatory), try stepSize(oscillatory.smooth))
    #expect(found > 0.5 * trend, "\(found) against \(trend)")
  }

  @Test func whatPathsFollowLeavesOscillatoryParametersWhereTheyAre() throws {
    let density = try OscillatoryGaussian.ofFour(amplitude: 0.05, frequency: 1000)
    let white = try WhiteCoordinates(whitening: density.smooth.distribution)
    let target = SamplingTarget(density, coordinates: white)
    #expect(target.oscillatoryDirections.count == 1)
    let point = try target.point(at: [0.3, -0.2, 0.9, -1.1], withGradient: true)
    let theta = white.theta(point.position)
    let moved = white.theta(zip(point.position, point.gradient).map { $0 + $1 })
    #expect(abs(theta[1] - moved[1]) < 1e-12)
    #expect(zip(theta, moved).contains { abs($0 - $1) > 0.1 })
    // Along the direction itself the others follow by their regression on the oscillatory parameter.
    let along = white.theta(zip(point.position, target.oscillatoryDirections[0]).map { $0 + 2 * $1 })
    let covariance = density.smooth.distribution.covariance
    for index in 0..<4 {
      let expected = covariance[index, 1] / covariance[1, 1] * (along[1] - theta[1])
      #expect(abs(along[index] - theta[index] - expected) < 1e-12)
    }
    let pinned = try WhiteCoordinates(centre: density.mean, covariance: .identity(3), pinned: [1])
    #expect(SamplingTarget(density, coordinates: pinned).oscillatoryDirections.isEmpty)
  }

  /// The curvature of the trend, where that of the ripples is 50 000.
  @Test func laplaceSeesTheTrend() throws {
    let density = try OscillatoryGaussian.ofFour(amplitude: 0.005, frequency: 3000)
    let white = try scaled(density)
    let found = try LaplaceApproximation(at: density.mode, white: white, threads: 1, makeDensity: { density })
    let (covariance, expected) = (found.distribution.covariance, density.smooth.distribution.covariance)
    #expect(found.raisedCount == 0)
    for row in 0..<4 {
      for column in 0..<4 {
        let scale = (expected[row, row] * expected[column, column]).squareRoot()
        #expect(abs(covariance[row, column] - expected[row, column]) < 0.08 * scale)
      }
    }
    let metric = try found.metric(white: white)
    #expect(metric.dimension == 4)
  }

  /// No direction of the metric is wider than sqrt(2) of what was white.
  @Test func theMetricIsNowhereMuchWiderThanThePrior() throws {
    let covariance = Matrix(rows: 2, columns: 2, values: [9, 1, 1, 0.25])
    let found = try LaplaceApproximation(mode: [0, 0], covariance: covariance, pinnedPositions: [], curvatures: [])
    let white = try WhiteCoordinates(centre: [0, 0], covariance: .diagonal([1, 4]))
    let factor = try found.metric(white: white).cholesky.factor
    let capped = factor.multiplied(by: factor, transposingOther: true)
    let whitened = Matrix(
      rows: 2, columns: 2,
      values: [capped[0, 0], capped[0, 1] / 2, capped[1, 0] / 2, capped[1, 1] / 4])
    let values = try SymmetricEigen(whitened).values
    #expect(values.allSatisfy { $0 < 2 + 1e-12 } && abs(values[1] - 2) < 1e-12)
  }
}
