/// Named arrays of doubles and named texts, the form in which files hold a distribution. Names may be paths
/// (`component/0/mean`).
public struct DistributionArchive: Sendable {
  /// An array in row-major order; a number has shape [].
  public struct Array: Sendable, Equatable {
    /// Extents, the slowest first; [] for a number.
    public var shape: [Int]
    /// As many as the product of the extents, in row-major order.
    public var values: [Double]

    /// - Precondition: the product of the extents is the number of values.
    public init(shape: [Int], values: [Double]) {
      precondition(shape.reduce(1, *) == values.count, "Shape \(shape) does not hold \(values.count) values")
      self.shape = shape
      self.values = values
    }
  }

  /// By name; the names of arrays and texts are apart.
  public var arrays: [String: Array] = [:]
  /// By name: what a family stores besides numbers, such as the family of a distribution inside it.
  public var texts: [String: String] = [:]
  /// The families with which distributions inside the archived one are decoded; none until
  /// ``DistributionFamilies/decode(_:from:)`` passes its own.
  public internal(set) var families = DistributionFamilies(types: [])

  public init() {}
}

extension DistributionArchive: Equatable {
  /// Whether arrays and texts are the same; what they are decoded with is no part of them.
  public static func == (first: DistributionArchive, second: DistributionArchive) -> Bool {
    first.arrays == second.arrays && first.texts == second.texts
  }
}
