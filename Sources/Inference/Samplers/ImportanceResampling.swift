import Foundation
public import NumericCore

/// Draws of an approximation made into draws of the target: weights, smoothed by ``ParetoSmoothing``, and
/// systematic resampling by them (Rubin 1987; Vehtari et al., JMLR 25 (2024)).
public enum ImportanceResampling {
  /// Rows of `candidates` by their weights: each about as often as its weight says, off by less than one.
  ///
  /// - Parameters:
  ///   - logRatios: log target - log approximation at each candidate, but for a constant.
  ///   - count: rows wanted.
  ///   - source: gives the random offset and order.
  /// - Returns: the positions of the chosen candidates in random order, and the smoothing, whose shape says whether
  ///   the result can be trusted.
  /// - Throws: `PosteriorError` if no ratio is finite or one is NaN.
  public static func resample(
    logRatios: [Double], count: Int, using source: inout RandomSource
  ) throws -> (indices: [Int], smoothing: ParetoSmoothing) {
    let smoothing = try ParetoSmoothing(logRatios: logRatios)
    let weights = smoothing.weights
    let offset = source.nextUniform()
    var indices: [Int] = []
    indices.reserveCapacity(count)
    var cumulative = 0.0
    for (index, weight) in weights.enumerated() {
      cumulative += weight * Double(count)
      while Double(indices.count) + offset < cumulative, indices.count < count { indices.append(index) }
    }
    // Rounding of the sum may leave the last place empty.
    while indices.count < count { indices.append(weights.count - 1) }
    indices.shuffle(using: &source)
    return (indices, smoothing)
  }
}
