import CHDF5

/// A numeric dataset of two or more dimensions that is read in blocks of rows, into memory of the caller.
///
/// The dataset is opened once. Where it is stored in chunks, the library keeps two bands of them, so that every
/// chunk is decompressed once when rows are read in order, for any size of the blocks.
public final class HDF5RowReader: Sendable {
  /// Extents of the dataset, rows first.
  public let shape: [Int]
  /// Numbers in a row.
  public let rowLength: Int
  /// Rows in a chunk; 1 for a dataset that is not stored in chunks.
  public let rowsInChunk: Int
  private let dataset: Handle
  private let operation: Operation

  /// Number of rows, the first extent.
  public var rowCount: Int { shape[0] }

  /// - Parameter layout: taken before, from a handle that is closed again: a dataset that is open already keeps the
  ///   chunk cache of its first opening.
  init(_ layout: RowLayout, file: Handle, name: String) throws {
    guard layout.shape.count >= 1 else {
      throw HDF5Error.wrongShape(name, in: layout.operation.path, found: layout.shape, expected: "rows")
    }
    shape = layout.shape
    guard let rowLength = product(shape.dropFirst()) else {
      throw HDF5Error.tooLarge(name, in: layout.operation.path, shape: shape)
    }
    self.rowLength = rowLength
    rowsInChunk = layout.chunk?[0] ?? 1
    operation = layout.operation
    let access = try Library.open(operation, close: H5Pclose) { H5Pcreate(priorkit_h5p_dataset_access()) }
    // Slots: a prime well above the number of chunks. Chunks that were read in full go first.
    try Library.exec(operation, access) { H5Pset_chunk_cache($0, 12421, layout.cacheBytes, 1) }
    let path = "/" + name.split(separator: "/").joined(separator: "/")
    dataset = try Library.open(operation, with: [file, access], close: H5Dclose) { H5Dopen2($0[0], path, $0[1]) }
  }

  /// Reads rows, converted to doubles; row-major.
  ///
  /// - Throws: ``HDF5Error``.
  /// - Precondition: the rows exist, and `target` holds `rows.count * rowLength` numbers.
  public func read(_ rows: Range<Int>, into target: UnsafeMutableBufferPointer<Double>) throws {
    precondition(rows.lowerBound >= 0 && rows.upperBound <= rowCount, "Rows \(rows) of \(rowCount)")
    precondition(target.count == rows.count * rowLength, "\(rows.count) rows do not fit \(target.count) numbers")
    guard !target.isEmpty else { return }
    let count = ([rows.count] + shape.dropFirst()).map { hsize_t($0) }
    let start = [hsize_t(rows.lowerBound)] + [hsize_t](repeating: 0, count: shape.count - 1)
    let selection = try Library.open(operation, in: dataset, close: H5Sclose) { H5Dget_space($0) }
    try Library.exec(operation, selection) { H5Sselect_hyperslab($0, H5S_SELECT_SET, start, nil, count, nil) }
    let memory = try Library.open(operation, close: H5Sclose) { H5Screate_simple(Int32(count.count), count, nil) }
    try Library.exec(operation, with: [dataset, memory, selection]) {
      H5Dread($0[0], priorkit_h5t_native_double(), $0[1], $0[2], 0, target.baseAddress)
    }
  }
}

/// The shape of a numeric dataset and how it is stored.
struct RowLayout {
  let shape: [Int]
  /// Extents of a chunk; nil for a dataset in one piece.
  let chunk: [Int]?
  let operation: Operation

  init(_ node: Node) throws {
    try node.requireNumbers()
    operation = node.operation
    shape = try node.shape()
    let creation = try Library.open(operation, in: node.handle, close: H5Pclose) { H5Dget_create_plist($0) }
    let layout = try Library.exec(operation, creation) { H5Pget_layout($0).rawValue }
    guard layout == H5D_CHUNKED.rawValue else {
      chunk = nil
      return
    }
    var extents = [hsize_t](repeating: 0, count: shape.count)
    try Library.exec(operation, creation) { H5Pget_chunk($0, Int32(extents.count), &extents) }
    chunk = extents.map { Int(clamping: $0) }
  }

  /// Room for two bands of chunks: the one being read, and the one that a block begins in.
  var cacheBytes: Int {
    let (least, most) = (1 << 20, 96 << 20)
    guard let chunk else { return least }
    let chunksInBand = zip(shape, chunk).dropFirst().map { $0.0 / max($0.1, 1) + 1 }
    return max(least, min(product([16] + chunksInBand + chunk) ?? most, most))
  }
}

extension HDF5Reader {
  /// Opens a numeric dataset to be read in blocks of rows.
  ///
  /// - Throws: ``HDF5Error`` also for a scalar.
  public func rows(of dataset: String) throws -> HDF5RowReader {
    let layout = try RowLayout(node(dataset))
    return try HDF5RowReader(layout, file: file, name: dataset)
  }
}
