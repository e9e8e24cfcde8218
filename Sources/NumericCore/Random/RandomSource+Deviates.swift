import CNumericKernels

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
  /// Box and Muller (1958), doi:10.1214/aoms/1177706645: sqrt(-2 log u) (cos, sin)(2 pi v). It has no rejection, so
  /// the number of words is fixed; the largest magnitude it can give is 8.66. The same on every machine, to the
  /// last bit: the functions are evaluated by correctly rounded operations in a fixed order.
  public mutating func nextNormal() -> Double {
    if let spare = spareNormal {
      spareNormal = nil
      return spare
    }
    let first = next()
    var pair = (0.0, 0.0)
    withUnsafeMutableBytes(of: &pair) {
      normal_pair(first, next(), $0.assumingMemoryBound(to: Double.self).baseAddress)
    }
    spareNormal = pair.1
    return pair.0
  }

  /// Fills an array with standard normal deviates: those that ``nextNormal()`` gives one by one, several at a time.
  public mutating func fillNormal(_ buffer: inout [Double]) {
    // The vector kernel begins at whole blocks and leaves no spare deviate behind.
    let canBatch = spareNormal == nil && position.isMultiple(of: 2)
    let batched = canBatch ? buffer.count & ~1 : 0
    if batched > 0 {
      buffer.withUnsafeMutableBufferPointer {
        normal_fill(seed, stream, position >> 1, 1, batched, batched, $0.baseAddress)
      }
      skip(UInt64(batched))
    }
    for index in batched..<buffer.count { buffer[index] = nextNormal() }
  }

  /// Fills rows of `columns` deviates: row i has the first deviates of stream `streams.lowerBound + i` of a seed.
  ///
  /// - Precondition: `rows` holds `streams.count * columns` numbers.
  public static func fillNormal(
    _ rows: UnsafeMutableBufferPointer<Double>, columns: Int, seed: UInt64, streams: Range<UInt64>
  ) {
    precondition(rows.count == streams.count * columns, "\(streams.count) rows do not fit \(rows.count) numbers")
    normal_fill(seed, streams.lowerBound, 0, streams.count, columns, columns, rows.baseAddress)
  }
}
