import Foundation

// Continuous deviates. Each takes a fixed number of words, so that positions in a stream can be reckoned.

extension RandomSource {
  /// A uniform deviate in the open interval (0, 1), on a grid of 2^-53. Takes one word.
  public mutating func nextUniform() -> Double {
    let grid = Double(next() >> 11)
    // The one grid point on the border moves half a step inwards: a logarithm of the result is finite.
    return max(grid, 0.5) * 0x1p-53
  }

  /// A standard normal deviate. Two deviates take two words.
  ///
  /// Box and Muller (1958), doi:10.1214/aoms/1177706645: sqrt(-2 log u) (cos, sin)(2 pi v). It has no rejection, so the
  /// number of words is fixed; the largest magnitude it can give is 8.66.
  public mutating func nextNormal() -> Double {
    if let spare = spareNormal {
      spareNormal = nil
      return spare
    }
    let radius = (-2 * log(nextUniform())).squareRoot()
    let angle = 2 * Double.pi * nextUniform()
    spareNormal = radius * sin(angle)
    return radius * cos(angle)
  }

  /// Fills an array with uniform deviates in (0, 1).
  public mutating func fillUniform(_ buffer: inout [Double]) {
    for index in buffer.indices { buffer[index] = nextUniform() }
  }

  /// Fills an array with standard normal deviates.
  public mutating func fillNormal(_ buffer: inout [Double]) {
    for index in buffer.indices { buffer[index] = nextNormal() }
  }
}
