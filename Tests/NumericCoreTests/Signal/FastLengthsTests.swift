import NumericCore
import Testing

/// Lengths are long enough, even and without large prime factors; the table is in order.
struct FastLengthsTests {
  private func isSmooth(_ length: Int) -> Bool {
    var rest = length
    for prime in [2, 3, 5, 7] { while rest % prime == 0 { rest /= prime } }
    return rest == 1
  }

  @Test func smoothLengthsAreTheSmallest() {
    for minimum in -1...3000 {
      let found = FastLengths.smooth(atLeast: minimum)
      #expect(found >= minimum && found % 2 == 0 && isSmooth(found))
      #expect(
        !(max(minimum, 1)..<found).contains { $0 % 2 == 0 && isSmooth($0) }, "not the smallest from \(minimum)")
    }
  }

  @Test func tableAscendsInFastLengths() {
    let table = FastLengths.table
    #expect(zip(table, table.dropFirst()).allSatisfy { $0 < $1 })
    #expect(table.allSatisfy { $0 % 2 == 0 && isSmooth($0) })
  }

  @Test func lengthsHoldTheirMinimum() {
    let table = FastLengths.table
    for entry in table { #expect(FastLengths.length(atLeast: entry) == entry) }
    for minimum in stride(from: 1, to: 5_000_000, by: 9973) {
      let found = FastLengths.length(atLeast: minimum)
      #expect(found >= minimum && found % 2 == 0 && isSmooth(found))
      #expect(Double(found) < 1.2 * Double(minimum) + 64, "\(found) is much longer than \(minimum)")
    }
    #expect(FastLengths.length(atLeast: 705_599) == 720_000, "a transform of 705600 takes longer")
  }
}
