/// Named arrays of doubles and texts: what a density is in a file. Names may be paths (`component/0/mean`).
public struct DensityArchive: Sendable, Equatable {
  /// An array in row-major order; a number has shape [].
  public struct Array: Sendable, Equatable {
    public var shape: [Int]
    public var values: [Double]

    public init(shape: [Int], values: [Double]) {
      precondition(shape.reduce(1, *) == values.count, "Shape \(shape) does not hold \(values.count) values")
      self.shape = shape
      self.values = values
    }
  }

  public var arrays: [String: Array] = [:]
  public var texts: [String: String] = [:]

  public init() {}
}
