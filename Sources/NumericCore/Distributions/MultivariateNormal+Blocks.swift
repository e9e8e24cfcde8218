import CNumericKernels
public import Foundation

// Many points at once. Rows are worked on in blocks of a fixed size, padded where the last one is not full, and
// each block by one thread: what a row gives depends on its index alone, not on the number of rows or of threads.

extension MultivariateNormal {
  /// Rows that are worked on together: enough for the matrix product, few enough for the processor's cache.
  public static let rowsInBlock = 512

  // MARK: - Sampling

  /// Draws of one seed as rows: row i of the result is draw `indices.lowerBound + i`.
  ///
  /// Draw k is mean + L z with z the first n deviates of stream k (dtrmm). It is the same to the last bit for any
  /// range that holds it and any number of threads. On another machine the deviates are the same to the last bit,
  /// and the draws but for the rounding of its linear algebra library.
  /// - Precondition: the indices are not negative.
  /// - Complexity: n^2 floating-point operations and n deviates per draw.
  public func samples(
    _ indices: Range<Int>, seed: UInt64, threads: Int = ProcessInfo.processInfo.activeProcessorCount
  ) -> Matrix {
    let values = [Double](unsafeUninitializedCapacity: indices.count * dimension) { buffer, initialized in
      fillSamples(indices, seed: seed, threads: threads, into: buffer)
      initialized = buffer.count
    }
    return Matrix(rows: indices.count, columns: dimension, values: values)
  }

  /// Writes ``samples(_:seed:threads:)`` to memory of the caller.
  ///
  /// - Precondition: `target` holds `indices.count * dimension` numbers.
  public func fillSamples(
    _ indices: Range<Int>, seed: UInt64, threads: Int, into target: UnsafeMutableBufferPointer<Double>
  ) {
    precondition(indices.lowerBound >= 0, "Draw \(indices.lowerBound) of a seed")
    precondition(target.count == indices.count * dimension, "\(indices.count) draws into \(target.count) numbers")
    nonisolated(unsafe) let target = target
    forEachBlock(of: indices, threads: threads) { block, workspace in
      let wanted = indices.clamped(to: block)
      let place = UnsafeMutableBufferPointer(
        rebasing: target[
          (wanted.lowerBound - indices.lowerBound) * dimension..<(wanted.upperBound - indices.lowerBound)
            * dimension])
      let rows = wanted == block ? place : workspace
      RandomSource.fillNormal(
        rows, columns: dimension, seed: seed, streams: UInt64(block.lowerBound)..<UInt64(block.upperBound))
      cholesky.multiplyRowsByFactor(rows)
      moments_add(rows.baseAddress, Self.rowsInBlock, dimension, mean)
      guard wanted != block else { return }
      let offset = (wanted.lowerBound - block.lowerBound) * dimension
      _ = place.update(fromContentsOf: workspace[offset..<offset + place.count])
    }
  }

  // MARK: - Scoring

  /// (x - mean)^T covariance^-1 (x - mean) of the rows of a matrix [count, n], by blocks of many rows; infinite
  /// where it overflows.
  ///
  /// - Precondition: the points are finite.
  public func squaredMahalanobisDistances(
    toRows points: Matrix, threads: Int = ProcessInfo.processInfo.activeProcessorCount
  ) -> [Double] {
    precondition(points.columns == dimension, "Points of \(points.columns) entries in \(dimension) dimensions")
    return points.values.withUnsafeBufferPointer { squaredMahalanobisDistances(toRows: $0, threads: threads) }
  }

  /// The same of `points.count / n` rows in memory of the caller.
  public func squaredMahalanobisDistances(
    toRows points: UnsafeBufferPointer<Double>, threads: Int
  ) -> [Double] {
    precondition(points.count.isMultiple(of: dimension), "\(points.count) numbers in rows of \(dimension)")
    nonisolated(unsafe) let points = points
    let count = points.count / dimension
    return [Double](unsafeUninitializedCapacity: count) { buffer, initialized in
      nonisolated(unsafe) let distances = buffer
      forEachBlock(of: 0..<count, threads: threads) { block, workspace in
        let present = block.clamped(to: 0..<count)
        let source = points[present.lowerBound * dimension..<present.upperBound * dimension]
        precondition(source.allSatisfy { $0.isFinite }, "The distance of a point that is not finite is undefined")
        let filled = workspace.update(fromContentsOf: source)
        workspace[filled...].update(repeating: 0)
        moments_subtract(workspace.baseAddress, present.count, dimension, mean)
        cholesky.forwardSubstituteRows(workspace)
        let target = UnsafeMutableBufferPointer(rebasing: distances[present])
        moments_square_norms(workspace.baseAddress, present.count, dimension, target.baseAddress)
        for index in target.indices where !target[index].isFinite { target[index] = .infinity }
      }
      initialized = count
    }
  }

  // MARK: - Blocks

  /// Runs `body` for each block that overlaps a range, with a workspace for one block's rows.
  private func forEachBlock(
    of indices: Range<Int>, threads: Int,
    _ body: @Sendable (Range<Int>, UnsafeMutableBufferPointer<Double>) -> Void
  ) {
    guard !indices.isEmpty else { return }
    let size = Self.rowsInBlock
    let first = indices.lowerBound / size
    let count = (indices.upperBound - 1) / size - first + 1
    ParallelBlocks.run(count: count, threads: threads) {
      Workspace(count: size * dimension)
    } process: { index, workspace in
      let start = (first + index) * size
      body(start..<start + size, workspace.buffer)
    }
  }

  private final class Workspace {
    let buffer: UnsafeMutableBufferPointer<Double>

    init(count: Int) {
      buffer = .allocate(capacity: count)
      buffer.initialize(repeating: 0)
    }

    deinit { buffer.deallocate() }
  }
}
