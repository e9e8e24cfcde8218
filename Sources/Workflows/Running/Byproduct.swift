package import HDF5Store

/// What an HDF5 file of this program holds that is not of a kind of its own (``StoredKind``).
package enum Byproduct: Equatable {
  /// What an interrupted run goes on from, with the name of the work.
  case state(work: String)
  /// Rows of some work, with its name.
  case shard(work: String)
  /// The report of a diagnosis of symmetries.
  case symmetries
  /// The path of an optimisation.
  case trace
  /// The objective at a preset, with its gradients.
  case objective

  private static let formatPrefix = "priorkit "

  /// Nil for a file of another kind, or of another program.
  package init?(_ reader: HDF5Reader) {
    if let format = try? reader.textIfPresent(attribute: "format"), format.hasPrefix(Self.formatPrefix) {
      self = .state(work: String(format.dropFirst(Self.formatPrefix.count)))
    } else if let work = try? reader.textIfPresent(attribute: "shard_kind") {
      self = .shard(work: work)
    } else if reader.contains("/symmetries/names") {
      self = .symmetries
    } else if reader.contains("/loss"), reader.contains("/theta") {
      self = .trace
    } else if reader.contains("/log_likelihood"), reader.contains("/log_prior") {
      self = .objective
    } else {
      return nil
    }
  }
}
