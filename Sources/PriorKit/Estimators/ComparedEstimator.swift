import Distributions
public import NumericCore

/// What a ``Comparison`` asks of an estimator: a name, and how well a fit to some rows predicts others.
public protocol ComparedEstimator: Sendable {
  /// The name in tables and checkpoints.
  var name: String { get }

  /// Log density of each row of `rows`, in nats, under a fit to `training`.
  func heldOutScores(of rows: Matrix, fittedTo training: EstimationData) throws -> [Double]
}

extension DensityEstimator {
  public func heldOutScores(of rows: Matrix, fittedTo training: EstimationData) throws -> [Double] {
    let density = try fit(training)
    return (0..<rows.rows).map { density.logDensity(at: rows.row($0)) }
  }
}
