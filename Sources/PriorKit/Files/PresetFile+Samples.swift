import FXParams
import HDF5Store
import NumericCore
public import PresetStore

extension PresetFile {
  /// Number of blocks that `writeSamples` works in.
  public static func blockCount(ofSamples count: Int, dimension: Int) -> Int {
    let rows = PresetStream.rowsInBlock(dimension: dimension)
    return (count + rows - 1) / rows
  }

  /// Writes draws of a prior to a preset file, in blocks: memory does not grow with their number. Draw k has the
  /// label `sample-(k + 1)`.
  ///
  /// - Parameters:
  ///   - prior: the prior that is drawn from; its chain is that of the file.
  ///   - count: how many draws, positive.
  ///   - seed: of the draws: draw k has stream k of it.
  ///   - path: the file.
  ///   - provenance: how the file is made, for its header.
  ///   - overwrite: whether an existing file may be replaced.
  ///   - threads: how many threads draw; the file does not depend on it.
  ///   - progress: called after each block.
  /// - Throws: `OutputError` or `HDF5Error` if the file cannot be written; what `progress` throws; for presets of
  ///   varying shape, as `Prior.ofPattern(_:)`.
  public static func writeSamples(
    of prior: Prior, count: Int, seed: UInt64, to path: String, provenance: Provenance, overwrite: Bool,
    threads: Int, progress: @Sendable () throws -> Void = {}
  ) throws {
    precondition(count > 0, "\(count) draws make no file")
    let dimension = prior.space.count
    let blockRows = PresetStream.rowsInBlock(dimension: dimension)
    let blocks = blockCount(ofSamples: count, dimension: dimension)
    try HDF5Writer.create(path, overwrite: overwrite) { writer in
      try FileHeader(kind: .presets, chain: prior.chain, provenance: provenance).write(to: writer)
      // Both are used by one thread at a time, in the order of the blocks.
      nonisolated(unsafe) let theta = try writer.rows(shape: [count, dimension], of: "/theta")
      nonisolated(unsafe) let labels = try writer.texts(
        count: count, width: "sample-\(count)".utf8.count, of: "/labels")
      nonisolated(unsafe) var patterns: [ChainPattern] = []
      try ParallelBlocks.runInOrder(count: blocks, threads: threads) {
        (theta: Matrix(rows: 0, columns: dimension), patterns: [ChainPattern]())
      } process: { block, drawn in
        let range = block * blockRows..<min((block + 1) * blockRows, count)
        drawn =
          prior.patterns == nil
          ? (prior.samples(range, seed: seed, threads: 1), []) : try prior.patternedSamples(range, seed: seed)
      } deliver: { block, drawn in
        try drawn.theta.values.withUnsafeBufferPointer { try theta.append($0) }
        try labels.append((0..<drawn.theta.rows).map { "sample-\(block * blockRows + $0 + 1)" })
        patterns += drawn.patterns
        try progress()
      }
      try theta.finish()
      try labels.finish()
      if patterns.contains(where: { $0 != prior.chain.completePattern }) {
        try writer.write(patterns, of: prior.chain)
      }
      try writer.nameDimensions(ofPresets: count, space: prior.space)
      // The labels have a fixed length, which xarray gives back as bytes unless it is told what they are.
      try writer.set("utf-8", attribute: "_Encoding", of: "/labels")
    }
  }
}
