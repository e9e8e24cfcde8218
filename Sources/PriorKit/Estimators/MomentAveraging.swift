public import FXParams
public import NumericCore

/// Moments averaged over a finite group of linear symmetries: those of all copies of the data, in closed form.
///
/// The average over a product of commuting involutions is their pairwise averages in turn: mean' = (mean + A mean)
/// / 2, and by the law of total covariance covariance' = (C + A C A^T) / 2 + d d^T with d = (mean - A mean) / 2.
/// For signs this zeroes the odd moments.
public struct MomentAveraging: Sendable, Hashable {
  /// A linear symmetry: new[target] = factor old[source]; other coordinates stay.
  private struct Action: Sendable, Hashable {
    /// For each coordinate of the space that is touched or not: where it comes from, and its factor.
    var sources: [Int]
    var factors: [Double]
  }

  private let actions: [Action]

  /// - Precondition: every symmetry is linear, its own inverse, and within the dimension.
  public init(_ involutions: [Symmetry], dimension: Int) {
    actions = involutions.map { involution in
      guard let entries = involution.linearEntries else { preconditionFailure("\(involution.name) is not linear") }
      var action = Action(sources: Array(0..<dimension), factors: Array(repeating: 1, count: dimension))
      for entry in entries {
        action.sources[entry.target] = entry.source
        action.factors[entry.target] = entry.factor
      }
      return action
    }
  }

  /// Replaces a mean [D] by that of all copies.
  public func averageMean(_ mean: inout [Double]) {
    for action in actions {
      let other = Self.image(of: mean, under: action)
      for index in mean.indices { mean[index] = 0.5 * (mean[index] + other[index]) }
    }
  }

  /// Averages of second moments about a point that the group leaves in place.
  public func averageScatter(_ scatter: inout Matrix) {
    for action in actions { Self.average(&scatter, action) }
  }

  /// Replaces mean [D] and covariance [D, D] by those of all copies.
  public func average(mean: inout [Double], covariance: inout Matrix) {
    for action in actions {
      let other = Self.image(of: mean, under: action)
      let half = zip(mean, other).map { 0.5 * ($0 - $1) }
      for index in mean.indices { mean[index] -= half[index] }
      Self.average(&covariance, action)
      for row in half.indices where half[row] != 0 {
        for column in half.indices { covariance[row, column] += half[row] * half[column] }
      }
    }
  }

  private static func image(of vector: [Double], under action: Action) -> [Double] {
    zip(action.sources, action.factors).map { $1 * vector[$0] }
  }

  private static func average(_ matrix: inout Matrix, _ action: Action) {
    let old = matrix
    for row in 0..<matrix.rows {
      let (source, factor) = (action.sources[row], action.factors[row])
      for column in 0..<matrix.columns {
        let other = factor * action.factors[column] * old[source, action.sources[column]]
        matrix[row, column] = 0.5 * (old[row, column] + other)
      }
    }
  }
}

/// An estimator that works by moments, so that averaging these over a linear group is a fit to all copies.
///
/// A conformer takes mean and covariance from a ``CentredSample``, which does the averaging.
public protocol MomentEstimator: DensityEstimator {}
