import CHDF5
import FileOutput
import Foundation

/// Writes one HDF5 file from the beginning.
///
/// Objects are named by paths from the root; groups on the way are made. Links and attributes keep their order of
/// creation, and no object has a time: the same content, written in the same order, is the same bytes. Errors are
/// ``HDF5Error``; after one, the file is incomplete and the writer refuses further work.
public final class HDF5Writer {
  /// The path that errors name.
  public let path: String
  /// Nil once closed.
  var file: Handle?
  /// Where the bytes go.
  private let filePath: String

  /// Creates a file, or empties an existing one; see ``create(_:overwrite:_:)`` for outputs that users name.
  ///
  /// - Parameters:
  ///   - path: the file to create.
  ///   - reportedPath: what errors call the file, where it is a temporary one.
  public init(path: String, reportedPath: String? = nil) throws {
    self.path = reportedPath ?? path
    filePath = path
    let operation = Operation(action: "create", path: self.path)
    try Self.refuseIfLocked(path, operation)
    let creation = try Library.open(operation, close: H5Pclose) { H5Pcreate(priorkit_h5p_file_create()) }
    try Library.exec(operation, creation) { H5Pset_link_creation_order($0, creationOrder) }
    try Library.exec(operation, creation) { H5Pset_attr_creation_order($0, creationOrder) }
    try Library.exec(operation, creation) { H5Pset_obj_track_times($0, false) }
    file = try Library.open(operation, in: creation, close: closeFile) {
      H5Fcreate(path, priorkit_h5f_truncate(), $0, 0)
    }
  }

  /// HDF5 empties a file that another program has locked before it notices the lock.
  private static func refuseIfLocked(_ path: String, _ operation: Operation) throws {
    let descriptor = open(path, O_RDWR | O_CLOEXEC)
    guard descriptor >= 0 else { return }
    defer { _ = Foundation.close(descriptor) }
    guard flock(descriptor, LOCK_EX | LOCK_NB) == 0 || errno != EWOULDBLOCK else {
      throw HDF5Error.library(operation, messages: ["unable to lock file"])
    }
  }

  /// Writes a complete file or none: `body` fills a temporary file, which then takes the name `path`.
  ///
  /// - Throws: `OutputError` before `body` runs if `path` cannot be written; what `body` throws; ``HDF5Error``.
  public static func create<Result>(
    _ path: String, overwrite: Bool, _ body: (HDF5Writer) throws -> Result
  ) throws -> Result {
    try OutputFile.write(to: path, overwrite: overwrite) { temporary in
      let writer = try HDF5Writer(path: temporary, reportedPath: path)
      let result = try body(writer)
      try writer.close()
      return result
    }
  }

  /// Writes out what is pending, closes the file and seals it (`FileDigest`), so that a reader can tell whether
  /// it was damaged since; a second call does nothing.
  ///
  /// - Throws: ``HDF5Error``, which a full disk often raises only here; `OutputError`.
  public func close() throws {
    guard file != nil else { return }
    try flush()
    // The last reference: the library closes the file here, and its bytes do not change any more.
    file = nil
    try FileDigest.sealFile(filePath, reportedPath: path)
  }

  private func flush() throws {
    guard let file else { return }
    try exec(Operation(action: "finish", path: path), with: [file]) { H5Fflush($0[0], H5F_SCOPE_GLOBAL) }
  }

  // MARK: - Datasets

  /// Writes a dataset of doubles.
  ///
  /// - Parameters:
  ///   - values: the elements, row-major.
  ///   - shape: extents whose product is the number of values, row-major; `[]` for a scalar.
  ///   - dataset: the path of the dataset in the file.
  ///   - compressed: whether to store it in chunks with byte shuffling and gzip. Lossless; scalars stay plain.
  public func write(_ values: [Double], shape: [Int], to dataset: String, compressed: Bool = false) throws {
    try values.withUnsafeBytes {
      try write($0, values.count, shape, priorkit_h5t_native_double(), to: dataset, compressed)
    }
  }

  /// Writes a dataset of 64-bit integers.
  public func write(_ values: [Int], shape: [Int], to dataset: String, compressed: Bool = false) throws {
    try values.withUnsafeBytes {
      try write($0, values.count, shape, priorkit_h5t_native_int64(), to: dataset, compressed)
    }
  }

  /// Writes a list of variable-length UTF-8 strings.
  public func write(_ strings: [String], to dataset: String) throws {
    try write(strings, shape: [strings.count], to: dataset)
  }

  /// Writes one variable-length UTF-8 string, as a scalar.
  public func write(_ string: String, to dataset: String) throws { try write([string], shape: [], to: dataset) }

  private func write(_ strings: [String], shape: [Int], to dataset: String) throws {
    let operation = Operation(action: "write", path: path, object: dataset)
    let type = try textType(operation)
    try withCStrings(strings, operation) { pointers in
      let handle = try create(dataset, shape, compressed: false, operation, type: type)
      try exec(operation, with: [handle, type]) { H5Dwrite($0[0], $0[1], 0, 0, 0, pointers.baseAddress) }
      try finish(handle, operation)
    }
  }

  func write(
    _ bytes: UnsafeRawBufferPointer, _ count: Int, _ shape: [Int], _ native: @autoclosure () -> hid_t,
    to dataset: String, _ compressed: Bool
  ) throws {
    precondition(shape.reduce(1, *) == count, "Shape \(shape) of \(dataset) does not fit \(count) values")
    let operation = Operation(action: "write", path: path, object: dataset)
    let type = try Library.open(operation, close: H5Tclose) { H5Tcopy(native()) }
    let handle = try create(dataset, shape, compressed: compressed, operation, type: type)
    if count > 0 {
      try exec(operation, with: [handle, type]) { H5Dwrite($0[0], $0[1], 0, 0, 0, bytes.baseAddress) }
    }
    try finish(handle, operation)
  }

  /// Makes write errors appear while they can still be reported.
  private func finish(_ dataset: Handle, _ operation: Operation) throws {
    try exec(operation, with: [dataset]) { H5Dflush($0[0]) }
  }
}

/// Tracks and indexes the order of creation, without which netCDF programs cannot append to a file.
let creationOrder = UInt32(H5P_CRT_ORDER_TRACKED | H5P_CRT_ORDER_INDEXED)

/// Closes a file so that it is released even if its last writes fail.
private func closeFile(_ file: hid_t) -> herr_t {
  if H5Fflush(file, H5F_SCOPE_GLOBAL) < 0 { priorkit_redirect_to_memory(file) }
  return H5Fclose(file)
}
