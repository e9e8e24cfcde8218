import Distributions
import NumericCore

/// An estimator that a ``Comparison`` can take: it has a name, and scores rows under a fit to others.
public protocol ComparedEstimator: Sendable {
  /// The name in tables and checkpoints.
  var name: String { get }

  /// Log density of each row of `heldOut`, in nats, under a fit to `training`; of a row that lacks columns, that of
  /// what is there (``EstimationData/absent``).
  func heldOutScores(of heldOut: EstimationData, fittedTo training: EstimationData) throws -> [Double]
}

extension DensityEstimator {
  public func heldOutScores(of heldOut: EstimationData, fittedTo training: EstimationData) throws -> [Double] {
    try requireAcceptance(of: training)
    return try fit(training).logDensities(ofPresent: heldOut)
  }
}

extension Distribution {
  /// Log densities of rows, in nats; of those that lack columns, under the marginal of the others.
  ///
  /// - Throws: `DistributionError` for a family whose marginals have no closed form.
  func logDensities(ofPresent data: EstimationData) throws -> [Double] {
    guard let absent = data.absent else {
      return (0..<data.rows.rows).map { logDensity(at: data.rows.row($0)) }
    }
    var result = [Double](repeating: 0, count: data.rows.rows)
    for (columns, rows) in Dictionary(grouping: absent.indices, by: { absent[$0] }) {
      let lacking = Set(columns)
      let present = (0..<dimension).filter { !lacking.contains($0) }
      // Of nothing the density is 1.
      guard !present.isEmpty else { continue }
      let own: any Distribution = columns.isEmpty ? self : try marginalDistribution(over: present)
      let values = data.rows.selecting(rows: rows, columns: present)
      for (index, row) in rows.enumerated() { result[row] = own.logDensity(at: values.row(index)) }
    }
    return result
  }
}
