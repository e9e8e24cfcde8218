import Foundation
import NumericCore
import TestSupport
import Testing

/// The matrix exponential against closed forms and its own laws, and its pullback against differences.
struct MatrixExponentialTests {
  private func random(_ order: Int, seed: UInt64, scale: Double) -> [Double] {
    var source = RandomSource(seed: seed)
    return (0..<(order * order)).map { _ in scale * Double.random(in: -1...1, using: &source) }
  }

  private func skew(_ order: Int, seed: UInt64, scale: Double) -> [Double] {
    let a = random(order, seed: seed, scale: scale)
    return a.indices.map { a[$0] - a[($0 % order) * order + $0 / order] }
  }

  private func exponential(_ order: Int, _ matrix: [Double]) -> [Double] {
    var result = [Double](repeating: .nan, count: order * order)
    MatrixExponential(order: order).evaluate(matrix, into: &result)
    return result
  }

  private func product(_ order: Int, _ a: [Double], _ b: [Double]) -> [Double] {
    a.indices.map { index in
      (0..<order).reduce(0) { $0 + a[index / order * order + $1] * b[$1 * order + index % order] }
    }
  }

  private func identity(_ order: Int) -> [Double] { (0..<(order * order)).map { $0 % (order + 1) == 0 ? 1 : 0 } }

  @Test(arguments: [0, 1e-9, 0.2, 1, 3.1, 40, -7]) func rotationOfThePlane(_ angle: Double) {
    let found = exponential(2, [0, -angle, angle, 0])
    #expect(largestDifference(found, [cos(angle), -sin(angle), sin(angle), cos(angle)]) < 1e-13)
  }

  @Test(arguments: [-3, 0, 0.1, 2.5]) func orderOneIsTheScalar(_ x: Double) {
    #expect(abs(exponential(1, [x])[0] / exp(x) - 1) < 1e-14)
  }

  /// exp of a Jordan block: the derivatives of exp above the diagonal.
  @Test func jordanBlock() {
    let found = exponential(3, [2, 1, 0, 0, 2, 1, 0, 0, 2])
    let e = exp(2.0)
    #expect(largestDifference(found, [e, e, e / 2, 0, e, e, 0, 0, e]) < 1e-13)
  }

  @Test(arguments: [1, 2, 6, 16], [0.01, 1, 6, 100.0]) func skewGivesRotations(order: Int, scale: Double) {
    let u = exponential(order, skew(order, seed: UInt64(order), scale: scale))
    let transposed = u.indices.map { u[($0 % order) * order + $0 / order] }
    // Each squaring doubles the rounding.
    #expect(
      largestDifference(product(order, u, transposed), identity(order)) < 1e-14 * (10 + Double(order) * scale))
  }

  @Test(arguments: [2, 6]) func negativeIsTheInverse(_ order: Int) {
    let a = random(order, seed: 3, scale: 1)
    let both = product(order, exponential(order, a), exponential(order, a.map(-)))
    #expect(largestDifference(both, identity(order)) < 1e-12)
  }

  @Test(arguments: [1, 2, 5, 6], [0.01, 1, 5.0]) func pullbackMeetsDifferences(order: Int, scale: Double) {
    for matrix in [random(order, seed: 5, scale: scale), skew(order, seed: 6, scale: scale)] {
      let cotangent = random(order, seed: 7, scale: 1)
      let map = MatrixExponential(order: order)
      var found = [Double](repeating: .nan, count: order * order)
      map.pullback(matrix, cotangent: cotangent, into: &found)
      let largest = found.map(abs).max() ?? 0
      for index in matrix.indices {
        let expected = centralDifference(
          of: { zip(exponential(order, $0), cotangent).reduce(0) { $0 + $1.0 * $1.1 } }, at: matrix,
          coordinate: index, step: 1e-3)
        #expect(abs(found[index] - expected) <= 1e-9 * largest, "entry \(index)")
      }
    }
  }
}
