/// Named arrays of doubles and texts: what a density is in a file. Names may be paths (`component/0/mean`).
public struct DensityArchive: Sendable {
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
  /// What densities inside the one that the archive describes are decoded with: none until
  /// ``DensityFamilies/decode(_:from:)`` gives its own.
  public internal(set) var families = DensityFamilies(types: [])

  public init() {}
}

extension DensityArchive: Equatable {
  /// Whether arrays and texts are the same; what they are decoded with is no part of them.
  public static func == (first: DensityArchive, second: DensityArchive) -> Bool {
    first.arrays == second.arrays && first.texts == second.texts
  }
}
