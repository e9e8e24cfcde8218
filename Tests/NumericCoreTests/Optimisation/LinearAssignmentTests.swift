import NumericCore
import Testing

@Suite("The assignment problem")
struct LinearAssignmentTests {
  private func permutations(_ items: [Int], choosing count: Int) -> [[Int]] {
    guard count > 0 else { return [[]] }
    return items.flatMap { first in
      permutations(items.filter { $0 != first }, choosing: count - 1).map { [first] + $0 }
    }
  }

  @Test("is solved exactly, as all assignments tell", arguments: [(1, 1), (3, 3), (5, 5), (3, 6)])
  func exhaustive(rows: Int, columns: Int) throws {
    var source = RandomSource(seed: UInt64(10 * rows + columns))
    for round in 0..<40 {
      var cost = Matrix(
        rows: rows, columns: columns, values: (0..<rows * columns).map { _ in 3 * source.nextNormal() })
      if round % 2 == 1 {
        for index in cost.values.indices where source.nextUniform() < 0.35 { cost.values[index] = .infinity }
      }
      let best =
        permutations(Array(0..<columns), choosing: rows).map { columns in
          columns.enumerated().reduce(0) { $0 + cost[$1.offset, $1.element] }
        }.min() ?? .infinity
      guard let found = LinearAssignment.columns(ofLeast: cost) else {
        #expect(best == .infinity)
        continue
      }
      #expect(Set(found).count == rows)
      let total = found.enumerated().reduce(0) { $0 + cost[$1.offset, $1.element] }
      #expect(abs(total - best) < 1e-12)
    }
  }
}
