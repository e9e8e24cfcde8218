import CHDF5

/// A dataset of doubles of known shape that is filled by blocks of rows, from the first to the last.
///
/// Stored in one piece and not compressed: measured on logits, gzip takes thirty times as long as the disk and
/// saves a twentieth of the space.
public final class HDF5RowWriter {
  private let writer: HDF5Writer
  /// Nil once finished: a file that has open datasets is not closed.
  private var dataset: Handle?
  private let operation: Operation
  private let shape: [Int]
  private var written = 0

  private let type: Handle
  /// Bytes of a text.
  private let width: Int

  init(
    _ writer: HDF5Writer, dataset: Handle, type: Handle, operation: Operation, shape: [Int], width: Int = 8
  ) {
    self.width = width
    self.writer = writer
    self.type = type
    self.dataset = dataset
    self.operation = operation
    self.shape = shape
  }

  /// Writes the next rows.
  ///
  /// - Throws: ``HDF5Error``.
  /// - Precondition: whole rows, and no more than are missing.
  public func append(_ rows: UnsafeBufferPointer<Double>) throws {
    let rowLength = shape.dropFirst().reduce(1, *)
    precondition(rows.count.isMultiple(of: rowLength), "\(rows.count) numbers in rows of \(rowLength)")
    try append(rowCount: rows.count / rowLength, UnsafeRawPointer(rows.baseAddress))
  }

  /// Writes the next texts of a dataset made by ``HDF5Writer/texts(count:width:of:)``.
  ///
  /// - Precondition: none is longer than the width, in UTF-8.
  public func append(_ texts: [String]) throws {
    var bytes: [UInt8] = []
    bytes.reserveCapacity(texts.count * width)
    for text in texts {
      let utf8 = text.utf8
      precondition(utf8.count <= width, "\(text) has more than \(width) bytes")
      bytes += utf8
      bytes.append(contentsOf: repeatElement(0, count: width - utf8.count))
    }
    try bytes.withUnsafeBytes { try append(rowCount: texts.count, $0.baseAddress) }
  }

  /// Checks that every row was written, and makes errors of the disk appear.
  public func finish() throws {
    precondition(written == shape[0], "\(written) of \(shape[0]) rows were written")
    guard let dataset else { return }
    try writer.exec(operation, with: [dataset]) { H5Dflush($0[0]) }
    self.dataset = nil
  }

  private func append(rowCount: Int, _ bytes: UnsafeRawPointer?) throws {
    precondition(written + rowCount <= shape[0], "\(written) + \(rowCount) rows of \(shape[0])")
    guard rowCount > 0, let dataset else { return }
    let count = ([rowCount] + shape.dropFirst()).map { hsize_t($0) }
    let start = [hsize_t(written)] + [hsize_t](repeating: 0, count: shape.count - 1)
    let selection = try Library.open(operation, in: dataset, close: H5Sclose) { H5Dget_space($0) }
    try Library.exec(operation, selection) { H5Sselect_hyperslab($0, H5S_SELECT_SET, start, nil, count, nil) }
    let memory = try Library.open(operation, close: H5Sclose) { H5Screate_simple(Int32(count.count), count, nil) }
    try writer.exec(operation, with: [dataset, type, memory, selection]) {
      H5Dwrite($0[0], $0[1], $0[2], $0[3], 0, bytes)
    }
    written += rowCount
  }
}

extension HDF5Writer {
  /// Makes a dataset of doubles that is then filled by blocks of rows.
  ///
  /// - Precondition: there is at least one dimension.
  public func rows(shape: [Int], of dataset: String) throws -> HDF5RowWriter {
    precondition(!shape.isEmpty, "A scalar has no rows")
    let operation = Operation(action: "write", path: path, object: dataset)
    let type = try Library.open(operation, close: H5Tclose) { H5Tcopy(priorkit_h5t_native_double()) }
    let handle = try create(dataset, shape, compressed: false, operation, type: type)
    return HDF5RowWriter(self, dataset: handle, type: type, operation: operation, shape: shape)
  }

  /// Makes a list of UTF-8 texts of at most `width` bytes that is then filled in blocks. Texts of fixed length take
  /// a hundredth of the time of those of variable length, which the library allocates one by one.
  public func texts(count: Int, width: Int, of dataset: String) throws -> HDF5RowWriter {
    precondition(width > 0, "Texts of no bytes")
    let operation = Operation(action: "write", path: path, object: dataset)
    let type = try Library.open(operation, close: H5Tclose) { H5Tcopy(priorkit_h5t_c_s1()) }
    try Library.exec(operation, type) { H5Tset_size($0, width) }
    try Library.exec(operation, type) { H5Tset_cset($0, H5T_CSET_UTF8) }
    try Library.exec(operation, type) { H5Tset_strpad($0, H5T_STR_NULLPAD) }
    let handle = try create(dataset, [count], compressed: false, operation, type: type)
    return HDF5RowWriter(
      self, dataset: handle, type: type, operation: operation, shape: [count], width: width)
  }
}
