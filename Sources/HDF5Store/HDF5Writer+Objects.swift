import CHDF5
import Foundation

// MARK: - Groups and attributes

extension HDF5Writer {
  /// Makes a group, and those above it; nothing happens where it exists.
  public func createGroup(_ group: String) throws {
    let operation = Operation(action: "create", path: path, object: group)
    let file = try openFile(operation)
    let creation = try Library.open(operation, close: H5Pclose) { H5Pcreate(priorkit_h5p_group_create()) }
    try Library.exec(operation, creation) { H5Pset_link_creation_order($0, creationOrder) }
    try Library.exec(operation, creation) { H5Pset_attr_creation_order($0, creationOrder) }
    try Library.exec(operation, creation) { H5Pset_obj_track_times($0, false) }
    // One by one, because groups that the library makes on the way do not keep the order of creation.
    var prefix = ""
    for component in group.split(separator: "/") {
      prefix += "/" + component
      let name = prefix
      if try exists(name, in: file, operation) { continue }
      _ = try abandoningOnFailure {
        try Library.open(operation, with: [file, creation], close: H5Gclose) {
          H5Gcreate2($0[0], name, 0, $0[1], 0)
        }
      }
    }
  }

  /// Sets a text attribute of an existing group or dataset.
  public func set(_ value: String, attribute: String, of object: String = "/") throws {
    try set([value], shape: [], attribute, object)
  }

  /// Sets an attribute that is a list of texts.
  public func set(_ values: [String], attribute: String, of object: String = "/") throws {
    try set(values, shape: [values.count], attribute, object)
  }

  /// Sets a number as an attribute.
  public func set(_ value: Double, attribute: String, of object: String = "/") throws {
    try withUnsafeBytes(of: value) { try set($0, shape: [], priorkit_h5t_native_double(), attribute, object) }
  }

  /// Sets an integer as an attribute.
  public func set(_ value: Int, attribute: String, of object: String = "/") throws {
    try withUnsafeBytes(of: value) { try set($0, shape: [], priorkit_h5t_native_int64(), attribute, object) }
  }

  /// Sets an attribute that is a list of integers.
  public func set(_ values: [Int], attribute: String, of object: String = "/") throws {
    try values.withUnsafeBytes {
      try set($0, shape: [values.count], priorkit_h5t_native_int64(), attribute, object)
    }
  }

  private func set(_ values: [String], shape: [Int], _ attribute: String, _ object: String) throws {
    let operation = Operation(action: "write", path: path, object: "attribute \(attribute) of \(object)")
    let type = try textType(operation)
    try withCStrings(values, operation) { pointers in
      try set(UnsafeRawBufferPointer(pointers), shape: shape, type: type, attribute, object)
    }
  }

  func set(
    _ bytes: UnsafeRawBufferPointer, shape: [Int], _ native: @autoclosure () -> hid_t, _ attribute: String,
    _ object: String
  ) throws {
    let operation = Operation(action: "write", path: path, object: object)
    let type = try Library.open(operation, close: H5Tclose) { H5Tcopy(native()) }
    try set(bytes, shape: shape, type: type, attribute, object)
  }

  /// Creates or replaces an attribute.
  func set(
    _ bytes: UnsafeRawBufferPointer, shape: [Int], type: Handle, _ attribute: String, _ object: String
  ) throws {
    let operation = Operation(action: "write", path: path, object: "attribute \(attribute) of \(object)")
    let file = try openFile(operation)
    let owner = try Library.open(operation, in: file, close: H5Oclose) { H5Oopen($0, object, 0) }
    if try exec(operation, with: [owner], { H5Aexists($0[0], attribute) }) > 0 {
      try exec(operation, with: [owner]) { H5Adelete($0[0], attribute) }
    }
    let space = try dataspace(shape, operation)
    let handle = try abandoningOnFailure {
      try Library.open(operation, with: [owner, type, space], close: H5Aclose) {
        H5Acreate2($0[0], attribute, $0[1], $0[2], 0, 0)
      }
    }
    guard !bytes.isEmpty else { return }
    try exec(operation, with: [handle, type]) { H5Awrite($0[0], $0[1], bytes.baseAddress) }
  }
}

// MARK: - Shared by datasets and attributes

extension HDF5Writer {
  func openFile(_ operation: Operation) throws -> Handle {
    guard let file else {
      throw HDF5Error(
        .failed, path: path, object: operation.object,
        "Cannot \(operation.action) \(operation.object ?? path): \(path) is closed already.")
    }
    return file
  }

  /// Runs a call that may touch the disk.
  @discardableResult
  func exec<Status: SignedInteger>(
    _ operation: Operation, with handles: [Handle], _ body: ([hid_t]) -> Status
  ) throws -> Status {
    try abandoningOnFailure { try Library.exec(operation, with: handles, body) }
  }

  func exists(_ name: String, in file: Handle, _ operation: Operation) throws -> Bool {
    try Library.exec(operation, file) { H5Lexists($0, name, 0) } > 0
  }

  /// If `body` fails, gives the file up and lets the library finish in memory, so that it can close.
  private func abandoningOnFailure<Result>(_ body: () throws -> Result) throws -> Result {
    do {
      return try body()
    } catch {
      if let file {
        self.file = nil
        _ = try? Library.exec(Operation(action: "abandon", path: path), file) { priorkit_redirect_to_memory($0) }
      }
      throw error
    }
  }

  /// Creates a dataset and the groups above it.
  func create(
    _ dataset: String, _ shape: [Int], compressed: Bool, _ operation: Operation, type: Handle
  ) throws -> Handle {
    let file = try openFile(operation)
    let components = dataset.split(separator: "/")
    if components.count > 1 { try createGroup(components.dropLast().joined(separator: "/")) }
    let name = "/" + components.joined(separator: "/")
    if try exists(name, in: file, operation) {
      throw HDF5Error(.failed, path: path, object: dataset, "\(dataset) was written to \(path) twice: rename one.")
    }
    let space = try dataspace(shape, operation)
    let creation = try Library.open(operation, close: H5Pclose) { H5Pcreate(priorkit_h5p_dataset_create()) }
    try Library.exec(operation, creation) { H5Pset_attr_creation_order($0, creationOrder) }
    try Library.exec(operation, creation) { H5Pset_obj_track_times($0, false) }
    if compressed, !shape.isEmpty, !shape.contains(0) {
      let chunk = chunkShape(of: shape)
      try Library.exec(operation, creation) { H5Pset_chunk($0, Int32(chunk.count), chunk) }
      try Library.exec(operation, creation) { H5Pset_shuffle($0) }
      try Library.exec(operation, creation) { H5Pset_deflate($0, 4) }
    }
    return try abandoningOnFailure {
      try Library.open(operation, with: [file, type, space, creation], close: H5Dclose) {
        H5Dcreate2($0[0], name, $0[1], $0[2], 0, $0[3], 0)
      }
    }
  }

  private func dataspace(_ shape: [Int], _ operation: Operation) throws -> Handle {
    let extents = shape.map { hsize_t($0) }
    return try Library.open(operation, close: H5Sclose) {
      shape.isEmpty ? H5Screate(H5S_SCALAR) : H5Screate_simple(Int32(extents.count), extents, nil)
    }
  }

  func textType(_ operation: Operation) throws -> Handle {
    let type = try Library.open(operation, close: H5Tclose) { H5Tcopy(priorkit_h5t_c_s1()) }
    try Library.exec(operation, type) { H5Tset_size($0, priorkit_h5t_variable()) }
    try Library.exec(operation, type) { H5Tset_cset($0, H5T_CSET_UTF8) }
    return type
  }
}

/// Chunks of whole rows, near 256 KiB: small enough for the library's cache, large enough to compress well.
private func chunkShape(of shape: [Int]) -> [hsize_t] {
  let row = shape.dropFirst().reduce(1, *)
  return ([min(shape[0], max(1, 32768 / row))] + shape.dropFirst()).map { hsize_t($0) }
}

/// Lends the strings as an array of C strings.
///
/// - Throws: ``HDF5Error`` for one that contains a NUL character: what follows it would be lost.
func withCStrings<Result>(
  _ strings: [String], _ operation: Operation,
  _ body: (UnsafeBufferPointer<UnsafeMutablePointer<CChar>?>) throws -> Result
) throws -> Result {
  if let text = strings.first(where: { $0.utf8.contains(0) }) {
    throw HDF5Error(
      .wrongType, path: operation.path, object: operation.object,
      "The text \(text.debugDescription) for \(operation.object ?? "/") contains a NUL character, "
        + "which HDF5 does not keep: remove it.")
  }
  let pointers = strings.map { strdup($0) }
  defer { for pointer in pointers { free(pointer) } }
  return try pointers.withUnsafeBufferPointer(body)
}
