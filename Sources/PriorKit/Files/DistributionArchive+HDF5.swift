import Distributions
import HDF5Store
import PresetStore

// The arrays of a distribution stand at the root of its file; a path in their name makes groups.

extension HDF5Writer {
  func write(_ archive: DistributionArchive, excluding reserved: Set<String>) throws {
    for name in archive.arrays.keys.sorted() + archive.texts.keys.sorted() {
      let first = name.split(separator: "/").first.map(String.init) ?? ""
      guard !first.isEmpty, !reserved.contains(first) else {
        throw DataError(
          .malformed, path,
          "\(path) cannot hold a density with an array named \(name): files use that name themselves, so call it "
            + "otherwise."
        )
      }
    }
    for (name, array) in archive.arrays.sorted(by: { $0.key < $1.key }) {
      try write(array.values, shape: array.shape, to: "/" + name, compressed: array.shape.count > 1)
    }
    for (name, text) in archive.texts.sorted(by: { $0.key < $1.key }) { try write(text, to: "/" + name) }
  }
}

extension HDF5Reader {
  /// Families nest a few times at most.
  private static let deepestGroup = 16

  /// Every dataset below the root, except the objects at the root that are named.
  func distributionArchive(excluding reserved: Set<String>) throws -> DistributionArchive {
    var archive = DistributionArchive()
    var groups: Set<UInt64> = [try address(of: "/")]
    for name in try children() where !reserved.contains(name) { try add(name, to: &archive, groups: &groups) }
    return archive
  }

  /// - Parameter groups: those that were read, by address: links may lead to one again, and again from there.
  private func add(_ name: String, to archive: inout DistributionArchive, groups: inout Set<UInt64>) throws {
    switch try kind(of: "/" + name) {
    case .group:
      guard try groups.insert(address(of: "/" + name)).inserted else {
        throw DataError(
          .malformed, path, "/\(name) in \(path) is a group that stands elsewhere in it: fit the prior again.")
      }
      guard name.count(where: { $0 == "/" }) < Self.deepestGroup else {
        throw DataError(
          .malformed, path,
          "/\(name) in \(path) is more than \(Self.deepestGroup) groups deep: fit the prior again.")
      }
      for child in try children(of: "/" + name) { try add(name + "/" + child, to: &archive, groups: &groups) }
    case .dataset:
      if try holdsText("/" + name) {
        archive.texts[name] = try strings("/" + name).first ?? ""
      } else {
        let (shape, values) = try doubles("/" + name)
        archive.arrays[name] = .init(shape: shape, values: values)
      }
    case .other:
      return
    }
  }
}
