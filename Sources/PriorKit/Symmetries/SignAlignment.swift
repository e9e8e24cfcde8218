import FXParams
import NumericCore

/// The signs of the lines of a network that bring a preset nearest to a reference: exactly, over all 2^L patterns.
///
/// With s the signs, sum (g x - reference)^2 / scale is a constant - 2 (sum_i a_i s_i + sum_{i<j} A_ij s_i s_j),
/// where a gathers b and c of each line, and A the entries of W. All patterns are tried in the order of a Gray
/// code, one flip and L additions each.
struct SignAlignment {
  let network: NetworkSymmetries
  /// The reference over its scale, by position in the flat order.
  private let weighted: [Double]

  /// - Parameters:
  ///   - reference: a vector of the whole space.
  ///   - scale: a positive number a position, the same before and after signs turn.
  init(_ network: NetworkSymmetries, reference: [Double], scale: [Double]) {
    self.network = network
    weighted = zip(reference, scale).map { $1 > 0 ? $0 / $1 : 0 }
  }

  /// The gain of each line alone and of each pair, a and A.
  func couplings(of theta: [Double], scaledBy gauge: Double = 1) -> (lines: [Double], pairs: [Double]) {
    let count = network.lineCount
    var lines = [Double](repeating: 0, count: count)
    var pairs = [Double](repeating: 0, count: count * count)
    for line in 0..<count {
      for channel in 0..<2 {
        let (b, c) = (network.b(line, channel), network.c(channel, line))
        lines[line] += gauge * theta[b] * weighted[b] + theta[c] / gauge * weighted[c]
      }
      for other in line + 1..<max(count, line + 1) {
        let w = network.w(line, other)
        pairs[line * count + other] = theta[w] * weighted[w]
        pairs[other * count + line] = pairs[line * count + other]
      }
    }
    return (lines, pairs)
  }

  /// Which lines to turn; of patterns as good, the first in the order of the code, which begins with none.
  func bestPattern(of theta: [Double]) -> UInt {
    let couplings = couplings(of: theta)
    var best = (gain: 0.0, pattern: UInt(0))
    Self.forEachPattern(couplings.lines, couplings.pairs) { pattern, gain in
      // A gain of rounding is none.
      if gain > best.gain + 1e-12 * (1 + best.gain.magnitude) { best = (gain, pattern) }
    }
    return best.pattern
  }

  /// Calls with every pattern and what turning its lines adds to sum a s + sum A s s.
  static func forEachPattern(_ lines: [Double], _ pairs: [Double], _ body: (UInt, Double) -> Void) {
    let count = lines.count
    var signs = [Double](repeating: 1, count: count)
    var (pattern, gain) = (UInt(0), 0.0)
    body(pattern, gain)
    for step in 1..<max(UInt(1) << count, 1) {
      let line = step.trailingZeroBitCount
      var field = lines[line]
      for other in 0..<count { field += pairs[line * count + other] * signs[other] }
      gain -= 2 * signs[line] * field
      signs[line] = -signs[line]
      pattern ^= 1 << UInt(line)
      body(pattern, gain)
    }
  }

  /// Turns the lines of a pattern.
  static func turn(_ theta: inout [Double], _ network: NetworkSymmetries, pattern: UInt) {
    func isTurned(_ line: Int) -> Bool { pattern >> UInt(line) & 1 == 1 }
    for line in 0..<network.lineCount where isTurned(line) {
      for channel in 0..<2 {
        theta[network.b(line, channel)].negate()
        theta[network.c(channel, line)].negate()
      }
    }
    for line in 0..<network.lineCount {
      for other in line + 1..<max(network.lineCount, line + 1) where isTurned(line) != isTurned(other) {
        theta[network.w(line, other)].negate()
      }
    }
  }

  /// The pattern that makes the sum of each line's gains positive: a choice that copies share.
  static func rulePattern(of theta: [Double], _ network: NetworkSymmetries) -> UInt {
    (0..<network.lineCount).reduce(UInt(0)) { pattern, line in
      var (sum, first) = (0.0, 0.0)
      for channel in 0..<2 {
        for gain in [theta[network.b(line, channel)], theta[network.c(channel, line)]] {
          sum += gain
          if first == 0 { first = gain }
        }
      }
      let decisive = sum == 0 ? first : sum
      return decisive < 0 ? pattern | 1 << UInt(line) : pattern
    }
  }
}
