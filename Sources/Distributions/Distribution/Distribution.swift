public import NumericCore

/// A probability distribution on R^D, without a chain: what a family of priors implements.
///
/// It has a log density in nats, draws, marginals and conditionals. A `Prior` is a distribution with the chain that
/// gives its coordinates their names.
public protocol Distribution: Sendable {
  /// The family's name in prior files and on the command line: `gaussian`, `student-t`, ...
  static var family: String { get }
  /// D, the number of coordinates, pinned ones included.
  var dimension: Int { get }
  /// The expected value; for families that have none (a Student-t with one degree of freedom), the centre.
  var mean: [Double] { get }

  /// log p(x) and its score, the gradient, in one evaluation; `score` is overwritten.
  func logDensity(at point: [Double], score: inout [Double]) -> Double

  /// log p(x) in nats; by default the value of ``logDensity(at:score:)``, whose score is dropped.
  func logDensity(at point: [Double]) -> Double

  /// Log densities of the rows of a matrix [count, dimension]; by default one by one.
  func logDensities(ofRows points: Matrix) -> [Double]

  /// (x - mean)^T scatter^-1 (x - mean) for families with one scatter matrix, else nil.
  func squaredMahalanobisDistanceIfDefined(to point: [Double]) -> Double?

  /// Coordinates that have one known value, ascending; none for most families (``PinnedDistribution``).
  var pinnedPositions: [Int] { get }

  /// The distributions that this one stores inside its own archive and decodes by
  /// ``DistributionArchive/distribution(_:under:)``; none for most families.
  var storedDistributions: [any Distribution] { get }

  /// One draw.
  func sample(using source: inout RandomSource) -> [Double]

  /// The distribution of some coordinates, in the order of `indices`.
  func marginalDistribution(over indices: [Int]) throws -> any Distribution

  /// The distribution of the other coordinates, in their order, given the values of some.
  func conditionalDistribution(given indices: [Int], values: [Double]) throws -> any Distribution

  /// Stores the distribution as named arrays; ``init(from:)`` gives the same distribution to the last bit. The
  /// names `parameter_space`, `names`, `units` and `fit` belong to the files.
  func encode(into archive: inout DistributionArchive)
  init(from archive: DistributionArchive) throws
}

extension Distribution {
  public func logDensity(at point: [Double]) -> Double {
    var score = [Double](repeating: 0, count: point.count)
    return logDensity(at: point, score: &score)
  }

  public func logDensities(ofRows points: Matrix) -> [Double] {
    var score = [Double](repeating: 0, count: dimension)
    return (0..<points.rows).map { logDensity(at: points.row($0), score: &score) }
  }

  public func squaredMahalanobisDistanceIfDefined(to point: [Double]) -> Double? { nil }

  public var pinnedPositions: [Int] { [] }

  public var storedDistributions: [any Distribution] { [] }
}
