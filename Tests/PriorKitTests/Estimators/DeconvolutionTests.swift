import Distributions
import Foundation
import NumericCore
import PresetStore
import PriorKit
import TestSupport
import Testing

/// Gaussians of what lies behind rows with errors.
@Suite struct DeconvolutionTests {
  private let mean = [1.0, -2, 0.5]
  private let covariance = Matrix(rows: [[1, 0.6, 0], [0.6, 2, -0.4], [0, -0.4, 0.5]])

  /// Rows of a Gaussian with errors: each tells nothing of one coordinate, where it holds the number 7, and has
  /// correlated errors of its own size in the two others.
  private func data(_ count: Int, seed: UInt64 = 1) throws -> EstimationData {
    var source = RandomSource(seed: seed)
    let factor = try Cholesky(covariance)
    var (rows, matrices): ([[Double]], [Matrix]) = ([], [])
    for index in 0..<count {
      var row = [source.nextNormal(), source.nextNormal(), source.nextNormal()]
      factor.multiplyByFactor(&row)
      for column in 0..<3 { row[column] += mean[column] }
      let (hidden, size) = (index % 3, [0.3, 1, 2][(index / 3) % 3])
      let seen = (0..<3).filter { $0 != hidden }
      let errors = Matrix(rows: [[size, 0.5 * size], [0.5 * size, size]])
      var noise = [source.nextNormal(), source.nextNormal()]
      try Cholesky(errors).multiplyByFactor(&noise)
      let precision = try Cholesky(errors).inverse()
      var matrix = Matrix(rows: 3, columns: 3)
      for (i, first) in seen.enumerated() {
        row[first] += noise[i]
        for (j, second) in seen.enumerated() { matrix[first, second] = precision[i, j] }
      }
      row[hidden] = 7
      rows.append(row)
      matrices.append(matrix)
    }
    return with(matrices, .unnamed(Matrix(rows: rows)), widths: [1, 1, 1])
  }

  private func with(_ matrices: [Matrix], _ data: EstimationData, widths: [Double]?) -> EstimationData {
    var data = data
    let ones = [Double](repeating: 1, count: data.rows.values.count)
    data.information = PresetInformation(
      matrices: matrices, standardErrors: Matrix(rows: data.rows.rows, columns: data.rows.columns, values: ones),
      widths: widths)
    return data
  }

  private func normal(_ estimator: some DensityEstimator, _ data: EstimationData) throws -> MultivariateNormal {
    try #require(try estimator.fit(data) as? MultivariateNormal)
  }

  private let free = DeconvolvingEstimator(shape: FreeScatter(), strength: 1e-3)

  /// Errors are taken out, and parameters that a row does not know are not believed.
  @Test func momentsBehindTheErrorsAreFound() throws {
    let data = try data(6000)
    let fit = try normal(free, data)
    let believed = try GaussianEstimator.unbiased.fit(data)
    #expect(largestDifference(fit.mean, mean) < 0.1, "\(fit.mean)")
    #expect(largestDifference(believed.mean, mean) > 2)
    for index in 0..<3 {
      #expect(abs(fit.covariance[index, index] / covariance[index, index] - 1) < 0.15, "\(fit.covariance)")
    }
    #expect(abs(fit.covariance[0, 1] - 0.6) < 0.12 && abs(fit.covariance[1, 2] + 0.4) < 0.12)
    #expect(abs(fit.covariance[0, 2]) < 0.1)
  }

  @Test func everyStepGains() throws {
    let objectives = try free.objectives(of: data(300))
    #expect(objectives.count > 5)
    for (last, next) in zip(objectives, objectives.dropFirst()) { #expect(next >= last - 1e-10) }
  }

  /// Where the steps end, the likelihood of rows with errors, computed by its definition, has no slope.
  @Test func endIsAMaximumOfTheLikelihood() throws {
    var source = RandomSource(seed: 4)
    let errors = [0.2, 0.7, 1.5]
    let rows = Matrix(
      rows: (0..<200).map { index in
        (0..<2).map { _ in 1.3 * source.nextNormal() + errors[index % 3] * source.nextNormal() }
      })
    let sizes = (0..<200).flatMap { [errors[$0 % 3], errors[$0 % 3]] }
    var data = EstimationData.unnamed(rows, blockSize: 2)
    data.information = PresetInformation(independent: Matrix(rows: 200, columns: 2, values: sizes))
    let fit = try normal(DeconvolvingEstimator(shape: FreeScatter(), strength: 1e-9), data)
    func likelihood(_ parameters: [Double]) -> Double {
      (0..<200).reduce(0) { sum, row in
        let error = errors[row % 3] * errors[row % 3]
        let (a, b, c) = (parameters[2] + error, parameters[3], parameters[4] + error)
        let (x, y) = (rows[row, 0] - parameters[0], rows[row, 1] - parameters[1])
        let determinant = a * c - b * b
        return sum - 0.5 * (log(determinant) + (c * x * x - 2 * b * x * y + a * y * y) / determinant)
      }
    }
    let (m, s) = (fit.mean, fit.covariance)
    let point = [m[0], m[1], s[0, 0], s[0, 1], s[1, 1]]
    for coordinate in 0..<5 {
      let slope = centralDifference(of: likelihood, at: point, coordinate: coordinate, step: 1e-4)
      // In standard errors of the parameter, whose information is about the number of rows.
      #expect(abs(slope) < 1.5, "coordinate \(coordinate): \(slope)")
    }
    #expect(abs(s[0, 0] - 1.69) < 0.5)
  }

  /// Without errors it is the sample covariance, with so many rows of the prior.
  @Test func exactRowsGiveTheirMoments() throws {
    var source = RandomSource(seed: 2)
    let rows = Matrix(rows: (0..<40).map { _ in [source.nextNormal(), 3 * source.nextNormal() + 1] })
    let matrices = [Matrix](repeating: .diagonal([1e10, 1e10]), count: 40)
    let data = with(matrices, .unnamed(rows, blockSize: 2), widths: [2, 5])
    let fit = try normal(DeconvolvingEstimator(shape: FreeScatter(), strength: 8), data)
    let sample = try normal(GaussianEstimator.maximumLikelihood, data)
    #expect(largestDifference(fit.mean, sample.mean) < 1e-6)
    for (index, width) in [2.0, 5].enumerated() {
      let expected: Double = (40 * sample.covariance[index, index] + 8 * width * width) / 48
      #expect(abs(fit.covariance[index, index] - expected) < 1e-5 * expected)
    }
    let shared: Double = sample.covariance[0, 1] * 40 / 48
    #expect(abs(fit.covariance[0, 1] - shared) < 1e-5)
  }

  /// Of a parameter that no row knows only the prior speaks.
  @Test func unknownParameterKeepsItsWidth() throws {
    var source = RandomSource(seed: 3)
    let rows = Matrix(rows: (0..<60).map { _ in [source.nextNormal(), 4] })
    let matrices = [Matrix](repeating: .diagonal([1e4, 0]), count: 60)
    let fit = try normal(
      DeconvolvingEstimator(shape: FreeScatter(), strength: 5),
      with(matrices, .unnamed(rows, blockSize: 2), widths: [1, 3]))
    #expect(abs(fit.covariance[1, 1] - 9) < 0.05)
    #expect(abs(fit.mean[1] - 4) < 1e-9)
  }

  /// As the command has it: nearer to the truth than a fit that believes the rows.
  @Test func usualSettingsBeatBelief() throws {
    let fresh = try MultivariateNormal(mean: mean, covariance: covariance).samples(0..<2000, seed: 9)
    let data = try data(90)
    let taken = try DeconvolvingEstimator().fit(data)
    let believed = try RidgeEstimator().fit(data)
    func score(_ density: any Distribution) -> Double {
      density.logDensities(ofRows: fresh).reduce(0, +) / Double(fresh.rows)
    }
    #expect(score(taken) > score(believed) + 1, "\(score(taken)) against \(score(believed))")
  }

  @Test func rowsWithoutErrorsAreRefused() {
    let data = EstimationData.unnamed(Matrix(rows: [[1, 2, 3], [2, 3, 5], [0, 1, 1]]))
    let error = #expect(throws: PriorError.self) { try DeconvolvingEstimator().fit(data) }
    #expect(error?.description.contains("standard errors") == true)
    var few = data
    few.information = PresetInformation(independent: Matrix(rows: [[1, 1, 1]]))
    #expect(throws: PriorError.informationCount(found: 1, expected: 3)) { try DeconvolvingEstimator().fit(few) }
    #expect(!EstimatorCatalogue.standard.comparable.contains { $0.needsInformation })
  }
}
