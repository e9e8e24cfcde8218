import Evaluation
import NumericCore
import Testing

@Test func meanSquaredErrorOfLogits() {
  #expect(ParameterDistance.meanSquaredError([1, 2, 3], [1, 0, 6]) == 13.0 / 3)
}

@Test func mahalanobisErrorCountsInDeviations() throws {
  // In deviations the difference is (1, 1 / 4), and the correlation 0.6.
  let covariance = Matrix(rows: [[4, 0.6], [0.6, 0.25]])
  let found = ParameterDistance.mahalanobisMeanSquaredError([3, 1], [1, 0.875], metric: try Cholesky(covariance))
  let expected = (1 - 2 * 0.6 * 0.25 + 0.0625) / (1 - 0.36) / 2
  #expect(abs(found - expected) < 1e-14)
  let identity = try Cholesky(.identity(3))
  let (first, second) = ([1.0, 2, 3], [1.0, 0, 6])
  #expect(
    ParameterDistance.mahalanobisMeanSquaredError(first, second, metric: identity)
      == ParameterDistance.meanSquaredError(first, second))
}
