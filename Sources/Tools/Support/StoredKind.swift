import HDF5Store

/// What a file of this program holds, by its root attribute `priorkit_kind`.
enum StoredKind: String {
  case presets, prior, statistics

  init(of path: String) throws {
    guard let kind = try HDF5Reader(path: path).textIfPresent(attribute: "priorkit_kind") else {
      throw CommandError("The file \(path) was not written by priorkit: import it, or name another file.")
    }
    guard let known = StoredKind(rawValue: kind) else {
      throw CommandError("The file \(path) holds \(kind), not presets, a prior or statistics: name one of those.")
    }
    self = known
  }
}
