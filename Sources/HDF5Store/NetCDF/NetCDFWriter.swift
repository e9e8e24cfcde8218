/// Lays out an HDF5 file as netCDF-4, so that xarray, ArviZ and the netCDF library read it and append to it.
///
/// Every dimension is a scale of its own group; nothing is shared between groups. Dimensions are numbered across
/// the file, as the netCDF library does.
public final class NetCDFWriter {
  let file: HDF5Writer
  private var dimensionCount: Int32 = 0

  /// - Parameters:
  ///   - file: an open file, to which groups of other layouts may be written too.
  ///   - software: what the file is made with, `NAME=VERSION`.
  /// - Throws: ``HDF5Error``.
  public init(_ file: HDF5Writer, software: String) throws {
    self.file = file
    try file.set(fixed: "version=2,\(software),hdf5=\(HDF5Version.current)", attribute: "_NCProperties", of: "/")
  }

  /// Makes a group.
  public func group(_ name: String) throws -> NetCDFGroup {
    try file.createGroup(name)
    return NetCDFGroup(name: name, writer: self)
  }

  /// The number of a new dimension.
  func nextDimension() -> Int32 {
    defer { dimensionCount += 1 }
    return dimensionCount
  }
}
