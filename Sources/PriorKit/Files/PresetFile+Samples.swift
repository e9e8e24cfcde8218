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
  /// - Throws: `OutputError` or `HDF5Error` if the file cannot be written; what `progress` throws.
  public static func writeSamples(
    of prior: Prior, count: Int, seed: UInt64, to path: String, provenance: Provenance, overwrite: Bool,
    threads: Int, progress: @Sendable () throws -> Void = {}
  ) throws {
    precondition(count > 0, "\(count) draws make no file")
    guard prior.patterns == nil else {
      return try writePatternedSamples(
        of: prior, count: count, seed: seed, to: path, provenance: provenance, overwrite: overwrite,
        progress: progress)
    }
    let dimension = prior.space.count
    let blockRows = PresetStream.rowsInBlock(dimension: dimension)
    let blocks = blockCount(ofSamples: count, dimension: dimension)
    try HDF5Writer.create(path, overwrite: overwrite) { writer in
      try FileHeader(kind: .presets, chain: prior.chain, provenance: provenance).write(to: writer)
      // Both are used by one thread at a time, in the order of the blocks.
      nonisolated(unsafe) let theta = try writer.rows(shape: [count, dimension], of: "/theta")
      nonisolated(unsafe) let labels = try writer.texts(
        count: count, width: "sample-\(count)".utf8.count, of: "/labels")
      try ParallelBlocks.runInOrder(count: blocks, threads: threads) {
        Matrix(rows: 0, columns: dimension)
      } process: { block, rows in
        let range = block * blockRows..<min((block + 1) * blockRows, count)
        rows = prior.samples(range, seed: seed, threads: 1)
      } deliver: { block, rows in
        try rows.values.withUnsafeBufferPointer { try theta.append($0) }
        try labels.append((0..<rows.rows).map { "sample-\(block * blockRows + $0 + 1)" })
        try progress()
      }
      try theta.finish()
      try labels.finish()
      try writer.nameDimensions(ofPresets: count, space: prior.space)
      // The labels have a fixed length, which xarray gives back as bytes unless it is told what they are.
      try writer.set("utf-8", attribute: "_Encoding", of: "/labels")
    }
  }

  /// The same for presets of varying shape.
  private static func writePatternedSamples(
    of prior: Prior, count: Int, seed: UInt64, to path: String, provenance: Provenance, overwrite: Bool,
    progress: @Sendable () throws -> Void
  ) throws {
    let dimension = prior.space.count
    let blockRows = PresetStream.rowsInBlock(dimension: dimension)
    try HDF5Writer.create(path, overwrite: overwrite) { writer in
      try FileHeader(kind: .presets, chain: prior.chain, provenance: provenance).write(to: writer)
      let theta = try writer.rows(shape: [count, dimension], of: "/theta")
      let labels = try writer.texts(count: count, width: "sample-\(count)".utf8.count, of: "/labels")
      var patterns: [ChainPattern] = []
      for start in stride(from: 0, to: count, by: blockRows) {
        let range = start..<min(start + blockRows, count)
        let drawn = try prior.patternedSamples(range, seed: seed)
        try drawn.theta.values.withUnsafeBufferPointer { try theta.append($0) }
        try labels.append(range.map { "sample-\($0 + 1)" })
        patterns += drawn.patterns
        try progress()
      }
      try theta.finish()
      try labels.finish()
      if patterns.contains(where: { $0 != prior.chain.completePattern }) {
        try writer.write(patterns, of: prior.chain)
      }
      try writer.nameDimensions(ofPresets: count, space: prior.space)
      try writer.set("utf-8", attribute: "_Encoding", of: "/labels")
    }
  }
}
