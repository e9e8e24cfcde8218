public import Distributions
import Foundation
import NumericCore

/// A Gaussian whose covariance is that of the presets and, beside it, what their sources leave open of each (the
/// law of total variance).
///
/// For presets that are estimates under a prior, or of a search that stops early, as retrievals are: where the
/// source says nothing, all of them hold the start of the search, so that they vary too little, not too much.
/// What is open of preset i is C_i = (L_i + 1)^-1 in units of the widths, with L_i its information; the
/// covariance is that of the presets plus the mean of the C_i, in the shape with the highest held-out score. The
/// score of a preset is the mean log density of what it may be, N(y_i, C_i): log N(y_i; mean, S) - tr(S^-1 C_i) /
/// 2.
///
/// The presets are taken as they are, not as posterior means: where nothing is known and a search began at random,
/// the scatter of the starts counts beside the widths; and the mean of such parameters is that of the starts.
///
/// Presets that scatter about the truth by their errors, as maxima of a likelihood do, are for
/// ``DeconvolvingEstimator``.
public struct WideningEstimator: DensityEstimator {
  /// Shrinks the covariance; its numbers are the start of their choice.
  public let shape: any ScatterShape

  /// `widened-` and the name of the shape.
  public var name: String { "widened-\(shape.name)" }
  public var needsInformation: Bool { true }

  public init(shape: any ScatterShape = BlockScatter()) { self.shape = shape }

  public func fit(_ data: EstimationData) throws -> any Distribution { try estimate(data).distribution }

  /// - Throws: ``PriorError`` for data that no estimator can use, and for presets without information.
  public func estimate(_ data: EstimationData) throws -> DensityEstimate {
    let sample = try InformedRows(data, estimator: name)
    let open = try sample.openCovariances()
    let parts = sample.weighted.folds.map { fold in
      (moments: Moments(sample, open, rows: fold.training), heldOut: fold.heldOut)
    }
    let shape = try shape.varied(blocks: sample.weighted.blocks) { shape, round, count in
      // Shares for all blocks alike: a block of its own has too few presets that know of it.
      guard round == 0 else { return Array(repeating: -.infinity, count: count) }
      return try HeldOutChoice.totals(of: count, over: parts) { part in
        try shape.shapedByCandidates(round: round, part.moments.total, blocks: sample.weighted.blocks).map {
          Self.score(part.moments.mean, $0, sample, open, part.heldOut)
        }
      }
    }
    let moments = Moments(sample, open, rows: Array(0..<sample.weighted.count))
    let covariance = try shape.shaped(moments.total, blocks: sample.weighted.blocks)
    return DensityEstimate(
      distribution: try sample.normal(mean: moments.mean, covariance: covariance, names: data.names),
      hyperparameters: shape.hyperparameters + [.init("share_left_open", moments.share)])
  }

  /// Weighted moments of some rows.
  private struct Moments {
    let mean: [Double]
    /// The covariance of the rows and the mean of what is open.
    let total: Matrix
    /// The part of the variances that is open, mean over parameters.
    let share: Double

    init(_ sample: InformedRows, _ open: [Matrix], rows: [Int]) {
      let part = sample.weighted.selecting(rows)
      let count = Double(part.count)
      mean = part.mean
      var total = part.scatter(about: mean, weights: part.weights, total: count)
      let varying = total.diagonal
      for (row, weight) in zip(rows, part.weights) {
        for index in total.values.indices { total.values[index] += weight / count * open[row].values[index] }
      }
      self.total = total
      share = zip(varying, total.diagonal).reduce(0) { $0 + 1 - $1.0 / $1.1 } / Double(varying.count)
    }
  }

  private static func score(
    _ mean: [Double], _ covariance: Matrix, _ sample: InformedRows, _ open: [Matrix], _ rows: [Int]
  ) -> Double {
    guard let cholesky = try? Cholesky(covariance) else { return -.infinity }
    let precision = cholesky.inverse()
    return rows.reduce(0) { sum, row in
      var gap = zip(sample.weighted.rows.row(row), mean).map { $0 - $1 }
      cholesky.forwardSubstitute(&gap)
      let square = gap.reduce(0) { $0 + $1 * $1 } + precision.innerProduct(open[row])
      return sum - 0.5 * sample.weighted.weights[row] * (square + cholesky.logDeterminant)
    }
  }
}
