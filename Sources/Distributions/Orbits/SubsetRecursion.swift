import Foundation
package import NumericCore

/// The log of a permanent: of the sum, over all ways to give n slots one of n bands each, of the product of
/// exp(terms[slot][band]).
///
/// By recursion over the sets of bands that the first slots have used: n 2^n steps in place of n! products. It is
/// the orbit sum of a density under which slots are independent.
package struct SubsetRecursion {
  /// The largest n: a million sets.
  package static let maximumCount = 20

  private let terms: [[Double]]
  /// log of the sum over assignments of the first |set| slots to the set, by its bits.
  private let forward: [Double]

  /// - Precondition: the terms are square, at most ``maximumCount`` rows, and no NaN.
  package init(_ terms: [[Double]]) {
    precondition(terms.count <= Self.maximumCount, "\(terms.count) slots in a recursion over sets")
    self.terms = terms
    let count = terms.count
    var forward = [Double](repeating: -.infinity, count: 1 << count)
    forward[0] = 0
    var parts: [Double] = []
    for set in 1..<max(1 << count, 1) {
      let slot = set.nonzeroBitCount - 1
      parts.removeAll(keepingCapacity: true)
      for band in 0..<count where set >> band & 1 == 1 {
        parts.append(forward[set & ~(1 << band)] + terms[slot][band])
      }
      forward[set] = logSumExp(parts)
    }
    self.forward = forward
  }

  /// The log of the permanent; minus infinity where no assignment has a positive product.
  package var logSum: Double { forward[forward.count - 1] }

  /// The share of the permanent in which a slot has a band [slot][band].
  ///
  /// - Precondition: ``logSum`` is finite.
  package var shares: [[Double]] {
    let count = terms.count
    let full = (1 << count) - 1
    // backward[set]: the slots after |set| assigned to the bands outside the set.
    var backward = [Double](repeating: -.infinity, count: 1 << count)
    backward[full] = 0
    var shares = [[Double]](repeating: [Double](repeating: 0, count: count), count: count)
    for set in stride(from: full - 1, through: 0, by: -1) {
      let slot = set.nonzeroBitCount
      var parts: [Double] = []
      for band in 0..<count where set >> band & 1 == 0 {
        let after = backward[set | 1 << band] + terms[slot][band]
        parts.append(after)
        shares[slot][band] += exp(forward[set] + after - logSum)
      }
      backward[set] = logSumExp(parts)
    }
    return shares
  }

  /// A band for each slot, drawn in proportion to its product.
  ///
  /// - Precondition: ``logSum`` is finite.
  package func assignment(using source: inout RandomSource) -> [Int] {
    var set = forward.count - 1
    var order = [Int](repeating: 0, count: terms.count)
    for slot in terms.indices.reversed() {
      var remaining = source.nextUniform()
      var chosen = 0
      for band in terms.indices where set >> band & 1 == 1 {
        let share = exp(forward[set & ~(1 << band)] + terms[slot][band] - forward[set])
        guard share > 0 else { continue }
        chosen = band
        remaining -= share
        if remaining < 0 { break }
      }
      order[slot] = chosen
      set &= ~(1 << chosen)
    }
    return order
  }
}
