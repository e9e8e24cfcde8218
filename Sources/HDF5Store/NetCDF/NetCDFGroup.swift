/// A group of a netCDF-4 file: its dimensions with their coordinates, then the variables over them.
public final class NetCDFGroup {
  /// The name of the group, below the root.
  public let name: String
  private let writer: NetCDFWriter
  private var dimensions: [String: (id: Int32, count: Int)] = [:]

  init(name: String, writer: NetCDFWriter) {
    self.name = name
    self.writer = writer
  }

  private func path(_ object: String) -> String { "/\(name)/\(object)" }

  // MARK: - Dimensions

  /// Declares a dimension whose coordinates are 0, 1, ...
  public func dimension(_ dimension: String, count: Int) throws {
    try writer.file.write(Array(0..<count), shape: [count], to: path(dimension))
    try declare(dimension, count: count)
  }

  /// Declares a dimension whose coordinates are texts.
  public func dimension(_ dimension: String, labels: [String]) throws {
    // Of variable length: h5netcdf gives back texts of fixed length as bytes.
    try writer.file.write(labels, to: path(dimension))
    try declare(dimension, count: labels.count)
  }

  /// Declares a dimension whose coordinates are a dataset that was written to the file by other means.
  public func adopt(dimension: String, count: Int) throws { try declare(dimension, count: count) }

  private func declare(_ dimension: String, count: Int) throws {
    let id = writer.nextDimension()
    dimensions[dimension] = (id, count)
    try writer.file.makeScale(path(dimension), name: dimension)
    try number(dimension, [id])
  }

  // MARK: - Variables

  /// Writes a variable of doubles, row-major over the named dimensions.
  ///
  /// - Precondition: the dimensions are declared, and as many values as they span.
  public func write(_ values: [Double], dimensions: [String], to variable: String) throws {
    try writer.file.write(values, shape: shape(dimensions), to: path(variable), compressed: true)
    try attach(dimensions, to: variable)
  }

  /// Writes a variable of 64-bit integers.
  public func write(_ values: [Int], dimensions: [String], to variable: String) throws {
    try writer.file.write(values, shape: shape(dimensions), to: path(variable), compressed: true)
    try attach(dimensions, to: variable)
  }

  /// Writes a variable of truth values: bytes that xarray reads as such.
  public func write(_ values: [Bool], dimensions: [String], to variable: String) throws {
    try writer.file.write(values.map { $0 ? Int8(1) : 0 }, shape: shape(dimensions), to: path(variable))
    try writer.file.set("bool", attribute: "dtype", of: path(variable))
    try attach(dimensions, to: variable)
  }

  /// Writes a variable of texts over one dimension.
  public func write(_ values: [String], dimension: String, to variable: String) throws {
    try writer.file.write(values, to: path(variable))
    try attach([dimension], to: variable)
  }

  /// Names the dimensions of a dataset that was written to the file by other means.
  public func attach(_ dimensions: [String], to variable: String) throws {
    try writer.file.attach(scales: dimensions.map(path), to: path(variable))
    try number(variable, ids(dimensions))
  }

  /// Sets a text attribute of the group, or of one of its variables.
  public func set(_ value: String, attribute: String, of variable: String? = nil) throws {
    try writer.file.set(value, attribute: attribute, of: variable.map(path) ?? "/\(name)")
  }

  /// Sets a number as an attribute of the group.
  public func set(_ value: Double, attribute: String) throws {
    try writer.file.set(value, attribute: attribute, of: "/\(name)")
  }

  /// Sets an attribute of the group that is a list of texts.
  public func set(_ values: [String], attribute: String) throws {
    try writer.file.set(values, attribute: attribute, of: "/\(name)")
  }

  // MARK: - Bookkeeping of the netCDF library

  private func ids(_ names: [String]) -> [Int32] {
    names.map { name in
      guard let dimension = dimensions[name] else {
        preconditionFailure("Dimension \(name) of group \(self.name) was not declared")
      }
      return dimension.id
    }
  }

  private func shape(_ names: [String]) -> [Int] { names.map { dimensions[$0]?.count ?? 0 } }

  /// The numbers of a dataset's dimensions, which the netCDF library looks for when it appends.
  private func number(_ dataset: String, _ ids: [Int32]) throws {
    guard let first = ids.first else { return }
    try writer.file.set(first, attribute: "_Netcdf4Dimid", of: path(dataset))
    try writer.file.set(ids, attribute: "_Netcdf4Coordinates", of: path(dataset))
  }
}
