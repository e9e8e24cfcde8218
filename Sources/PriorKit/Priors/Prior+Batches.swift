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

  /// Some draws of one seed as rows [rows.count, dimension]: each the same as in a range that holds it.
  ///
  /// A normal computes every block of draws that one of them is in, so that it rounds as in a range.
  /// - Precondition: the rows are ascending and not negative.
  public func samples(rows: [Int], seed: UInt64, threads: Int) -> Matrix {
    precondition(zip(rows, rows.dropFirst()).allSatisfy { $0 < $1 }, "Draws that are not in order")
    let size = gaussian == nil ? 1 : MultivariateNormal.rowsInBlock
    // Positions in `rows` of those in one block.
    let starts = rows.indices.filter { $0 == 0 || rows[$0] / size != rows[$0 - 1] / size }
    let blocks = zip(starts, starts.dropFirst() + [rows.count]).map { $0..<$1 }
    let dimension = space.count
    let values = [Double](unsafeUninitializedCapacity: rows.count * dimension) { buffer, initialized in
      nonisolated(unsafe) let target = buffer
      ParallelBlocks.run(count: blocks.count, threads: threads) {
      } process: { block, _ in
        let positions = blocks[block]
        let first = rows[positions.lowerBound]
        let drawn = samples(first..<rows[positions.upperBound - 1] + 1, seed: seed, threads: 1)
        for position in positions {
          _ = UnsafeMutableBufferPointer(
            rebasing: target[position * dimension..<(position + 1) * dimension]
          ).update(fromContentsOf: drawn.row(rows[position] - first))
        }
      }
      initialized = buffer.count
    }
    return Matrix(rows: rows.count, columns: dimension, values: values)
  }
}
