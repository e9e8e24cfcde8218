import FXParams
import FileOutput
import Foundation
import HDF5Store
import NumericCore
public import PresetStore

/// Posterior draws on disk: netCDF that ArviZ opens, which is HDF5 with dimension scales (docs/diagnostics.md).
public enum PosteriorFile {
  /// The group of what ArviZ has no place for: the chain, logits of the prior and of the warm-up, loss traces.
  static let ownGroup = "priorkit"

  // MARK: - Writing

  /// Writes draws, completely or not at all.
  ///
  /// - Parameters:
  ///   - draws: the draws, with what is known of how they were made.
  ///   - path: the file.
  ///   - force: whether an existing file may be replaced.
  ///   - provenance: how the file is made, for its header.
  ///   - naming: how its variables are named; they are read back under either.
  /// - Throws: ``PosteriorError`` if the draws are not sound; `OutputError` or `HDF5Error` if they cannot be
  ///   written.
  public static func write(
    _ draws: PosteriorDraws, to path: String, force: Bool, provenance: Provenance,
    naming: PosteriorNaming = .parameters
  ) throws {
    try draws.check(path: path)
    try HDF5Writer.create(path, overwrite: force) { file in
      let netCDF = try NetCDFWriter(file, software: "priorkit=\(Provenance.currentVersion)")
      let writer = PosteriorWriter(draws, netCDF: netCDF, date: provenance.date, naming: naming)
      try writer.writeSampleGroups()
      let own = try netCDF.group(ownGroup)
      let header = FileHeader(kind: .posterior, chain: draws.chain, provenance: provenance)
      try header.write(to: file, group: "/" + ownGroup)
      try own.adopt(dimension: "names", count: draws.dimension)
      try own.attach(["names"], to: "units")
      try writer.writeOwn(to: own)
    }
  }

  // MARK: - Reading

  /// Reads draws and checks them against the chain in the file.
  ///
  /// - Throws: `DataError` for a file of another kind or a newer version, ``PosteriorError`` for one whose parts do
  ///   not fit each other, `HDF5Error` for one that cannot be read.
  public static func read(_ path: String) throws -> PosteriorDraws {
    try PosteriorReader(path).draws()
  }

  /// How a posterior file was made.
  public static func provenance(_ path: String) throws -> Provenance { try Provenance(ofFile: path) }
}
