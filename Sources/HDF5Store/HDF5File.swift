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

  /// A text attribute of an object (fixed or variable length UTF-8).
  public func text(attribute: String, of object: String) throws -> String { throw HDF5ReaderError(message: "todo") }
}

public struct HDF5ReaderError: Error { public let message: String }
