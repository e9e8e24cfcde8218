import Distributions
import NumericCore

/// Rows whose gaps are filled by draws, for estimators of complete rows whose density has marginals.
///
/// A row that lacks columns is replaced by copies that share its weight; in each, what is absent is a draw given
/// what is there, under the fit of ``StudentTEstimator`` to the rows with gaps. An estimator that sums over rows
/// then sums over what may have been absent (multiple imputation: Rubin 1987, doi:10.1002/9780470316696). Copies of
/// one row stay together where hyper-parameters are chosen. What is drawn has the marginals and the dependence of
/// the Student-t, not those of the family that is fitted.
struct FilledRows {
  /// Complete rows with the presets that they are copies of.
  let data: EstimationData
  /// How many rows were replaced by copies.
  private let incompleteCount: Int

  /// Copies of each row that lacks columns.
  private static let draws = 8
  /// Row k takes stream k of this seed, so that a fit is a function of its data.
  private static let seed: UInt64 = 19_870_609

  /// Nil where no row of positive weight lacks a column.
  ///
  /// - Throws: as ``StudentTEstimator/fit(_:)`` of rows that lack columns.
  init?(_ partial: EstimationData) throws {
    guard let rows = try PartialRows(lackingIn: partial) else { return nil }
    let model = try StudentTEstimator().fit(rows.data)
    var copies: [(row: Int, values: [Double], share: Double)] = []
    for group in rows.groups {
      let absent = Set(group.absent)
      let present = (0..<rows.dimension).filter { !absent.contains($0) }
      for row in group.rows {
        var values = rows.rows.row(row)
        guard !absent.isEmpty else {
          copies.append((row, values, 1))
          continue
        }
        var source = RandomSource(seed: Self.seed, stream: UInt64(row))
        let rest =
          present.isEmpty
          ? model : try model.conditionalDistribution(given: present, values: present.map { values[$0] })
        for _ in 0..<Self.draws {
          for (column, value) in zip(group.absent, rest.sample(using: &source)) { values[column] = value }
          copies.append((row, values, 1 / Double(Self.draws)))
        }
      }
    }
    // In the order of the rows; sorting keeps that of equals.
    copies.sort { $0.row < $1.row }
    var data = rows.data.selecting(rows: copies.map(\.row))
    data.rows = Matrix(rows: copies.count, columns: rows.dimension, values: copies.flatMap(\.values))
    data.absent = nil
    data.weights = copies.map { rows.weights[$0.row] * $0.share }
    data.origins = copies.map { rows.data.origins?[$0.row] ?? $0.row }
    self.data = data
    incompleteCount = rows.incompleteCount
  }

  /// What records of fits say of the copies.
  private var hyperparameters: [FitRecord.Hyperparameter] {
    [.init("completed_presets", Double(incompleteCount)), .init("draws_per_completed_preset", Double(Self.draws))]
  }

  /// The estimate of the copies, with what its record says of them.
  func estimate(_ complete: (EstimationData) throws -> DensityEstimate) rethrows -> DensityEstimate {
    var result = try complete(data)
    result.hyperparameters += hyperparameters
    return result
  }
}
