import Distributions
import FXParams
import NumericCore

extension SlotModel.Part {
  /// A preset that stands in its slots already.
  func standing(_ theta: [Double]) -> Found {
    let point = positions.map { theta[$0] }
    return Found(
      orders: layout.groups.map { Array(0..<$0.count) }, point: point, isEmpty: inactiveBands(point),
      value: density.logDensity(at: point))
  }

  /// The same slots with a density that is fitted to where the bands of all presets went.
  func refitted(to found: [Found], by fit: SlotFit) throws -> SlotModel.Part {
    try SlotModel.Part(
      positions: positions, groups: groups, layout: layout, gains: gains,
      density: try fit.density(of: found, in: layout) ?? normal(of: found),
      emptyShares: gains.indices.map { slot in
        (Double(found.count { $0.isEmpty[slot] }) + 0.5) / Double(found.count + 1)
      })
  }

  /// The normal density of the most likely parameters.
  ///
  /// What stands in an empty slot says nothing: it counts as its expectation under the present density, with the
  /// covariance that is left (a step of EM).
  private func normal(of found: [Found]) throws -> MultivariateStudentT {
    let present = try MultivariateNormal(mean: density.location, covariance: density.scatter)
    var points = Matrix(rows: found.count, columns: positions.count, values: found.flatMap(\.point))
    var leftOver = Matrix(rows: positions.count, columns: positions.count)
    for (row, preset) in found.enumerated() where preset.isEmpty.contains(true) {
      let missing = preset.isEmpty.indices.filter { preset.isEmpty[$0] }
        .flatMap { layout.positions(ofSlot: $0) }.sorted()
      let given = positions.indices.filter { !missing.contains($0) }
      let expected = try present.conditional(given: given, values: given.map { preset.point[$0] })
      for (place, position) in missing.enumerated() {
        points[row, position] = expected.mean[place]
        for (other, column) in missing.enumerated() {
          leftOver[position, column] += expected.covariance[place, other] / Double(found.count)
        }
      }
    }
    let moments = try SampleMoments(points)
    var covariance = moments.covariance(lostDegreesOfFreedom: 0)
    for index in covariance.values.indices { covariance.values[index] += leftOver.values[index] }
    return try SlotLearning.normal(mean: moments.mean, covariance: covariance, count: found.count)
  }
}
