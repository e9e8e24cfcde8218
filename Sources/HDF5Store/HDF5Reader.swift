import CHDF5
import FileOutput
import Foundation

/// An HDF5 file opened for reading; closed with the last reference.
///
/// Objects are named by paths from the root, with or without a leading slash. All members may be called from any
/// thread. Errors are ``HDF5Error``.
public final class HDF5Reader: Sendable {
  /// The path that the file was opened by.
  public let path: String
  /// Whether another program had locked the file, so that it was opened without a lock and may be in the middle of
  /// a change.
  public let ignoredLock: Bool
  let file: Handle

  /// - Throws: ``HDF5Error``, telling apart a missing file, one that is not HDF5, is cut off, or is in use.
  public init(path: String) throws {
    var isFolder: ObjCBool = false
    guard FileManager.default.fileExists(atPath: path, isDirectory: &isFolder) else {
      throw HDF5Error.fileMissing(path)
    }
    guard !isFolder.boolValue else {
      throw HDF5Error(.notHDF5, path: path, "\(path) is a folder: give the name of an HDF5 file.")
    }
    guard !FileContents.isPipe(path) else {
      throw HDF5Error(.notHDF5, path: path, FileReadError.isPipe(path: path).description)
    }
    // Before the library walks into a damaged file, which may be the end of the process.
    if Self.size(of: path) <= Self.largestChecked { try Self.requireIntact(path) }
    self.path = path
    do {
      file = try Self.open(path, ignoringLock: false)
      ignoredLock = false
    } catch let error as HDF5Error where error.code == .locked {
      // Reading what another program is writing is better than not reading; if that fails too, the lock is the
      // reason.
      guard let file = try? Self.open(path, ignoringLock: true) else { throw error }
      self.file = file
      ignoredLock = true
    }
  }

  private static func open(_ path: String, ignoringLock: Bool) throws -> Handle {
    let operation = Operation(action: "open", path: path)
    let access = try Library.open(operation, close: H5Pclose) { H5Pcreate(priorkit_h5p_file_access()) }
    if ignoringLock { try Library.exec(operation, access) { H5Pset_file_locking($0, false, true) } }
    return try Library.open(operation, in: access, close: H5Fclose) { H5Fopen(path, priorkit_h5f_read_only(), $0) }
  }

  // MARK: - Damage

  /// Bytes of the largest file that is checked when it is opened. A larger one is numbers but for a small part, and
  /// reading it to the end takes as long as the work on it: see ``requireIntact()``.
  private static let largestChecked = 64 << 20

  /// Checks that the file is as it was written, if it has a seal; for large files, which are not checked when they
  /// are opened. The digest is that of the provenance, and taken once (`FileDigest`).
  ///
  /// - Throws: ``HDF5Error``.
  public func requireIntact() throws {
    if Self.size(of: path) > Self.largestChecked { try Self.requireIntact(path) }
  }

  private static func requireIntact(_ path: String) throws {
    guard !Superblock.isDamaged(path) else { throw HDF5Error.damaged(path) }
  }

  private static func size(of path: String) -> Int {
    var status = stat()
    return stat(path, &status) == 0 ? Int(status.st_size) : 0
  }

  // MARK: - What is there

  /// Whether the file holds an object of this name.
  public func contains(_ object: String) -> Bool {
    links(to: object).allSatisfy { hasLink($0, to: object) }
  }

  /// The paths of the links on the way from the root to an object, the last one its own.
  private func links(to object: String) -> [String] {
    object.split(separator: "/").reduce(into: []) { $0.append(($0.last ?? "") + "/" + $1) }
  }

  /// - Precondition: the links before it are there.
  private func hasLink(_ link: String, to object: String) -> Bool {
    let operation = Operation(action: "look for", path: path, object: object)
    let found = try? Library.exec(operation, file) { H5Lexists($0, link, 0) }
    return found.map { $0 > 0 } ?? false
  }

  /// Whether an object is a group or a dataset.
  public func kind(of object: String) throws -> HDF5ObjectKind {
    try kind(of: object, handle: try open(object))
  }

  private func kind(of object: String, handle: Handle) throws -> HDF5ObjectKind {
    let operation = Operation(action: "look at", path: path, object: object)
    return switch try Library.exec(operation, handle, { H5Iget_type($0).rawValue }) {
    case H5I_GROUP.rawValue: .group
    case H5I_DATASET.rawValue: .dataset
    default: .other
    }
  }

  /// Names in a group: in order of creation where the file keeps it, else in alphabetical order.
  public func children(of group: String = "/") throws -> [String] {
    let handle = try open(group)
    guard try kind(of: group, handle: handle) == .group else {
      throw HDF5Error.wrongType(group, in: path, found: "an array", expected: "a group")
    }
    let operation = Operation(action: "list", path: path, object: group)
    var information = H5G_info_t()
    try Library.exec(operation, handle) { H5Gget_info($0, &information) }
    let byCreation = try Library.open(operation, in: handle, close: H5Pclose) { H5Gget_create_plist($0) }
    var order: UInt32 = 0
    try Library.exec(operation, byCreation) { H5Pget_link_creation_order($0, &order) }
    let index = order & UInt32(H5P_CRT_ORDER_TRACKED) == 0 ? H5_INDEX_NAME : H5_INDEX_CRT_ORDER
    return try (0..<information.nlinks).map { position in
      func name(_ buffer: UnsafeMutablePointer<CChar>?, _ size: Int) throws -> Int {
        try Library.exec(operation, handle) {
          H5Lget_name_by_idx($0, ".", index, H5_ITER_INC, position, buffer, size, 0)
        }
      }
      var buffer = [CChar](repeating: 0, count: try name(nil, 0) + 1)
      _ = try name(&buffer, buffer.count)
      return String(buffer: buffer)
    }
  }

  /// Extent of a dataset along each dimension; empty for a scalar.
  public func shape(of dataset: String) throws -> [Int] { try node(dataset).shape() }

  // MARK: - Datasets

  /// A numeric dataset of any floating-point or integer type, converted to doubles, row-major.
  public func doubles(_ dataset: String) throws -> (shape: [Int], values: [Double]) {
    let node = try node(dataset)
    return (try node.shape(), try node.numbers(priorkit_h5t_native_double()))
  }

  /// Rows of a numeric dataset: indices `rows` of its first dimension.
  ///
  /// - Throws: ``HDF5Error`` also when the dataset has fewer rows.
  public func doubles(_ dataset: String, rows: Range<Int>) throws -> (shape: [Int], values: [Double]) {
    let node = try node(dataset)
    let shape = try node.shape()
    guard let count = shape.first, rows.lowerBound >= 0, rows.upperBound <= count else {
      throw HDF5Error.wrongShape(dataset, in: path, found: shape, expected: "at least \(rows.upperBound) rows")
    }
    return ([rows.count] + shape.dropFirst(), try node.doubles(rows: rows, shape: shape))
  }

  /// A dataset of integers, stored as any numeric type.
  ///
  /// - Throws: ``HDF5Error`` also for fractions and for numbers beyond 64 bits.
  public func integers(_ dataset: String) throws -> (shape: [Int], values: [Int]) {
    let node = try node(dataset)
    return (try node.shape(), try node.integers())
  }

  /// A text dataset of fixed or variable length; a scalar gives one string.
  public func strings(_ dataset: String) throws -> [String] { try node(dataset).strings() }

  /// Whether a dataset holds text.
  public func holdsText(_ dataset: String) throws -> Bool { try node(dataset).holdsText() }

  /// Entries `rows` of a list of texts.
  public func strings(_ dataset: String, rows: Range<Int>) throws -> [String] {
    let node = try node(dataset)
    let shape = try node.shape()
    guard shape.count == 1, rows.lowerBound >= 0, rows.upperBound <= shape[0] else {
      throw HDF5Error.wrongShape(dataset, in: path, found: shape, expected: "[\(rows.upperBound)] or more")
    }
    return try node.strings(rows: rows)
  }

  // MARK: - Opening objects

  /// Opens a group, or a dataset, by path.
  func open(_ object: String) throws -> Handle {
    for link in links(to: object) {
      guard hasLink(link, to: object) else {
        throw HDF5Error.missing(object, in: path, present: (try? children(ofExisting: object)) ?? [])
      }
      try requireOwnFolder(link, to: object)
    }
    let name = "/" + object.split(separator: "/").joined(separator: "/")
    return try Library.open(Operation(action: "open", path: path, object: object), in: file, close: H5Oclose) {
      H5Oopen($0, name, 0)
    }
  }

  /// What the nearest existing parent of a missing object holds.
  private func children(ofExisting object: String) throws -> [String] {
    var components = object.split(separator: "/").dropLast()
    while !components.isEmpty, !contains(components.joined(separator: "/")) { components.removeLast() }
    return try children(of: "/" + components.joined(separator: "/"))
  }

  /// What tells an object from all others of the file, whatever it is called.
  package func address(of object: String) throws -> UInt64 {
    let handle = try open(object)
    var information = H5O_info_t()
    try Library.exec(Operation(action: "look at", path: path, object: object), handle) {
      H5Oget_info2($0, &information, UInt32(H5O_INFO_BASIC))
    }
    return UInt64(information.addr)
  }

  /// Checks that a link on the way to an object stays in this file's folder if it leads to another file.
  private func requireOwnFolder(_ link: String, to object: String) throws {
    let operation = Operation(action: "follow", path: path, object: object)
    var information = H5L_info_t()
    try Library.exec(operation, file) { H5Lget_info($0, link, &information, 0) }
    guard information.type == H5L_TYPE_EXTERNAL else { return }
    var value = [UInt8](repeating: 0, count: information.u.val_size)
    var target: UnsafePointer<CChar>?
    try Library.exec(operation, file) { H5Lget_val($0, link, &value, value.count, 0) }
    let found = try value.withUnsafeBytes { bytes in
      try Library.exec(operation) { H5Lunpack_elink_val(bytes.baseAddress, bytes.count, nil, &target, nil) }
      return target.map { String(cString: $0) } ?? ""
    }
    _ = try ForeignFile.locate(found, from: operation)
  }

  /// A dataset that is all there.
  ///
  /// - Parameter depth: how many virtual datasets led to it.
  func node(_ dataset: String, depth: Int = 0) throws -> Node {
    let handle = try open(dataset)
    guard try kind(of: dataset, handle: handle) == .dataset else {
      throw HDF5Error.wrongType(dataset, in: path, found: "a group", expected: "an array")
    }
    let node = Node(
      handle: handle, isAttribute: false,
      operation: Operation(action: "read", path: path, object: dataset))
    try node.requireStored(depth: depth)
    return node
  }
}

/// What an object of a file is.
public enum HDF5ObjectKind: Sendable, Hashable { case group, dataset, other }
