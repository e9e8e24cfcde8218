import Foundation

/// The two-sample Kolmogorov-Smirnov test: the largest distance between two empirical distribution functions.
///
/// The two-sided p-value is exact for samples whose sizes have a product up to 10^6 (by the recursion on lattice
/// paths of Hodges, "The significance probability of the Smirnov two-sample test", Arkiv for Matematik 3 (1958),
/// doi:10.1007/BF02589501) and the limit distribution with Stephens's correction beyond (JRSS B 32 (1970),
/// doi:10.1111/j.2517-6161.1970.tb00821.x). With ties it is an upper bound.
public struct KolmogorovSmirnov: Sendable, Hashable {
  /// D, between 0 for equal samples and 1 for samples that do not overlap.
  public let statistic: Double
  /// The probability of a D as large from samples of one distribution.
  public let pValue: Double

  /// - Throws: ``StatisticsError`` if a sample is empty or holds a value that is not finite.
  public init(_ first: [Double], _ second: [Double]) throws(StatisticsError) {
    try requireSample(first, "The Kolmogorov-Smirnov test", atLeast: 1)
    try requireSample(second, "The Kolmogorov-Smirnov test", atLeast: 1)
    statistic = Self.distance(first.sorted(), second.sorted())
    pValue = Self.pValue(statistic, first.count, second.count)
  }

  private static func distance(_ first: [Double], _ second: [Double]) -> Double {
    var largest = 0.0
    var (i, j) = (0, 0)
    while i < first.count, j < second.count {
      let value = min(first[i], second[j])
      while i < first.count, first[i] == value { i += 1 }
      while j < second.count, second[j] == value { j += 1 }
      largest = max(largest, (Double(i) / Double(first.count) - Double(j) / Double(second.count)).magnitude)
    }
    return largest
  }

  private static func pValue(_ distance: Double, _ first: Int, _ second: Int) -> Double {
    let size = Double(first) * Double(second) / Double(first + second)
    let root = size.squareRoot()
    let limit = TailProbability.kolmogorov((root + 0.12 + 0.11 / root) * distance)
    guard first * second <= 1_000_000 else { return limit }
    let exact = 1 - probabilityBelow(distance, min(first, second), max(first, second))
    // A difference from 1 has no digits left down here.
    return exact > 1e-11 ? exact : min(limit, 1e-11)
  }

  /// P(D < distance) without ties: the share of lattice paths from (0, 0) to (first, second) that stay close to the
  /// diagonal.
  private static func probabilityBelow(_ distance: Double, _ first: Int, _ second: Int) -> Double {
    let (m, n) = (Double(first), Double(second))
    // Between two attainable values, so that rounding cannot move a path across the border.
    let border = (0.5 + (distance * m * n - 1e-7).rounded(.down)) / (m * n)
    var paths = (0...second).map { Double($0) / n > border ? 0.0 : 1 }
    for i in 1...first {
      let share = Double(i) / m
      let weight = Double(i) / (Double(i) + n)
      paths[0] = share > border ? 0 : weight * paths[0]
      for j in 1...second {
        paths[j] = (share - Double(j) / n).magnitude > border ? 0 : weight * paths[j] + paths[j - 1]
      }
    }
    return min(1, paths[second])
  }
}
