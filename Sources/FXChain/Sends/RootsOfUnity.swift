import Foundation

/// The roots of unity exp(2 pi i k / period) for k in 0..<period, in double precision.
///
/// Each is the product of one of few coarse roots and one of few fine ones, so that a table of some hundred
/// thousand takes as many multiplications instead of as many sines.
package struct RootsOfUnity {
  package let period: Int
  private let fineBits: Int
  private let coarse: [SIMD2<Double>]
  private let fine: [SIMD2<Double>]

  /// - Precondition: the period is positive.
  package init(period: Int) {
    precondition(period > 0, "Roots of unity with a period of \(period)")
    self.period = period
    let bits = Int.bitWidth - period.leadingZeroBitCount
    fineBits = bits / 2
    func root(_ index: Int) -> SIMD2<Double> {
      let phase = 2 * Double.pi * Double(index) / Double(period)
      return SIMD2(cos(phase), sin(phase))
    }
    fine = (0..<1 << fineBits).map(root)
    let step = 1 << fineBits
    coarse = (0...(period - 1) >> fineBits).map { root($0 * step) }
  }

  /// Cosine and sine of 2 pi k / period.
  ///
  /// - Precondition: k is in 0..<period.
  @inline(__always)
  package subscript(index: Int) -> SIMD2<Double> {
    let (first, second) = (coarse[index >> fineBits], fine[index & (1 << fineBits - 1)])
    return SIMD2(first.x * second.x - first.y * second.y, first.x * second.y + first.y * second.x)
  }
}
