import Distributions
import NumericCore

/// How a summary of the sound follows from parameters: ridge regression, and a Student-t of what it leaves.
struct SyntheticLikelihoodFit {
  /// In units of the summary in which its noise is white.
  let likelihood: SyntheticLikelihood
  /// From predictions to the summary in these units [D, K].
  let map: Matrix

  private static let degreesOfFreedom = 5.0
  /// Of the ridge regression, in pairs.
  private static let strength = 500.0

  /// - Parameters:
  ///   - pairs: whose predictions are summed up.
  ///   - map: from predictions to the summary [D, K].
  ///   - noisy: the pairs whose errors are those of the likelihood.
  ///   - inflation: what their covariance is multiplied by.
  ///   - centre: of the parameters as they are [D].
  ///   - scale: of the parameters as they are [D].
  /// - Throws: `LinearAlgebraError`.
  init(
    _ pairs: SummaryPairs, map: Matrix, noisy: [Int], inflation: Double, centre: [Double], scale: [Double]
  ) throws {
    let summary = pairs.predicted * map
    let inputMean = pairs.parameters.mean(weights: pairs.weights)
    let summaryMean = summary.mean(weights: pairs.weights)
    let roots = pairs.weights.map { $0.squareRoot() }
    let inputs = pairs.parameters.subtracting(inputMean).scalingRows(by: roots)
    var gram = inputs.gram()
    for index in 0..<gram.rows { gram[index, index] += Self.strength }
    let slopes = try Cholesky(gram).solve(
      inputs.multiplied(by: summary.subtracting(summaryMean).scalingRows(by: roots), transposingSelf: true))
    var intercept = zip(summaryMean, slopes.transposed * inputMean).map { $0 - $1 }
    let rest = summary.subtracting(pairs.parameters * slopes).subtracting(intercept).selecting(rows: noisy)
    var noise = rest.covariance(weights: noisy.map { pairs.weights[$0] }).scaled(by: inflation)
    // Predictions that are the same for every pair have no errors; they say nothing in any unit.
    for index in 0..<noise.rows { noise[index, index] += 1e-9 * (1 + noise[index, index]) }
    let factor = try Cholesky(noise)
    // In units of L^-1 what acts on a row from the right is multiplied by L^-T.
    func whitened(_ rows: Matrix) -> Matrix { factor.forwardSubstituted(rows.transposed).transposed }
    factor.forwardSubstitute(&intercept)
    likelihood = try SyntheticLikelihood(
      centre: centre, scale: scale, limit: SummaryPairs.limit, slopes: whitened(slopes), intercept: intercept,
      degreesOfFreedom: Self.degreesOfFreedom)
    self.map = whitened(map)
  }
}
