import FXParams
public import Foundation
public import NumericCore

extension Prior {
  /// The first `count` draws of a seed: a longer batch begins with a shorter one.
  public func samples(
    _ count: Int, seed: UInt64, threads: Int = ProcessInfo.processInfo.activeProcessorCount
  ) -> Matrix {
    samples(0..<count, seed: seed, threads: threads)
  }

  /// Draws of one seed as rows [indices.count, dimension]. Draw k uses stream k of the seed alone, so that it is
  /// the same in any range that holds it and with any number of threads.
  public func samples(_ indices: Range<Int>, seed: UInt64, threads: Int) -> Matrix {
    // A normal draws whole blocks; one that was fitted must round as one that was read.
    if let gaussian { return gaussian.samples(indices, seed: seed, threads: threads) }
    let dimension = space.count
    let values = [Double](unsafeUninitializedCapacity: indices.count * dimension) { buffer, initialized in
      nonisolated(unsafe) let rows = buffer
      ParallelBlocks.run(count: indices.count, threads: threads) {
      } process: { row, _ in
        var source = RandomSource(seed: seed, stream: UInt64(indices.lowerBound + row))
        _ = UnsafeMutableBufferPointer(rebasing: rows[row * dimension..<(row + 1) * dimension])
          .update(fromContentsOf: sample(using: &source))
      }
      initialized = rows.count
    }
    return Matrix(rows: indices.count, columns: dimension, values: values)
  }
}
