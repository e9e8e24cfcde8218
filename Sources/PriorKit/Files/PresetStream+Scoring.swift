import FXParams
import HDF5Store
import NumericCore
public import PresetStore

/// Log densities of some presets of a file, in its order.
public struct ScoredBlock: Sendable {
  /// Indices in the file.
  public let rows: Range<Int>
  /// One per preset; their numbers, from 1, where the file has none.
  public let labels: [String]
  /// In nats.
  public let logDensities: [Double]
  /// Distances from the mean in standard deviations; nil for a prior that is not Gaussian.
  public let mahalanobisDistances: [Double]?
}

extension PresetStream {
  /// Scores every preset, in blocks; the result does not depend on the number of threads.
  ///
  /// - Parameters:
  ///   - prior: a prior over the chain of the file.
  ///   - threads: most threads to use.
  ///   - format: turns a block into what `deliver` takes; called from several threads.
  ///   - deliver: called for one block at a time, in the order of the file.
  /// - Throws: `DataError` for a value that is not finite, `HDF5Error`, and what `deliver` throws.
  public func score<Formatted>(
    under prior: Prior, threads: Int, format: @Sendable (ScoredBlock) -> Formatted,
    deliver: @Sendable (Formatted) throws -> Void
  ) throws {
    let gaussian = prior.gaussian
    try ParallelBlocks.runInOrder(count: blockCount, threads: threads) {
      ScoringWorkspace<Formatted>(capacity: rowsInBlock * dimension)
    } fetch: { block, workspace in
      workspace.part = try readBlock(block, into: workspace.buffer)
      workspace.labels = try labels(of: rows(ofBlock: block))
    } process: { block, workspace in
      let rows = rows(ofBlock: block)
      if let index = workspace.part.firstIndex(where: { !(abs($0) <= .largestSquared) }) {
        throw notFinite(
          row: rows.lowerBound + index / dimension, column: index % dimension, value: workspace.part[index])
      }
      let scores = Self.scores(of: UnsafeBufferPointer(workspace.part), rows, prior, gaussian)
      workspace.formatted = format(
        ScoredBlock(
          rows: rows, labels: workspace.labels, logDensities: scores.logDensities,
          mahalanobisDistances: scores.distances))
    } deliver: { _, workspace in
      if let formatted = workspace.formatted.take() { try deliver(formatted) }
    }
    try checkFeatures()
  }

  private static func scores(
    of points: UnsafeBufferPointer<Double>, _ rows: Range<Int>, _ prior: Prior, _ gaussian: MultivariateNormal?
  ) -> (logDensities: [Double], distances: [Double]?) {
    guard let gaussian else {
      let matrix = Matrix(rows: rows.count, columns: points.count / rows.count, values: Array(points))
      let squared = (0..<matrix.rows).compactMap { prior.squaredMahalanobisDistance(to: matrix.row($0)) }
      // Families without one scatter matrix have no such distance.
      return (prior.logDensities(ofRows: matrix), squared.isEmpty ? nil : squared.map { $0.squareRoot() })
    }
    let squared = gaussian.squaredMahalanobisDistances(toRows: points, threads: 1)
    return (squared.map { gaussian.logDensityAtMean - 0.5 * $0 }, squared.map { $0.squareRoot() })
  }
}

/// Memory of one thread.
private final class ScoringWorkspace<Formatted> {
  let buffer: UnsafeMutableBufferPointer<Double>
  var part: UnsafeMutableBufferPointer<Double>
  var labels: [String] = []
  var formatted: Formatted?

  init(capacity: Int) {
    buffer = .allocate(capacity: capacity)
    buffer.initialize(repeating: 0)
    part = buffer
  }

  deinit { buffer.deallocate() }
}
