import Distributions
import NumericCore
import PresetStore
import PriorKit
import TestSupport
import Testing

/// Gaussians of presets that are estimates: what their sources leave open is added.
@Suite struct WideningTests {
  private func normal(_ estimator: some DensityEstimator, _ data: EstimationData) throws -> MultivariateNormal {
    try #require(try estimator.fit(data) as? MultivariateNormal)
  }

  private let free = WideningEstimator(shape: FreeScatter())

  /// Posterior means of parameters whose prior is the truth, N(0, widths^2): by the law of total variance their
  /// variance and what is open add up to it, whatever each source knows.
  @Test func lawOfTotalVariance() throws {
    var source = RandomSource(seed: 1)
    let (widths, count) = ([2.0, 0.5, 1], 8000)
    var (rows, matrices): ([[Double]], [Matrix]) = ([], [])
    for index in 0..<count {
      let truth = widths.map { $0 * source.nextNormal() }
      // One source knows a mixture of two parameters, another the third, another nothing.
      let directions: [[Double]] = [[[0.7, 1.5, 0]], [[0, 0, 2]], [], [[1, 0, 0.3], [0, 1, 0]]][index % 4]
      var information = Matrix(rows: 3, columns: 3)
      var pull = [0.0, 0, 0]
      for direction in directions {
        let seen = zip(direction, truth).reduce(0) { $0 + $1.0 * $1.1 } + source.nextNormal()
        for i in 0..<3 {
          pull[i] += direction[i] * seen
          for j in 0..<3 { information[i, j] += direction[i] * direction[j] }
        }
      }
      var precision = information
      for i in 0..<3 { precision[i, i] += 1 / (widths[i] * widths[i]) }
      rows.append(try Cholesky(precision).solve(pull))
      matrices.append(information)
    }
    var data = EstimationData.unnamed(Matrix(rows: rows))
    let ones = Matrix(rows: count, columns: 3, values: Array(repeating: 1, count: 3 * count))
    data.information = PresetInformation(matrices: matrices, standardErrors: ones, widths: widths)
    let fit = try normal(free, data)
    let found = try normal(GaussianEstimator.unbiased, data)
    for i in 0..<3 {
      let expected = widths[i] * widths[i]
      #expect(abs(fit.covariance[i, i] / expected - 1) < 0.04, "\(fit.covariance)")
      #expect(found.covariance[i, i] < 0.7 * expected)
      for j in 0..<i { #expect(abs(fit.covariance[i, j]) < 0.04 * widths[i] * widths[j]) }
    }
  }

  @Test func exactRowsGiveTheirMoments() throws {
    var source = RandomSource(seed: 2)
    let rows = Matrix(rows: (0..<40).map { _ in [source.nextNormal(), 3 * source.nextNormal() + 1] })
    var data = EstimationData.unnamed(
      rows, weights: (0..<40).map { Double(1 + $0 % 3) }, blockSize: 2)
    let small = Matrix(rows: 40, columns: 2, values: Array(repeating: 1e-6, count: 80))
    data.information = PresetInformation(independent: small)
    let fit = try normal(free, data)
    let sample = try normal(GaussianEstimator.maximumLikelihood, data)
    #expect(largestDifference(fit.mean, sample.mean) < 1e-9)
    #expect(largestDifference(fit.covariance.values, sample.covariance.values) < 1e-8)
  }

  /// What no source knows has the typical spread, although all presets hold one number.
  @Test func unknownParameterKeepsItsWidth() throws {
    var source = RandomSource(seed: 3)
    let rows = Matrix(rows: (0..<60).map { _ in [source.nextNormal(), 4] })
    var data = EstimationData.unnamed(rows, blockSize: 2)
    let ones = Matrix(rows: 60, columns: 2, values: Array(repeating: 1, count: 120))
    data.information = PresetInformation(
      matrices: Array(repeating: .diagonal([1e8, 0]), count: 60), standardErrors: ones, widths: [1, 2])
    let fit = try normal(WideningEstimator(), data)
    #expect(abs(fit.covariance[1, 1] - 4) < 1e-6 && fit.mean[1] == 4)
    #expect(throws: PriorError.noInformation(estimator: "widened-blocks")) {
      try WideningEstimator().fit(.unnamed(rows))
    }
    var wrong = data
    wrong.information?.matrices[7] = .diagonal([1, -2])
    for estimator in [WideningEstimator(), DeconvolvingEstimator()] as [any DensityEstimator] {
      #expect(throws: PriorError.badInformation(row: 7)) { try estimator.fit(wrong) }
    }
    let record = try WideningEstimator().estimate(data).hyperparameters
    let share = try #require(record.first { $0.name == "share_left_open" })
    #expect(abs(share.value - 0.5) < 1e-6)
  }

  /// Shares are chosen by what held-out presets may be: weakly correlated blocks are told from strong ones.
  @Test(arguments: [0.0, 0.9]) func sharesAreChosen(correlation: Double) throws {
    var source = RandomSource(seed: 5)
    let rows = Matrix(
      rows: (0..<150).map { _ in
        let shared = source.nextNormal()
        return (0..<6).map { _ in
          correlation.squareRoot() * shared + (1 - correlation).squareRoot() * source.nextNormal()
        }
      })
    var data = EstimationData.unnamed(rows)
    data.information = PresetInformation(
      independent: Matrix(rows: 150, columns: 6, values: Array(repeating: 0.2, count: 900)))
    let fit = try normal(WideningEstimator(), data)
    let coupling = fit.covariance[0, 5] / fit.covariance[0, 0]
    #expect(correlation > 0 ? coupling > 0.6 : abs(coupling) < 0.1, "\(coupling)")
  }
}
