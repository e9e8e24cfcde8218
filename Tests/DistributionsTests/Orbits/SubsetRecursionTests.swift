import Distributions
import Foundation
import NumericCore
import Testing

@Suite("Sums over assignments by sets")
struct SubsetRecursionTests {
  private func permutations(_ items: [Int]) -> [[Int]] {
    guard items.count > 1 else { return [items] }
    return items.flatMap { first in permutations(items.filter { $0 != first }).map { [first] + $0 } }
  }

  @Test("are the permanent, with the shares of its terms", arguments: [1, 2, 5])
  func permanent(count: Int) {
    var source = RandomSource(seed: UInt64(count))
    let terms = (0..<count).map { _ in (0..<count).map { _ in 2 * source.nextNormal() } }
    let recursion = SubsetRecursion(terms)
    let all = permutations(Array(0..<count))
    func product(_ order: [Int]) -> Double {
      exp(order.enumerated().reduce(0) { $0 + terms[$1.offset][$1.element] })
    }
    let total = all.reduce(0) { $0 + product($1) }
    #expect(abs(recursion.logSum - log(total)) < 1e-12)
    var drawn = [[Double]](repeating: [Double](repeating: 0, count: count), count: count)
    let draws = 20_000
    for _ in 0..<draws {
      for (slot, band) in recursion.assignment(using: &source).enumerated() {
        drawn[slot][band] += 1 / Double(draws)
      }
    }
    let shares = recursion.shares
    for slot in 0..<count {
      for band in 0..<count {
        let share = all.filter { $0[slot] == band }.reduce(0) { $0 + product($1) } / total
        #expect(abs(shares[slot][band] - share) < 1e-12)
        #expect(abs(drawn[slot][band] - share) < 0.02)
      }
    }
  }

  @Test("know pairs that are impossible")
  func impossible() {
    let never = -Double.infinity
    #expect(SubsetRecursion([[0, never], [0, never]]).logSum == never)
    let only = SubsetRecursion([[never, 0], [0, 0]])
    #expect(abs(only.logSum) < 1e-15)
    var source = RandomSource(seed: 1)
    #expect(only.assignment(using: &source) == [1, 0])
  }
}
