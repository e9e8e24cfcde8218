import CHDF5

// What netCDF adds to HDF5: dimension scales, and a few types of its own.

extension HDF5Writer {
  // MARK: - Scales

  /// Whether an object was written.
  package func contains(_ object: String) throws -> Bool {
    let operation = Operation(action: "look for", path: path, object: object)
    let file = try openFile(operation)
    var prefix = ""
    for component in object.split(separator: "/") {
      prefix += "/" + component
      guard try exists(prefix, in: file, operation) else { return false }
    }
    return true
  }

  /// Makes a one-dimensional dataset the scale of a dimension of that name. NetCDF programs call the dimension by
  /// the last part of the dataset's path, so the name should be that.
  package func makeScale(_ dataset: String, name: String) throws {
    let (operation, handle) = try openDataset(dataset)
    try exec(operation, with: [handle]) { H5DSset_scale($0[0], name) }
  }

  /// Names the dimensions of a dataset by scales, the first dimension first.
  package func attach(scales: [String], to dataset: String) throws {
    let (operation, handle) = try openDataset(dataset)
    for (dimension, scale) in scales.enumerated() {
      let (_, scale) = try openDataset(scale)
      try exec(operation, with: [handle, scale]) { H5DSattach_scale($0[0], $0[1], UInt32(dimension)) }
    }
  }

  private func openDataset(_ dataset: String) throws -> (Operation, Handle) {
    let operation = Operation(action: "write", path: path, object: dataset)
    let file = try openFile(operation)
    return (operation, try Library.open(operation, in: file, close: H5Dclose) { H5Dopen2($0, dataset, 0) })
  }

  // MARK: - Types

  /// Writes a dataset of 8-bit integers.
  func write(_ values: [Int8], shape: [Int], to dataset: String) throws {
    try values.withUnsafeBytes {
      try write($0, values.count, shape, priorkit_h5t_native_int8(), to: dataset, false)
    }
  }

  /// Sets a 32-bit integer as an attribute.
  func set(_ value: Int32, attribute: String, of object: String) throws {
    try withUnsafeBytes(of: value) { try set($0, shape: [], priorkit_h5t_native_int32(), attribute, object) }
  }

  /// Sets an attribute that is a list of 32-bit integers.
  func set(_ values: [Int32], attribute: String, of object: String) throws {
    try values.withUnsafeBytes {
      try set($0, shape: [values.count], priorkit_h5t_native_int32(), attribute, object)
    }
  }

  /// Sets a text of fixed length as an attribute.
  func set(fixed text: String, attribute: String, of object: String) throws {
    let operation = Operation(action: "write", path: path, object: object)
    let type = try Library.open(operation, close: H5Tclose) { H5Tcopy(priorkit_h5t_c_s1()) }
    let bytes = Array(text.utf8)
    try Library.exec(operation, type) { H5Tset_size($0, max(bytes.count, 1)) }
    try Library.exec(operation, type) { H5Tset_strpad($0, H5T_STR_NULLPAD) }
    try bytes.withUnsafeBytes { try set($0, shape: [], type: type, attribute, object) }
  }
}
