/// Minimisation over one variable without derivatives.
package enum GoldenSection {
  /// A point within `tolerance` of the minimum of a function that falls and then rises over `range` (Kiefer 1953,
  /// doi:10.1090/S0002-9939-1953-0055639-3).
  package static func minimum(
    of function: (Double) -> Double, in range: ClosedRange<Double>, tolerance: Double = 1e-8
  ) -> Double {
    let ratio = (5.0.squareRoot() - 1) / 2
    var lower = range.lowerBound
    var upper = range.upperBound
    var left = upper - ratio * (upper - lower)
    var right = lower + ratio * (upper - lower)
    var leftValue = function(left)
    var rightValue = function(right)
    while upper - lower > tolerance {
      if leftValue <= rightValue {
        (upper, right, rightValue) = (right, left, leftValue)
        left = upper - ratio * (upper - lower)
        leftValue = function(left)
      } else {
        (lower, left, leftValue) = (left, right, rightValue)
        right = lower + ratio * (upper - lower)
        rightValue = function(right)
      }
    }
    return 0.5 * (lower + upper)
  }
}
