import FXParams
import HDF5Store
import NumericCore

/// Statistics of presets on disk: HDF5 files of kind "statistics" (docs/file-formats.md).
public enum StatisticsFile {
  /// - Throws: ``DataError`` for a wrong kind, a newer version, sizes or names that do not fit the chain, or values
  ///   that no presets have; `HDF5Error` for a file that cannot be read.
  public static func read(_ path: String) throws -> PresetStatistics {
    let reader = try HDF5Reader(path: path)
    let header = try FileHeader(reader, expecting: .statistics)
    let names = header.chain.parameterSpace.names
    func vector(_ dataset: String) throws -> [Double] {
      let (shape, values) = try reader.doubles(dataset)
      guard shape == [names.count] else { throw malformed(path, "\(dataset) has shape \(shape)", names.count) }
      return values
    }
    let scatter = try reader.matrix("/scatter")
    guard scatter.rows == names.count, scatter.columns == names.count else {
      throw malformed(path, "/scatter is \(scatter.rows) x \(scatter.columns)", names.count)
    }
    let count = try reader.integer(attribute: "count")
    let weights = try reader.doubles("/weight_sums").values
    guard count > 0, weights.count == 2, weights.allSatisfy({ $0 > 0 && $0.isFinite }) else {
      throw DataError(
        .invalidValue, path, "\(path) has \(count) presets of weights \(weights): make the statistics again.")
    }
    do {
      return PresetStatistics(
        chain: header.chain,
        moments: try MomentAccumulator(
          count: count, weightSum: weights[0], squaredWeightSum: weights[1], mean: vector("/mean"),
          minima: vector("/minimum"), maxima: vector("/maximum"), scatter: scatter))
    } catch let error as LinearAlgebraError {
      throw DataError(.invalidValue, path, "The statistics in \(path) cannot be used: \(error)")
    }
  }

  /// Writes statistics, completely or not at all.
  ///
  /// - Throws: `OutputError` or `HDF5Error` if they cannot be written.
  public static func write(
    _ statistics: PresetStatistics, to path: String, provenance: Provenance, overwrite: Bool
  ) throws {
    let moments = statistics.moments
    try HDF5Writer.create(path, overwrite: overwrite) { writer in
      try FileHeader(kind: .statistics, chain: statistics.chain, provenance: provenance).write(to: writer)
      try writer.set(moments.count, attribute: "count")
      try writer.write([moments.weightSum, moments.squaredWeightSum], shape: [2], to: "/weight_sums")
      try writer.write(moments.mean, shape: [moments.dimension], to: "/mean")
      try writer.write(moments.minima, shape: [moments.dimension], to: "/minimum")
      try writer.write(moments.maxima, shape: [moments.dimension], to: "/maximum")
      try writer.write(moments.scatter, to: "/scatter")
    }
  }

  private static func malformed(_ path: String, _ found: String, _ expected: Int) -> DataError {
    DataError(.wrongShape, path, "\(found) in \(path) but its chain has \(expected) parameters: make it again.")
  }
}
