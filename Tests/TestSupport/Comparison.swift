/// The largest |a - b| of two arrays; infinite where their lengths differ or a difference is not a number.
public func largestDifference(_ first: [Double], _ second: [Double]) -> Double {
  guard first.count == second.count else { return .infinity }
  return zip(first, second).reduce(0) { largest, pair in
    let difference = (pair.0 - pair.1).magnitude
    return difference.isNaN ? .infinity : max(largest, difference)
  }
}

/// |a - b| / |b| in the Euclidean norm; infinite where the lengths differ or a difference is not a number.
public func relativeNormError(_ found: [Double], _ expected: [Double]) -> Double {
  guard found.count == expected.count else { return .infinity }
  let error = zip(found, expected).reduce(0) { $0 + ($1.0 - $1.1) * ($1.0 - $1.1) }
  let norm = expected.reduce(0) { $0 + $1 * $1 }
  let ratio = (error / norm).squareRoot()
  return ratio.isNaN ? (error == 0 ? 0 : .infinity) : ratio
}
