import Distributions
import NumericCore

/// How near features are to those that a conditional prior was fitted to, judged by how near each pair is to pairs
/// of other groups (of other voices, where the dry recordings are the groups).
///
/// The distance is the root mean square of those to the five nearest pairs, of standardised features as far as the
/// components span them, components held within +-4 standard deviations. What it is compared with are the distances
/// of the pairs themselves, each to pairs of other groups, or to other pairs where there are no groups: a prior
/// meets other voices than its own.
///
/// Archive: `points` [M, K], `scales` [K], `distances` [201], ascending.
public struct Familiarity: Sendable, Hashable {
  /// Some of the pairs, in scaled components [M, K].
  let points: Matrix
  /// From components to scaled ones [K].
  let scales: [Double]
  /// Quantiles 0, 0.5 ... 100 % of the distances of pairs.
  let distances: [Double]

  private static let nearest = 5
  private static let mostPoints = 1000
  private static let quantiles = 201
  /// Pairs below which a share of 99 % means little.
  private static let leastPairs = 100
  private static let blockRows = 1000

  /// Nil where there are too few pairs to compare with.
  ///
  /// - Parameters:
  ///   - components: of the pairs [N, K].
  ///   - variances: of the components before they were whitened [K].
  ///   - groups: of the pairs, or nil.
  init?(components: Matrix, variances: [Double], groups: [String]?) {
    scales = variances.map { $0.squareRoot() }
    guard components.rows > Self.nearest, components.columns > 0 else { return nil }
    let scaled = Self.scaled(components, scales)
    let some = KernelRidge.subset(scaled.rows, Self.mostPoints)
    points = scaled.selecting(rows: some)
    let isGrouped = groups.map { Set($0).count > 1 } ?? false
    var found: [Double] = []
    var squares = Matrix(rows: 0, columns: points.rows)
    for row in 0..<scaled.rows {
      if row % Self.blockRows == 0 {
        squares = scaled.selecting(rows: Array(row..<min(row + Self.blockRows, scaled.rows)))
          .squaredDistances(to: points)
      }
      let others = some.indices.filter { index in
        guard isGrouped, let groups else { return some[index] != row }
        return groups[some[index]] != groups[row]
      }
      guard others.count >= Self.nearest else { continue }
      found.append(Self.distance(others.map { squares[row % Self.blockRows, $0] }))
    }
    guard found.count >= Self.leastPairs else { return nil }
    found.sort()
    distances = (0..<Self.quantiles).map { found[$0 * (found.count - 1) / (Self.quantiles - 1)] }
  }

  /// The share of pairs that are nearer to pairs of other groups than these components are to any, 0 to 1: near 1
  /// the features are unlike all that the prior was fitted to.
  ///
  /// - Parameter components: of the prior's transform [K].
  public func strangerThan(_ components: [Double]) -> Double {
    let row = Self.scaled(Matrix(rows: 1, columns: components.count, values: components), scales)
    let own = Self.distance(row.squaredDistances(to: points).values)
    return Double(distances.count { $0 < own }) / Double(distances.count)
  }

  private static func scaled(_ components: Matrix, _ scales: [Double]) -> Matrix {
    components.held(within: KernelRidgeFit.limit).scalingColumns(by: scales)
  }

  private static func distance(_ squares: [Double]) -> Double {
    (squares.sorted().prefix(nearest).reduce(0, +) / Double(min(nearest, squares.count))).squareRoot()
  }

  // MARK: - Storage

  func encode(into archive: inout DistributionArchive) {
    archive.set(points, for: "points")
    archive.set(scales, for: "scales")
    archive.set(distances, for: "distances")
  }

  /// - Throws: `ArchiveError` naming the array that is missing or unfit.
  init(from archive: DistributionArchive, componentCount: Int) throws {
    scales = try archive.vector("scales", count: componentCount)
    points = try archive.matrix("points", columns: componentCount)
    distances = try archive.vector("distances", count: Self.quantiles)
    guard points.rows > 0 else { throw ArchiveError.missing("points") }
  }
}
