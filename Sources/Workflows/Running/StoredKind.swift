import FileOutput
import Foundation
import HDF5Store

/// What a file of this program holds, by its root attribute `priorkit_kind`.
package enum StoredKind: String {
  case presets, prior, statistics, posterior, conditional

  package init(of path: String) throws {
    let reader = try HDF5Reader(path: path)
    guard let kind = try reader.textIfPresent(attribute: "priorkit_kind") else {
      if let found = Self.byproduct(reader) {
        throw WorkflowError(
          .wrongContents,
          "The file \(path) holds \(found), which h5py reads (docs/file-formats.md): name another file.")
      }
      throw WorkflowError(
        .wrongContents,
        "The file \(path) was not written by priorkit: import it, or name another file.")
    }
    guard kind != "shard" else {
      throw WorkflowError(
        .wrongContents, "The file \(path) holds one shard of some work: merge it with the others first.")
    }
    guard let known = StoredKind(rawValue: kind) else {
      throw WorkflowError(
        .wrongContents,
        "The file \(path) holds \(kind), not presets, a prior, a conditional prior, statistics or a posterior: "
          + "name one of those.")
    }
    self = known
  }

  /// What else this program writes and a reader may take for one of these, in words.
  private static func byproduct(_ reader: HDF5Reader) -> String? {
    switch Byproduct(reader) {
    case .state(let work): "the state of a run (\(work))"
    case .trace: "the trace of a transfer"
    case .shard, .symmetries, .objective, nil: nil
    }
  }

  /// Whether a file begins as HDF5 files do; false for one that cannot be read.
  package static func isHDF5(_ path: String) -> Bool {
    // What is taken from a pipe is gone for those who read it next; and HDF5 does not come through one.
    guard !FileContents.isPipe(path) else { return false }
    guard let file = FileHandle(forReadingAtPath: path) else { return false }
    defer { try? file.close() }
    return (try? file.read(upToCount: 8)) == Data([0x89, 0x48, 0x44, 0x46, 0x0D, 0x0A, 0x1A, 0x0A])
  }
}
