import Foundation
public import Testing

/// The rate at which one comparison would fail by chance: with the fixed seeds of the tests it does or does not.
public let samplerFalseFailureRate = 1e-6

/// Two sets of independent points, a row each, have one distribution: their quantiles by Kolmogorov-Smirnov on
/// every column, their means, squares about the mean and products of neighbouring columns by ``signedSum(_:_:)``;
/// all of them together at ``samplerFalseFailureRate``.
public func expectEqualDistributions(
  _ found: [[Double]], _ expected: [[Double]], _ comment: String,
  sourceLocation: SourceLocation = #_sourceLocation
) {
  let columns = found[0].count
  let rate = samplerFalseFailureRate / Double(4 * columns - 1)
  let size = Double(found.count * expected.count) / Double(found.count + expected.count)
  let distanceLimit = (-log(rate / 2) / 2).squareRoot() / size.squareRoot()
  let sumLimit = (-2 * log(rate / 2)).squareRoot()
  func compare(_ what: String, _ value: ([Double]) -> Double) {
    let sum = signedSum(found.map(value), expected.map(value))
    #expect(abs(sum) <= sumLimit, "\(comment), \(what): \(sum), limit \(sumLimit)", sourceLocation: sourceLocation)
  }
  // Of pairs, so that an exchange of the halves of one changes nothing.
  let pairs = min(found.count, expected.count)
  let centres = (0..<columns).map { column in
    (found.prefix(pairs) + expected.prefix(pairs)).reduce(0) { $0 + $1[column] } / Double(2 * pairs)
  }
  for column in 0..<columns {
    let distance = kolmogorovDistance(found.map { $0[column] }, expected.map { $0[column] })
    #expect(
      distance <= distanceLimit, "\(comment), column \(column): KS \(distance), limit \(distanceLimit)",
      sourceLocation: sourceLocation)
    compare("mean of column \(column)") { $0[column] }
    compare("square of column \(column)") { ($0[column] - centres[column]) * ($0[column] - centres[column]) }
    guard column > 0 else { continue }
    compare("product of columns \(column - 1) and \(column)") {
      ($0[column - 1] - centres[column - 1]) * ($0[column] - centres[column])
    }
  }
}

/// The sum of the differences of pairs over the root of the sum of their squares.
///
/// If both halves of every pair have one distribution, whatever its tails, the differences are symmetric, and the
/// size of the result exceeds t at a rate of at most 2 exp(-t^2 / 2): given their sizes the signs are fair coins
/// (Hoeffding, "Probability inequalities for sums of bounded random variables", JASA 58 (1963), doi
/// 10.1080/01621459.1963.10500830).
public func signedSum(_ first: [Double], _ second: [Double]) -> Double {
  let differences = zip(first, second).map { $0 - $1 }
  let squares = differences.reduce(0) { $0 + $1 * $1 }
  return squares > 0 ? differences.reduce(0, +) / squares.squareRoot() : 0
}

/// The largest difference between two empirical distribution functions.
public func kolmogorovDistance(_ first: [Double], _ second: [Double]) -> Double {
  let (a, b) = (first.sorted(), second.sorted())
  var (i, j, distance) = (0, 0, 0.0)
  while i < a.count, j < b.count {
    let value = min(a[i], b[j])
    while i < a.count, a[i] == value { i += 1 }
    while j < b.count, b[j] == value { j += 1 }
    distance = max(distance, (Double(i) / Double(a.count) - Double(j) / Double(b.count)).magnitude)
  }
  return distance
}
