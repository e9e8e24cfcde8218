public import Distributions
import FXParams
import HDF5Store
import NumericCore
public import PresetStore

/// Conditional priors on disk: HDF5 files of kind "conditional" (docs/file-formats.md).
public enum ConditionalPriorFile {
  // MARK: - Reading

  /// - Throws: `DataError` for a wrong kind, a newer version, an unknown family, or parts that do not fit each
  ///   other; `HDF5Error` for a file that cannot be read.
  public static func read(
    _ path: String, families: DistributionFamilies = .standard
  ) throws -> ConditionalPrior {
    let reader = try HDF5Reader(path: path)
    let header = try FileHeader(reader, expecting: .conditional)
    let family = try reader.text(attribute: "family", of: "/")
    let archive = try reader.distributionArchive(excluding: reservedNames)
    do {
      guard let joint = try families.decode(family, from: archive.part("joint")) else {
        throw DataError(
          .wrongKind, path,
          "\(path) holds a conditional prior of the family \(family), which is unknown here (\(families.list)): "
            + "use a newer priorkit, or the program that wrote it.")
      }
      var prior = try ConditionalPrior(
        chain: header.chain, featureNames: try reader.strings("/feature_names"),
        featureRecord: try reader.featureRecord(of: "/transform"),
        transform: try FeatureTransform(from: archive.part("transform")), joint: joint,
        record: try reader.fitRecord())
      if reader.contains("/familiarity") {
        prior.familiarity = try Familiarity(
          from: archive.part("familiarity"), componentCount: prior.transform.componentCount)
      }
      if reader.contains(attribute: "spread") {
        prior.spread = try reader.double(attribute: "spread")
        guard prior.spread > 0, prior.spread.isFinite else {
          throw DataError(
            .malformed, path, "\(path) has a spread of \(prior.spread), which is not positive: calibrate it again.")
        }
      }
      return prior
    } catch let error as ArchiveError {
      throw DataError(.malformed, path, "\(path) holds no conditional prior. \(error)")
    } catch DistributionError.dimensionMismatch(let what, let expected, let found) {
      throw DataError(
        .wrongShape, path, "The \(what) in \(path) has size \(found) instead of \(expected): fit the prior again.")
    }
  }

  // MARK: - Writing

  /// Writes a conditional prior, completely or not at all.
  ///
  /// - Throws: `DataError` if the joint distribution, or one inside it, is of another family; `OutputError` or
  ///   `HDF5Error` if it cannot be written.
  public static func write(
    _ prior: ConditionalPrior, to path: String, families: DistributionFamilies = .standard, provenance: Provenance,
    overwrite: Bool
  ) throws {
    try families.check(prior.joint, for: path)
    var joint = DistributionArchive()
    prior.joint.encode(into: &joint)
    var transform = DistributionArchive()
    prior.transform.encode(into: &transform)
    var archive = DistributionArchive()
    archive.set(joint, under: "joint")
    archive.set(transform, under: "transform")
    if let familiarity = prior.familiarity {
      var part = DistributionArchive()
      familiarity.encode(into: &part)
      archive.set(part, under: "familiarity")
    }
    try HDF5Writer.create(path, overwrite: overwrite) { writer in
      try FileHeader(kind: .conditional, chain: prior.chain, provenance: provenance).write(to: writer)
      try writer.set(type(of: prior.joint).family, attribute: "family")
      if prior.spread != 1 { try writer.set(prior.spread, attribute: "spread") }
      try writer.write(prior.featureNames, to: "/feature_names")
      try writer.write(archive, excluding: reservedNames)
      if let record = prior.featureRecord { try writer.set(record, of: "/transform") }
      if let record = prior.record { try writer.write(record) }
    }
  }

  /// Names at the root that are not arrays of distributions or of the transform.
  private static let reservedNames: Set = [
    "parameter_space", "names", "units", "feature_names", FeatureRecord.anchorsName, "fit",
  ]
}
