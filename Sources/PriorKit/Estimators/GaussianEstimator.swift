import FXParams
import NumericCore

/// The Gaussian with the mean and covariance of the presets, without regularisation.
///
/// It needs more presets than parameters. `unbiased` is the published recipe (arXiv 2505.11315).
public enum GaussianEstimator: String, Sendable, CaseIterable {
  /// Scatter divided by N: the maximum of the likelihood.
  case maximumLikelihood
  /// Scatter divided by N - 1: the expectation of the covariance is the true one.
  case unbiased

  /// - Throws: ``PriorError`` if an entry is not finite (naming preset and parameter), if there are fewer presets than
  ///   a full covariance needs, if a parameter does not vary, or if the covariance is singular or nearly so.
  public func fit(_ presets: PresetCollection) throws -> GaussianPrior {
    let names = presets.chain.parameterSpace.names
    try Self.check(presets, names: names)
    let moments = try SampleMoments(presets.theta)
    guard presets.count > presets.dimension else {
      throw PriorError.fewerPresetsThanParameters(
        count: presets.count, dimension: presets.dimension, rank: try moments.centred.numericalRank())
    }
    for (column, name) in names.enumerated() {
      let first = presets.theta[0, column]
      // Exact, where a variance may be left with rounding.
      if (1..<presets.count).allSatisfy({ presets.theta[$0, column] == first }) {
        throw PriorError.constantParameter(parameter: name, variance: 0)
      }
    }
    let covariance = moments.covariance(lostDegreesOfFreedom: self == .unbiased ? 1 : 0)
    do {
      return try GaussianPrior(chain: presets.chain, mean: moments.mean, covariance: covariance)
    } catch let error as PriorError {
      // The centred presets tell the rank to more digits than their covariance, which squares the singular values.
      let rank = try moments.centred.numericalRank()
      guard rank < presets.dimension else { throw error }
      throw PriorError.rankDeficient(rank: rank, dimension: presets.dimension, count: presets.count)
    }
  }

  private static func check(_ presets: PresetCollection, names: [String]) throws {
    guard presets.dimension == names.count else {
      throw PriorError.dimensionMismatch(what: "preset", expected: names.count, found: presets.dimension)
    }
    guard presets.count >= 2 else { throw PriorError.tooFewPresets(count: presets.count) }
    do {
      try presets.theta.requireFinite()
    } catch LinearAlgebraError.notFinite(let row, let column, let value) {
      throw PriorError.presetNotFinite(
        row: row, label: presets.labels?[row], parameter: names[column], value: value)
    }
  }
}
