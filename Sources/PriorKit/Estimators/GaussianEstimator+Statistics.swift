import FXParams
import NumericCore
public import PresetStore

extension GaussianEstimator {
  /// Fits to the statistics of presets, which need not be at hand.
  ///
  /// The prior is that of a fit to the presets, except for rounding.
  ///
  /// - Throws: ``PriorError`` as for presets; a rank is then that of the scatter, to half the digits.
  public func fit(_ statistics: PresetStatistics) throws -> Prior {
    let moments = statistics.moments
    let (count, dimension) = (moments.count, moments.dimension)
    guard count >= 2 else { throw PriorError.tooFewPresets(count: count) }
    guard count > dimension else {
      throw PriorError.fewerPresetsThanParameters(
        count: count, dimension: dimension, rank: try Self.rank(of: moments))
    }
    let names = statistics.chain.parameterSpace.names
    for (column, name) in names.enumerated() where moments.minima[column] == moments.maxima[column] {
      throw PriorError.constantParameter(parameter: name, variance: 0)
    }
    do {
      return try Prior(
        chain: statistics.chain, mean: moments.mean,
        // One degree of freedom, in units of the weights: sum w^2 / sum w, which is 1 where all weights are.
        covariance: moments.covariance(
          lostDegreesOfFreedom: self == .unbiased ? moments.squaredWeightSum / moments.weightSum : 0))
    } catch let error as PriorError {
      let rank = try Self.rank(of: moments)
      guard rank < dimension else { throw error }
      throw PriorError.rankDeficient(rank: rank, dimension: dimension, count: count)
    }
  }

  /// The rank of the scatter once every parameter has unit variance, so that units do not count.
  private static func rank(of moments: MomentAccumulator) throws -> Int {
    var scaled = moments.scatter
    let scales = scaled.diagonal.map { $0 > 0 ? 1 / $0.squareRoot() : 0 }
    for row in 0..<scaled.rows {
      for column in 0..<scaled.columns { scaled[row, column] *= scales[row] * scales[column] }
    }
    let values = try SymmetricEigen(scaled.symmetrised).values
    let noise = Double(max(moments.count, scaled.rows)) * Double.ulpOfOne * (values.last ?? 0)
    return values.count { $0 > noise }
  }
}
