import FXParams
import HDF5Store
import NumericCore

/// Priors on disk: HDF5 files of kind "prior" (docs/file-formats.md).
public enum PriorFile {
  // MARK: - Reading

  /// Reads a prior of any family that this version knows.
  ///
  /// - Throws: ``DataError`` for a wrong kind, a newer version, an unknown family, sizes or names that do not fit
  ///   the chain, or values that are not finite; ``PriorError`` for moments that no density has; ``HDF5Error`` for
  ///   a file that cannot be read.
  public static func read(_ path: String) throws -> any Prior {
    let reader = try HDF5Reader(path: path)
    let header = try FileHeader(reader, expecting: .prior)
    let family = try reader.text(attribute: "family", of: "/")
    switch family {
    case "gaussian":
      return try gaussian(reader, header.chain)
    default:
      throw DataError(
        .wrongKind, path,
        "\(path) holds a prior of the family \(family), which is unknown here: use a newer priorkit.")
    }
  }

  private static func gaussian(_ reader: HDF5Reader, _ chain: ChainDescription) throws -> GaussianPrior {
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
    return try GaussianPrior(chain: chain, mean: mean.values, covariance: covariance)
  }

  // MARK: - Writing

  /// Writes a Gaussian prior, completely or not at all.
  ///
  /// - Throws: `OutputError` or ``HDF5Error`` if it cannot be written.
  public static func write(
    _ prior: GaussianPrior, to path: String, provenance: Provenance, overwrite: Bool
  ) throws {
    try HDF5Writer.create(path, overwrite: overwrite) { writer in
      try FileHeader(kind: .prior, chain: prior.chain, provenance: provenance).write(to: writer)
      try writer.set("gaussian", attribute: "family")
      try writer.write(prior.mean, shape: [prior.mean.count], to: "/mean")
      try writer.write(prior.covariance, to: "/covariance")
    }
  }
}
