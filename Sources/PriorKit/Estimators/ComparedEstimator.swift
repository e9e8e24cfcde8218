import Distributions
public import NumericCore

/// An estimator that a ``Comparison`` can take: it has a name, and scores rows under a fit to others.
public protocol ComparedEstimator: Sendable {
  /// The name in tables and checkpoints.
  var name: String { get }

  /// Log density of each row of `rows`, in nats, under a fit to `training`.
  func heldOutScores(of rows: Matrix, fittedTo training: EstimationData) throws -> [Double]
}

extension DensityEstimator {
  public func heldOutScores(of rows: Matrix, fittedTo training: EstimationData) throws -> [Double] {
    let distribution = try fit(training)
    return (0..<rows.rows).map { distribution.logDensity(at: rows.row($0)) }
  }
}
