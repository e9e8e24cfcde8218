import Distributions
import NumericCore
import PriorKit

/// Any family, fitted to presets whose gaps are filled by one draw each: of what is absent given what is there,
/// under a Student-t fitted to the presets with gaps.
struct ImputedEstimator: DensityEstimator {
  let base: any DensityEstimator
  var name: String { base.name + ", gaps drawn" }
  let acceptsAbsentColumns = true

  func fit(_ data: EstimationData) throws -> any Distribution {
    guard let absent = data.absent else { return try base.fit(data) }
    let model = try StudentTEstimator().fit(data)
    var source = RandomSource(seed: 1)
    var complete = data
    complete.absent = nil
    for (row, columns) in absent.enumerated() where !columns.isEmpty {
      let lacking = Set(columns)
      let present = (0..<model.dimension).filter { !lacking.contains($0) }
      let rest = try model.conditionalDistribution(given: present, values: present.map { data.rows[row, $0] })
      for (column, value) in zip(columns, rest.sample(using: &source)) { complete.rows[row, column] = value }
    }
    return try base.fit(complete)
  }
}
