import FXParams
public import NumericCore

extension Prior {
  /// `count` draws as rows [count, dimension]. Draw i uses stream i of the seed alone: a longer batch begins with a
  /// shorter one, and the draws may be shared among threads.
  public func samples(_ count: Int, seed: UInt64) -> Matrix {
    var values: [Double] = []
    values.reserveCapacity(count * space.count)
    for index in 0..<count {
      var source = RandomSource(seed: seed, stream: UInt64(index))
      values += sample(using: &source)
    }
    return Matrix(rows: count, columns: space.count, values: values)
  }
}
