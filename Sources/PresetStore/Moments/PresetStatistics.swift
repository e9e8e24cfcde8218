public import FXParams
public import Foundation
public import NumericCore
import Synchronization

/// Count, mean and scatter of presets of one chain, from which a Gaussian prior is fitted.
///
/// Statistics of parts of a collection, made on several machines, merge into those of the whole.
public struct PresetStatistics: Sendable {
  /// The chain of the presets; its flat order is that of the moments.
  public let chain: ChainDescription
  /// Of logits: mean, extremes [dimension] and scatter [dimension, dimension].
  public private(set) var moments: MomentAccumulator

  /// Number of presets, those of weight 0 included.
  public var count: Int { moments.count }
  /// Number of parameters.
  public var dimension: Int { moments.dimension }

  /// - Precondition: the moments have the chain's dimension.
  public init(chain: ChainDescription, moments: MomentAccumulator) {
    precondition(moments.dimension == chain.parameterSpace.count, "\(moments.dimension) dimensions of a chain")
    self.chain = chain
    self.moments = moments
  }

  /// Reads a preset file once, in blocks.
  ///
  /// - Parameters:
  ///   - stream: an open preset file.
  ///   - threads: how many threads share the work; the result does not depend on it.
  ///   - progress: called after each block.
  /// - Throws: ``DataError`` or `HDF5Error`, as ``PresetFile/read(_:acceptsVaryingShape:)``; what `progress`
  ///   throws.
  /// - Complexity: count dimension^2 floating-point operations, and memory for one block of some megabytes per
  ///   thread.
  public init(
    of stream: PresetStream, threads: Int = ProcessInfo.processInfo.activeProcessorCount,
    progress: @Sendable () throws -> Void = {}
  ) throws {
    let total = Mutex(MomentAccumulator(dimension: stream.dimension))
    try ParallelBlocks.runInOrder(count: stream.blockCount, threads: threads) {
      BlockWorkspace(capacity: stream.rowsInBlock * stream.dimension, dimension: stream.dimension)
    } fetch: { block, workspace in
      workspace.part = try stream.readBlock(block, into: workspace.buffer)
      workspace.weights = try stream.weights(ofBlock: block)
    } process: { block, workspace in
      do {
        workspace.moments = try MomentAccumulator(
          consuming: workspace.part, dimension: stream.dimension, weights: workspace.weights)
      } catch LinearAlgebraError.notFinite(let row, let column, let value) {
        throw stream.notFinite(row: stream.rows(ofBlock: block).lowerBound + row, column: column, value: value)
      }
    } deliver: { _, workspace in
      let moments = workspace.moments
      total.withLock { $0.merge(moments) }
      try progress()
    }
    try stream.checkFeatures()
    let moments = total.withLock { $0 }
    guard moments.weightSum > 0 else { throw DataError.noWeight(path: stream.path) }
    self.init(chain: stream.chain, moments: moments)
  }

  /// Adds the statistics of other presets of the same chain.
  ///
  /// - Precondition: the chains are equal.
  public mutating func merge(_ other: PresetStatistics) {
    precondition(other.chain == chain, "Statistics of different chains were merged")
    moments.merge(other.moments)
  }
}

/// Memory of one thread.
private final class BlockWorkspace {
  let buffer: UnsafeMutableBufferPointer<Double>
  var part: UnsafeMutableBufferPointer<Double>
  var weights: [Double]?
  var moments: MomentAccumulator

  init(capacity: Int, dimension: Int) {
    buffer = .allocate(capacity: capacity)
    buffer.initialize(repeating: 0)
    part = buffer
    moments = MomentAccumulator(dimension: dimension)
  }

  deinit { buffer.deallocate() }
}
