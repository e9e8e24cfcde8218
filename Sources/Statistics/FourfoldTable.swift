import Foundation

/// How two properties go together in a sample: the fourfold table of who has both, one, or neither.
public struct FourfoldTable: Sendable, Hashable {
  /// Number of those that have both properties.
  public let both: Int
  /// Number of those that have the first alone.
  public let firstAlone: Int
  /// Number of those that have the second alone.
  public let secondAlone: Int
  /// Number of those that have none of the two.
  public let neither: Int

  /// - Precondition: the arrays are of one length.
  public init(_ first: [Bool], _ second: [Bool]) {
    precondition(first.count == second.count, "Properties of different samples")
    let pairs = zip(first, second)
    both = pairs.count { $0 && $1 }
    firstAlone = pairs.count { $0 && !$1 }
    secondAlone = pairs.count { !$0 && $1 }
    neither = pairs.count { !$0 && !$1 }
  }

  private var rowSums: (Int, Int) { (both + firstAlone, secondAlone + neither) }
  private var columnSums: (Int, Int) { (both + secondAlone, firstAlone + neither) }

  /// The phi coefficient, the correlation of the two as 0 and 1: (both neither - firstAlone secondAlone) / sqrt of
  /// the product of the four sums. Positive where they go together more than by chance, negative where less; nil
  /// where one of them is the same in all.
  public var phi: Double? {
    let product =
      Double(rowSums.0) * Double(rowSums.1) * Double(columnSums.0) * Double(columnSums.1)
    guard product > 0 else { return nil }
    let difference = Double(both) * Double(neither) - Double(firstAlone) * Double(secondAlone)
    return difference / product.squareRoot()
  }

  /// The two-sided p-value of Fisher's exact test of independence: the probability, with the four sums as they are,
  /// of the tables that are no likelier than this one.
  ///
  /// Fisher, "The logic of inductive inference", Journal of the Royal Statistical Society 98 (1935),
  /// doi:10.2307/2342435. Tables within a relative 1e-7 count as equally likely, as in R's fisher.test.
  public var fisherPValue: Double {
    let (row, rest, column) = (rowSums.0, rowSums.1, columnSums.0)
    let all = row + rest
    func logFactorial(_ number: Int) -> Double { lgamma(Double(number) + 1) }
    func logChoices(_ number: Int, _ chosen: Int) -> Double {
      logFactorial(number) - logFactorial(chosen) - logFactorial(number - chosen)
    }
    func logProbability(_ count: Int) -> Double {
      logChoices(row, count) + logChoices(rest, column - count) - logChoices(all, column)
    }
    let limit = logProbability(both) + 1e-7
    let counts = max(0, column - rest)...min(row, column)
    return min(1, counts.map(logProbability).filter { $0 <= limit }.reduce(0) { $0 + exp($1) })
  }
}
