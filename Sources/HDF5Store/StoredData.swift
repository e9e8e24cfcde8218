import CHDF5
import FileOutput
import Foundation

// HDF5 reads what was never stored as the fill value, most often 0, without a word. A dataset is therefore looked
// at before it is read: is there storage for every element, in this file or in those that it names?

extension Node {
  /// Checks that every element of a dataset was stored.
  ///
  /// - Parameter depth: how many virtual datasets led here.
  /// - Throws: ``HDF5Error`` for chunks that were never written, virtual datasets with a source that is missing or
  ///   too small, raw files that are short or outside the file's own folder.
  func requireStored(depth: Int = 0) throws {
    guard !isAttribute else { return }
    let shape = try shape()
    guard let count = product(shape) else { throw HDF5Error.tooLarge(object, in: path, shape: shape) }
    guard count > 0 else { return }
    let creation = try Library.open(operation, in: handle, close: H5Pclose) { H5Dget_create_plist($0) }
    let layout = try Library.exec(operation, creation) { H5Pget_layout($0).rawValue }
    switch layout {
    case H5D_COMPACT.rawValue: return
    case H5D_CHUNKED.rawValue: try requireChunks(shape, creation)
    case H5D_CONTIGUOUS.rawValue: try requireBytes(count, creation)
    case H5D_VIRTUAL.rawValue: try requireSources(count, creation, depth: depth)
    default: throw HDF5Error.notStored(object, in: path, "is stored in a way that is unknown here")
    }
  }

  // MARK: - In this file

  private func requireChunks(_ shape: [Int], _ creation: Handle) throws {
    var extents = [hsize_t](repeating: 0, count: shape.count)
    try Library.exec(operation, creation) { H5Pget_chunk($0, Int32(extents.count), &extents) }
    let along = zip(shape, extents).map { extent, chunk in
      Int(clamping: (UInt64(extent) + chunk - 1) / max(chunk, 1))
    }
    guard let expected = product(along) else { throw HDF5Error.tooLarge(object, in: path, shape: shape) }
    var found: hsize_t = 0
    try Library.exec(operation, with: [handle, dataspace()]) { H5Dget_num_chunks($0[0], $0[1], &found) }
    guard found >= hsize_t(expected) else {
      throw HDF5Error.notStored(object, in: path, "has \(found) of the \(expected) chunks of its shape \(shape)")
    }
  }

  private func requireBytes(_ count: Int, _ creation: Handle) throws {
    let needed = try bytes(ofElements: count)
    let external = try Library.exec(operation, creation) { H5Pget_external_count($0) }
    let found =
      external > 0
      ? try rawBytes(Int(external), creation)
      : try UInt64(Library.exec(operation, handle) { Int64(clamping: H5Dget_storage_size($0)) })
    guard found >= needed else {
      throw HDF5Error.notStored(object, in: path, "has \(found) of its \(needed) bytes")
    }
  }

  private func bytes(ofElements count: Int) throws -> UInt64 {
    let size = try Library.exec(operation, elementType()) { Int(clamping: H5Tget_size($0)) }
    let (bytes, overflow) = UInt64(count).multipliedReportingOverflow(by: UInt64(size))
    guard !overflow else { throw HDF5Error.tooLarge(object, in: path, shape: try shape()) }
    return bytes
  }

  // MARK: - In other files

  /// Bytes that are there in the raw files of a dataset.
  private func rawBytes(_ count: Int, _ creation: Handle) throws -> UInt64 {
    var total: UInt64 = 0
    for index in 0..<count {
      var name = [CChar](repeating: 0, count: 4096)
      var (offset, size) = (off_t(0), hsize_t(0))
      try Library.exec(operation, creation) {
        H5Pget_external($0, UInt32(index), name.count - 1, &name, &offset, &size)
      }
      let file = try ForeignFile.locate(String(buffer: name), from: operation)
      var status = stat()
      let length = stat(file, &status) == 0 ? max(0, Int(status.st_size) - max(0, Int(offset))) : 0
      total &+= min(size, UInt64(length))
    }
    return total
  }

  /// Checks the sources of a virtual dataset as if each were read by itself.
  private func requireSources(_ count: Int, _ creation: Handle, depth: Int) throws {
    guard depth < 8 else { throw HDF5Error.notStored(object, in: path, "is made of virtual datasets in a circle") }
    var sources = 0
    try Library.exec(operation, creation) { H5Pget_virtual_count($0, &sources) }
    var mapped: UInt64 = 0
    for index in 0..<sources {
      let file = try name(of: index, creation) { H5Pget_virtual_filename($0, index, $1, $2) }
      let dataset = try name(of: index, creation) { H5Pget_virtual_dsetname($0, index, $1, $2) }
      let target = file == "." ? path : try ForeignFile.locate(file, from: operation)
      let source: Node
      do { source = try HDF5Reader(path: target).node(dataset, depth: depth + 1) } catch let error as HDF5Error {
        throw HDF5Error.notStored(
          object, in: path, "is made of \(dataset) in \(target), which cannot be read", error)
      }
      let spaces = try [H5Pget_virtual_srcspace, H5Pget_virtual_vspace].map { space in
        try Library.open(operation, in: creation, close: H5Sclose) { space($0, index) }
      }
      let extents = try source.shape()
      let available = try elements(selected: spaces[0], of: extents)
      let wanted = try Library.exec(operation, spaces[1]) { H5Sget_select_npoints($0) }
      guard let available, available >= Int(wanted) else {
        throw HDF5Error.notStored(
          object, in: path, "is made of more than \(dataset) in \(target) holds, whose shape is \(extents)")
      }
      mapped &+= UInt64(max(0, wanted))
    }
    guard mapped >= UInt64(count) else {
      throw HDF5Error.notStored(object, in: path, "has sources for \(mapped) of its \(count) values")
    }
  }

  /// How many elements a selection takes from a source of some extents; nil if it goes beyond them, or has no end,
  /// so that its size depends on the reader.
  private func elements(selected space: Handle, of extents: [Int]) throws -> Int? {
    let kind = try Library.exec(operation, space) { H5Sget_select_type($0).rawValue }
    guard kind != H5S_SEL_ALL.rawValue else { return product(extents) }
    var (first, last) = ([hsize_t](repeating: 0, count: 32), [hsize_t](repeating: 0, count: 32))
    let isBounded = (try? Library.exec(operation, space) { H5Sget_select_bounds($0, &first, &last) }) != nil
    guard isBounded, zip(extents, last).allSatisfy({ UInt64($0) > $1 }) else { return nil }
    return Int(try Library.exec(operation, space) { H5Sget_select_npoints($0) })
  }

  private func name(
    of index: Int, _ creation: Handle, _ get: (hid_t, UnsafeMutablePointer<CChar>?, Int) -> Int
  ) throws -> String {
    var name = [CChar](repeating: 0, count: 4096)
    try Library.exec(operation, creation) { get($0, &name, name.count) }
    return String(buffer: name)
  }
}

/// Files that an HDF5 file names: targets of links, sources of virtual datasets, raw data.
enum ForeignFile {
  /// Set to `1` by those who trust their files: then other folders may be named too.
  static let variable = "PRIORKIT_FOLLOW_LINKS"
  private static let mayBeAnywhere = ProcessInfo.processInfo.environment[variable] == "1"

  /// Where a file is.
  ///
  /// - Parameter name: as the HDF5 file has it: absolute, or relative to that file's folder.
  /// - Throws: ``HDF5Error`` if it is not there, is no regular file, or is outside the HDF5 file's own folder.
  static func locate(_ name: String, from operation: Operation) throws -> String {
    let own = operation.path
    let folder = own.lastIndex(of: "/").map { $0 == own.startIndex ? "/" : String(own[..<$0]) } ?? "."
    let candidate = name.hasPrefix("/") ? name : folder + "/" + name
    let object = operation.object ?? "/"
    guard let found = real(candidate), let home = real(folder) else {
      throw HDF5Error.notStored(object, in: own, "is kept in \(name), which is not there")
    }
    guard mayBeAnywhere || found.hasPrefix(home == "/" ? "/" : home + "/") else {
      throw HDF5Error(
        .outsideFolder, path: own, object: object,
        "\(object) in \(own) is kept in \(name), outside the file's own folder: if you trust the file, set "
          + "\(variable)=1.")
    }
    var status = stat()
    guard stat(found, &status) == 0, status.st_mode & S_IFMT == S_IFREG else {
      throw HDF5Error.notStored(object, in: own, "is kept in \(name), which is no file")
    }
    return candidate
  }

  private static func real(_ path: String) -> String? {
    guard let resolved = realpath(path, nil) else { return nil }
    defer { free(resolved) }
    return String(cString: resolved)
  }
}

/// The product of extents, or nil if it is no number of this machine.
func product(_ extents: some Sequence<Int>) -> Int? {
  var result = 1
  for extent in extents {
    let (next, overflow) = result.multipliedReportingOverflow(by: extent)
    guard !overflow, extent >= 0 else { return nil }
    result = next
  }
  return result
}
