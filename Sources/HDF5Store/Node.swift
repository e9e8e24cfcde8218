import CHDF5
import FileOutput

/// A dataset or an attribute: what can be read alike from either.
struct Node {
  let handle: Handle
  let isAttribute: Bool
  let operation: Operation

  var path: String { operation.path }
  var object: String { operation.object ?? "/" }

  // MARK: Type and shape

  /// The type of its elements, in memory.
  func elementType() throws -> Handle {
    try Library.open(operation, in: handle, close: H5Tclose) { isAttribute ? H5Aget_type($0) : H5Dget_type($0) }
  }

  func dataspace() throws -> Handle {
    try Library.open(operation, in: handle, close: H5Sclose) { isAttribute ? H5Aget_space($0) : H5Dget_space($0) }
  }

  /// Extent along each dimension; empty for a scalar.
  func shape() throws -> [Int] {
    let space = try dataspace()
    let rank = try Library.exec(operation, space) { H5Sget_simple_extent_ndims($0) }
    var extents = [hsize_t](repeating: 0, count: Int(rank))
    try Library.exec(operation, space) { H5Sget_simple_extent_dims($0, &extents, nil) }
    // A null dataspace has rank 0 but holds nothing.
    let isNull = try Library.exec(operation, space) { H5Sget_simple_extent_type($0).rawValue } == H5S_NULL.rawValue
    guard !isNull else { return [0] }
    return try extents.map { extent in
      guard let extent = Int(exactly: extent) else {
        throw HDF5Error.tooLarge(object, in: path, shape: extents.map { Int(clamping: $0) })
      }
      return extent
    }
  }

  /// The number of elements of an array to be read, whose elements take `size` bytes in memory.
  ///
  /// - Throws: ``HDF5Error`` if memory does not hold them.
  private func elementCount(_ shape: [Int], of size: Int) throws -> Int {
    guard let count = product(shape), MemoryLimit.bytes(count: count, of: size) != nil else {
      throw HDF5Error.tooLarge(object, in: path, shape: shape)
    }
    return count
  }

  private func elementClass(of type: Handle) throws -> H5T_class_t {
    H5T_class_t(rawValue: try Library.exec(operation, type) { H5Tget_class($0).rawValue })
  }

  func holdsText() throws -> Bool { try elementClass(of: elementType()) == H5T_STRING }

  // MARK: Numbers

  func requireNumbers() throws {
    let type = try elementType()
    let kind = try elementClass(of: type)
    guard kind == H5T_FLOAT || kind == H5T_INTEGER else {
      let found = kind == H5T_STRING ? "text" : "neither numbers nor text"
      throw HDF5Error.wrongType(object, in: path, found: found, expected: "a numeric array")
    }
  }

  /// All elements in the memory type `native`, which the library converts to; row-major.
  func numbers<Number: Numeric>(_ native: @autoclosure () -> hid_t) throws -> [Number] {
    try requireNumbers()
    let count = try elementCount(shape(), of: MemoryLayout<Number>.stride)
    guard count > 0 else { return [] }
    var values = [Number](repeating: 0, count: count)
    try values.withUnsafeMutableBytes { buffer in
      _ = try Library.exec(operation, handle) { id in
        isAttribute ? H5Aread(id, native(), buffer.baseAddress) : H5Dread(id, native(), 0, 0, 0, buffer.baseAddress)
      }
    }
    return values
  }

  /// All elements as integers.
  ///
  /// - Throws: ``HDF5Error`` for a fraction, or a number beyond 64 bits with a sign.
  func integers() throws -> [Int] {
    try requireNumbers()
    let type = try elementType()
    guard try elementClass(of: type) == H5T_FLOAT else {
      let values: [Int] = try numbers(priorkit_h5t_native_int64())
      let isUnsigned = try Library.exec(operation, type) { H5Tget_sign($0).rawValue } == H5T_SGN_NONE.rawValue
      // What does not fit becomes the largest number.
      guard !isUnsigned || !values.contains(Int.max) else {
        throw HDF5Error.notAnInteger(object, in: path, "beyond 64 bits")
      }
      return values
    }
    let values: [Double] = try numbers(priorkit_h5t_native_double())
    return try values.map { value in
      guard let integer = Int(exactly: value) else { throw HDF5Error.notAnInteger(object, in: path, "\(value)") }
      return integer
    }
  }

  /// Rows `rows` of the first dimension of a dataset, as doubles.
  func doubles(rows: Range<Int>, shape: [Int]) throws -> [Double] {
    try requireNumbers()
    let extents = [rows.count] + shape.dropFirst()
    var values = [Double](repeating: 0, count: try elementCount(extents, of: 8))
    guard !values.isEmpty else { return [] }
    let count = extents.map { hsize_t($0) }
    let start = [hsize_t(rows.lowerBound)] + [hsize_t](repeating: 0, count: shape.count - 1)
    let selection = try dataspace()
    try Library.exec(operation, selection) { H5Sselect_hyperslab($0, H5S_SELECT_SET, start, nil, count, nil) }
    let memory = try Library.open(operation, close: H5Sclose) { H5Screate_simple(Int32(count.count), count, nil) }
    try Library.exec(operation, with: [handle, memory, selection]) {
      H5Dread($0[0], priorkit_h5t_native_double(), $0[1], $0[2], 0, &values)
    }
    return values
  }

  // MARK: Text

  /// All strings, of fixed or variable length, in UTF-8; of a list, only entries `rows` if those are given.
  func strings(rows: Range<Int>? = nil) throws -> [String] {
    let type = try elementType()
    guard try elementClass(of: type) == H5T_STRING else {
      throw HDF5Error.wrongType(object, in: path, found: "no text", expected: "text")
    }
    // A text in memory takes 16 bytes and more.
    let count = try elementCount(rows.map { [$0.count] } ?? shape(), of: 16)
    guard count > 0 else { return [] }
    let isVariable = try Library.exec(operation, type) { H5Tis_variable_str($0) } > 0
    return isVariable ? try variableStrings(type, count, rows) : try fixedStrings(type, count, rows)
  }

  private func read(_ type: Handle, _ rows: Range<Int>?, into buffer: UnsafeMutableRawPointer?) throws {
    guard let rows else {
      try Library.exec(operation, with: [handle, type]) {
        isAttribute ? H5Aread($0[0], $0[1], buffer) : H5Dread($0[0], $0[1], 0, 0, 0, buffer)
      }
      return
    }
    let (start, count) = (hsize_t(rows.lowerBound), hsize_t(rows.count))
    let selection = try dataspace()
    try Library.exec(operation, selection) { H5Sselect_hyperslab($0, H5S_SELECT_SET, [start], nil, [count], nil) }
    let memory = try Library.open(operation, close: H5Sclose) { H5Screate_simple(1, [count], nil) }
    try Library.exec(operation, with: [handle, type, memory, selection]) {
      H5Dread($0[0], $0[1], $0[2], $0[3], 0, buffer)
    }
  }

  private func variableStrings(_ type: Handle, _ count: Int, _ rows: Range<Int>?) throws -> [String] {
    var pointers = [UnsafeMutablePointer<CChar>?](repeating: nil, count: count)
    let space =
      try rows == nil
      ? dataspace()
      : Library.open(operation, close: H5Sclose) {
        H5Screate_simple(1, [hsize_t(count)], nil)
      }
    return try pointers.withUnsafeMutableBytes { buffer in
      try read(type, rows, into: buffer.baseAddress)
      let strings = buffer.bindMemory(to: UnsafeMutablePointer<CChar>?.self).map {
        $0.map { String(validatingCString: $0) } ?? ""
      }
      try Library.exec(operation, with: [type, space]) { H5Dvlen_reclaim($0[0], $0[1], 0, buffer.baseAddress) }
      return try strings.enumerated().map { try requireText($1, index: $0, rows) }
    }
  }

  private func fixedStrings(_ type: Handle, _ count: Int, _ rows: Range<Int>?) throws -> [String] {
    var size = 0
    try Library.exec(operation, type) {
      size = H5Tget_size($0)
      return size > 0 ? 0 : -1
    }
    let padding = try Library.exec(operation, type) { H5Tget_strpad($0).rawValue }
    var bytes = [UInt8](repeating: 0, count: try elementCount([size, count], of: 1))
    try bytes.withUnsafeMutableBytes { try read(type, rows, into: $0.baseAddress) }
    return try (0..<count).map { index in
      var text = bytes[index * size..<(index + 1) * size].prefix { $0 != 0 }
      if padding == H5T_STR_SPACEPAD.rawValue { while text.last == 0x20 { text.removeLast() } }
      return try requireText(String(validating: text, as: UTF8.self), index: index, rows)
    }
  }

  /// A text that was UTF-8: otherwise two that differ might become one.
  private func requireText(_ text: String?, index: Int, _ rows: Range<Int>?) throws -> String {
    guard let text else {
      throw HDF5Error(
        .wrongType, path: path, object: object,
        "Entry \(index + (rows?.lowerBound ?? 0)) of \(object) in \(path) is not UTF-8 text: store it as UTF-8.")
    }
    return text
  }
}
