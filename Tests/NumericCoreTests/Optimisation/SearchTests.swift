import Foundation
import NumericCore
import Testing

@Suite struct SearchTests {
  @Test func goldenSectionFindsMinimaInsideAndAtBorders() {
    let inside = GoldenSection.minimum(of: { ($0 - 0.3) * ($0 - 0.3) }, in: -2...5)
    #expect((inside - 0.3).magnitude < 1e-7)
    #expect((GoldenSection.minimum(of: { $0 }, in: 1...2) - 1).magnitude < 1e-7)
  }

  /// Rosenbrock's valley, whose minimum is at (1, 1).
  @Test func simplexFollowsAValley() {
    let found = NelderMead.minimum(
      of: { 100 * pow($0[1] - $0[0] * $0[0], 2) + pow(1 - $0[0], 2) }, from: [-1.2, 1], step: 0.5, tolerance: 1e-16)
    #expect((found[0] - 1).magnitude < 1e-6 && (found[1] - 1).magnitude < 1e-6)
  }
}
