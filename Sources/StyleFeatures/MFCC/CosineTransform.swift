import Foundation

/// The first coefficients of the orthonormal DCT-II: y[c] = s_c sum_m x[m] cos(pi c (m + 1/2)/M), with s_0 =
/// sqrt(1/M) and s_c = sqrt(2/M).
///
/// A cosine is even (c even) or odd (c odd) about the middle of the inputs. The sum and the difference of two
/// mirrored inputs make a pair that meets the coefficients two by two: M/2 products per coefficient.
package final class CosineTransform {
  let inputCount: Int
  let outputCount: Int
  private let pairCount: Int
  /// basis[m pairCount + k] = the factors of coefficients 2k and 2k + 1 for input m, m < M/2; 0 beyond the last
  /// coefficient.
  private let basis: [SIMD2<Double>]
  private var pairs: [SIMD2<Double>]

  /// - Precondition: `inputCount` is even and at least `outputCount`.
  package init(inputCount: Int, outputCount: Int) {
    precondition(inputCount % 2 == 0 && outputCount <= inputCount)
    self.inputCount = inputCount
    self.outputCount = outputCount
    let pairCount = (outputCount + 1) / 2
    func factor(_ input: Int, _ output: Int) -> Double {
      guard output < outputCount else { return 0 }
      let scale = (Double(output == 0 ? 1 : 2) / Double(inputCount)).squareRoot()
      return scale * cos(Double.pi * Double(output) * (Double(input) + 0.5) / Double(inputCount))
    }
    basis = (0..<inputCount / 2 * pairCount).map { index in
      let (input, pair) = index.quotientAndRemainder(dividingBy: pairCount)
      return SIMD2(factor(input, 2 * pair), factor(input, 2 * pair + 1))
    }
    pairs = Array(repeating: .zero, count: pairCount)
    self.pairCount = pairCount
  }

  /// Computes `outputCount` coefficients of `inputCount` inputs and writes them `stride` numbers apart.
  package func forward(_ input: UnsafePointer<Double>, into output: UnsafeMutablePointer<Double>, stride: Int) {
    basis.withUnsafeBufferPointer { basis in
      pairs.withUnsafeMutableBufferPointer { pairs in
        for pair in 0..<pairCount { pairs[pair] = .zero }
        for index in 0..<inputCount / 2 {
          let (near, far) = (input[index], input[inputCount - 1 - index])
          let mirrored = SIMD2(near + far, near - far)
          for pair in 0..<pairCount { pairs[pair] += mirrored * basis[index * pairCount + pair] }
        }
        for index in 0..<outputCount { output[index * stride] = pairs[index / 2][index % 2] }
      }
    }
  }

  /// The transpose: reads `outputCount` cotangents `stride` numbers apart and writes those of the `inputCount`
  /// inputs.
  package func pullback(_ output: UnsafePointer<Double>, stride: Int, into input: UnsafeMutablePointer<Double>) {
    basis.withUnsafeBufferPointer { basis in
      pairs.withUnsafeMutableBufferPointer { pairs in
        for pair in 0..<pairCount { pairs[pair] = .zero }
        for index in 0..<outputCount { pairs[index / 2][index % 2] = output[index * stride] }
        for index in 0..<inputCount / 2 {
          var sum = SIMD2<Double>.zero
          for pair in 0..<pairCount { sum += pairs[pair] * basis[index * pairCount + pair] }
          input[index] = sum.x + sum.y
          input[inputCount - 1 - index] = sum.x - sum.y
        }
      }
    }
  }
}
