import FXChain
import Foundation
import Testing

@Suite("Roots of unity")
struct RootsOfUnityTests {
  /// In units of 2^-53: the phase of a coarse root and that of the expected value are rounded twice each, which
  /// moves them by up to 4 pi; sines, products and sums add five roundings at most.
  @Test("All roots of a period", arguments: [1, 2, 3, 8, 1000, 65_535, 65_536, 529_200])
  func allRoots(period: Int) {
    let roots = RootsOfUnity(period: period)
    var worst = 0.0
    for index in 0..<period {
      let phase = 2 * Double.pi * Double(index) / Double(period)
      let root = roots[index]
      worst = max(worst, abs(root.x - cos(phase)), abs(root.y - sin(phase)))
    }
    #expect(worst < (8 * Double.pi + 5) * 0x1p-53)
  }
}
