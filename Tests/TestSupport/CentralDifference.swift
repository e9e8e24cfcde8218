/// Derivative of a scalar function along one coordinate, by a fourth-order central difference in Double.
public func centralDifference(
  of function: ([Double]) throws -> Double, at point: [Double], coordinate: Int, step: Double = 1e-4
) rethrows -> Double {
  func value(_ offset: Double) throws -> Double {
    var moved = point
    moved[coordinate] += offset
    return try function(moved)
  }
  return try (8 * (value(step) - value(-step)) - (value(2 * step) - value(-2 * step))) / (12 * step)
}
