import CHDF5

/// Placeholder reader for the reference arrays.
public struct HDF5Reader {
  private let file: hid_t
  public init(path: String) throws {
    file = H5Fopen(path, 0, 0)
    guard file >= 0 else { throw HDF5ReaderError(message: "cannot open \(path)") }
  }

  /// Shape and float64 values of a dataset, row-major.
  public func doubles(_ name: String) throws -> (shape: [Int], values: [Double]) {
    let dataset = H5Dopen2(file, name, 0)
    guard dataset >= 0 else { throw HDF5ReaderError(message: "no dataset \(name)") }
    defer { H5Dclose(dataset) }
    let space = H5Dget_space(dataset)
    defer { H5Sclose(space) }
    var dims = [hsize_t](repeating: 0, count: Int(H5Sget_simple_extent_ndims(space)))
    H5Sget_simple_extent_dims(space, &dims, nil)
    var values = [Double](repeating: 0, count: dims.reduce(1) { $0 * Int($1) })
    guard H5Dread(dataset, priorkit_h5t_native_double(), 0, 0, 0, &values) >= 0 else {
      throw HDF5ReaderError(message: "cannot read \(name)")
    }
    return (dims.map { Int($0) }, values)
  }

  /// A number attribute of an object.
  public func double(attribute: String, of object: String) throws -> Double {
    var value = 0.0
    guard H5LTget_attribute_double(file, object, attribute, &value) >= 0 else {
      throw HDF5ReaderError(message: "cannot read attribute \(attribute) of \(object)")
    }
    return value
  }

  /// A text attribute of an object (fixed length).
  public func text(attribute: String, of object: String) throws -> String {
    var rank: Int32 = 0
    var dims = [hsize_t](repeating: 0, count: 8)
    var kind = H5T_NO_CLASS
    var size = 0
    guard H5LTget_attribute_ndims(file, object, attribute, &rank) >= 0,
      H5LTget_attribute_info(file, object, attribute, &dims, &kind, &size) >= 0
    else { throw HDF5ReaderError(message: "no attribute \(attribute) of \(object)") }
    var bytes = [CChar](repeating: 0, count: size + 1)
    H5LTget_attribute_string(file, object, attribute, &bytes)
    return String(decoding: bytes.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
  }
}

/// Placeholder writer.
public final class HDF5Writer {
  private let file: hid_t
  public init(path: String) throws {
    file = H5Fcreate(path, 2, 0, 0)
    guard file >= 0 else { throw HDF5ReaderError(message: "cannot create \(path)") }
  }
  public func write(_ values: [Double], shape: [Int], to name: String, compressed: Bool) throws {
    let dims = shape.map { hsize_t($0) }
    guard H5LTmake_dataset_double(file, name, Int32(dims.count), dims, values) >= 0 else {
      throw HDF5ReaderError(message: "cannot write \(name)")
    }
  }
  public func set(_ value: String, attribute: String, of object: String) throws {
    guard H5LTset_attribute_string(file, object, attribute, value) >= 0 else {
      throw HDF5ReaderError(message: "cannot set \(attribute)")
    }
  }
  public func set(_ value: Double, attribute: String, of object: String) throws {
    var value = value
    guard H5LTset_attribute_double(file, object, attribute, &value, 1) >= 0 else {
      throw HDF5ReaderError(message: "cannot set \(attribute)")
    }
  }
  public func close() throws { H5Fclose(file) }
}

public struct HDF5ReaderError: Error { public let message: String }
