import FXParams
import HDF5Store
import NumericCore

/// Statistics of presets on disk: HDF5 files of kind "statistics" (docs/file-formats.md).
public enum StatisticsFile {
  /// The largest count that a `Double` holds exactly.
  private static let mostPresets = 1 << 53
  /// What sums may differ by.
  private static let rounding = 1e-9

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
    // Sums of weights w that are no sums of squares: (sum w)^2 / N <= sum w^2 <= (sum w)^2.
    let isPossible =
      (1...mostPresets).contains(count) && weights.count == 2 && weights.allSatisfy { $0 > 0 && $0.isFinite }
      && weights[1] <= weights[0] * weights[0] * (1 + rounding)
      && weights[1] * Double(count) * (1 + rounding) >= weights[0] * weights[0]
    guard isPossible else {
      throw DataError(
        .invalidValue, path, "\(path) has \(count) presets of weights \(weights): make the statistics again.")
    }
    let (mean, minima, maxima) = try (vector("/mean"), vector("/minimum"), vector("/maximum"))
    for (column, name) in names.enumerated() {
      let slack = rounding * max(abs(minima[column]), abs(maxima[column]))
      guard minima[column] - slack <= mean[column], mean[column] <= maxima[column] + slack,
        minima[column] <= maxima[column], scatter[column, column] >= 0
      else {
        throw DataError(
          .invalidValue, path,
          "\(path) has a mean of \(mean[column]) for \(name) between \(minima[column]) and \(maxima[column]), with "
            + "a scatter of \(scatter[column, column]): make the statistics again.")
      }
    }
    do {
      return PresetStatistics(
        chain: header.chain,
        moments: try MomentAccumulator(
          count: count, weightSum: weights[0], squaredWeightSum: weights[1],
          weightExponent: try reader.integerIfPresent(attribute: "weight_exponent") ?? 0, mean: mean,
          minima: minima,
          maxima: maxima, scatter: scatter))
    } catch let error as LinearAlgebraError {
      throw DataError(.invalidValue, path, "The statistics in \(path) cannot be used: \(error)")
    }
  }

  /// Writes statistics, completely or not at all.
  ///
  /// - Throws: ``DataError`` if they overflowed; `OutputError` or `HDF5Error` if they cannot be written.
  public static func write(
    _ statistics: PresetStatistics, to path: String, provenance: Provenance, overwrite: Bool
  ) throws {
    let moments = statistics.moments
    guard moments.isFinite else {
      throw DataError(
        .invalidValue, path,
        "The scatter of these presets is beyond any number, so \(path) was not written: look for logits beyond "
          + "1e150."
      )
    }
    try HDF5Writer.create(path, overwrite: overwrite) { writer in
      try FileHeader(kind: .statistics, chain: statistics.chain, provenance: provenance).write(to: writer)
      try writer.set(moments.count, attribute: "count")
      if moments.weightExponent != 0 { try writer.set(moments.weightExponent, attribute: "weight_exponent") }
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
