public import Distributions
import FXParams
import HDF5Store
import NumericCore
public import PresetStore

/// Priors on disk: HDF5 files of kind "prior" (docs/file-formats.md).
public enum PriorFile {
  // MARK: - Reading

  /// Reads a prior of any of `families`.
  ///
  /// - Parameters:
  ///   - path: the file.
  ///   - acceptsVaryingShape: whether the prior may be one of presets that lack effects, or have another order.
  ///   - families: those that the file may hold.
  /// - Throws: `DataError` for a wrong kind, a newer version, an unknown family, sizes or names that do not fit
  ///   the chain, values that are not finite, or presets of varying shape; ``PriorError`` for moments that no
  ///   density has; `HDF5Error` for a file that cannot be read.
  public static func read(
    _ path: String, acceptsVaryingShape: Bool = false, families: DistributionFamilies = .standard
  ) throws -> Prior {
    let reader = try HDF5Reader(path: path)
    let header = try FileHeader(reader, expecting: .prior)
    var prior = try complete(reader, header.chain, families)
    prior.patterns = try reader.patternDistribution(of: header.chain)
    guard acceptsVaryingShape || prior.patterns == nil else { throw DataError.priorOfVaryingShape(path: path) }
    return prior
  }

  /// The prior of complete presets.
  private static func complete(
    _ reader: HDF5Reader, _ chain: ChainDescription, _ families: DistributionFamilies
  ) throws -> Prior {
    let path = reader.path
    let record = try reader.fitRecord()
    let family = try reader.text(attribute: "family", of: "/")
    if family == MultivariateNormal.family { return try gaussian(reader, chain, record) }
    do {
      guard
        let distribution = try families.decode(family, from: reader.distributionArchive(excluding: reservedNames))
      else {
        throw DataError(
          .wrongKind, path,
          "\(path) holds a prior of the family \(family), which is unknown here (\(families.list)): use a newer "
            + "priorkit, or the program that wrote it.")
      }
      return try Prior(chain: chain, distribution: distribution, record: record)
    } catch let error as ArchiveError {
      throw DataError(.malformed, path, "\(path) holds no prior of the family \(family). \(error)")
    } catch DistributionError.dimensionMismatch(_, let expected, let found) {
      throw DataError(
        .wrongShape, path,
        "The density in \(path) is over \(found) parameters but its chain has \(expected): make it again.")
    }
  }

  private static func gaussian(
    _ reader: HDF5Reader, _ chain: ChainDescription, _ record: FitRecord?
  ) throws -> Prior {
    let path = reader.path
    let names = chain.parameterSpace.names
    let mean = try reader.doubles("/mean")
    guard mean.shape == [names.count] else {
      throw DataError(
        .wrongShape, path,
        "/mean in \(path) has shape \(mean.shape) but its chain has \(names.count) parameters: make it again.")
    }
    let covariance = try reader.matrix("/covariance")
    guard covariance.rows == names.count, covariance.columns == names.count else {
      throw DataError(
        .wrongShape, path,
        "/covariance in \(path) is \(covariance.rows) x \(covariance.columns) but its chain has \(names.count) "
          + "parameters: make it again.")
    }
    let row = Matrix(rows: 1, columns: names.count, values: mean.values)
    try row.checkFinite(columns: names, "Mean, row", path: path)
    try covariance.checkFinite(columns: names, "Covariance, row", path: path)
    return try Prior(chain: chain, mean: mean.values, covariance: covariance, record: record)
  }

  // MARK: - Writing

  /// Writes a prior of any of `families`, completely or not at all.
  ///
  /// - Throws: `DataError` if the distribution, or one inside it, is of another family, so that the file could not
  ///   be read; `OutputError` or `HDF5Error` if it cannot be written.
  public static func write(
    _ prior: Prior, to path: String, families: DistributionFamilies = .standard, provenance: Provenance,
    overwrite: Bool
  ) throws {
    try families.check(prior.distribution, for: path)
    let family = type(of: prior.distribution).family
    var archive = DistributionArchive()
    prior.distribution.encode(into: &archive)
    try HDF5Writer.create(path, overwrite: overwrite) { writer in
      try FileHeader(kind: .prior, chain: prior.chain, provenance: provenance).write(to: writer)
      try writer.set(family, attribute: "family")
      try writer.write(archive, excluding: reservedNames)
      if let record = prior.record { try writer.write(record) }
      if let patterns = prior.patterns { try writer.write(patterns, of: prior.chain) }
      try writer.nameDimensions(of: archive, space: prior.space)
    }
  }

  /// Names at the root that are not arrays of the distribution.
  private static let reservedNames: Set = ["parameter_space", "names", "column_names", "units", "fit", "patterns"]
}

extension DistributionFamilies {
  /// Throws unless a file with this distribution can be read with these families.
  func check(_ distribution: any Distribution, for path: String) throws {
    guard let family = missing(for: distribution) else { return }
    throw DataError(
      .wrongKind, path,
      "\(path) cannot hold a density of the family \(family), which is unknown here (\(list)): add it to the "
        + "families that files are written and read with.")
  }
}
