public import NumericCore

/// A conditional distribution over all of the original coordinates, some of which have a known value.
///
/// log p(x) is the log density of the free coordinates, with respect to them; the pinned entries of x are not
/// looked at, and their score is zero. Draws and the mean have the pinned values. Archive: `pinned/positions`
/// and `pinned/values` [M], `free/family`, and the distribution of the others under `free/density/`.
public struct PinnedDistribution: Distribution {
  public static let family = "pinned"
  /// Ascending.
  public let pinnedPositions: [Int]
  /// The finite value of each pinned position, in their order.
  public let pinnedValues: [Double]
  /// Over the other coordinates, in their order.
  public let free: any Distribution
  /// Ascending.
  public let freePositions: [Int]

  public var dimension: Int { free.dimension + pinnedPositions.count }
  public var mean: [Double] { completed(free.mean) }

  /// - Precondition: distinct positions in 0 ..< dimension, a finite value for each.
  public init(positions: [Int], values: [Double], free: any Distribution) {
    let dimension = free.dimension + positions.count
    precondition(
      Set(positions).count == positions.count && positions.allSatisfy((0..<dimension).contains),
      "Positions \(positions) in \(dimension) dimensions")
    precondition(values.count == positions.count && values.allSatisfy(\.isFinite), "Pinned values \(values)")
    let order = positions.indices.sorted { positions[$0] < positions[$1] }
    pinnedPositions = order.map { positions[$0] }
    pinnedValues = order.map { values[$0] }
    self.free = free
    let pinned = Set(positions)
    freePositions = (0..<dimension).filter { !pinned.contains($0) }
  }

  /// A point from its free coordinates, in their order.
  public func completed(_ coordinates: [Double]) -> [Double] {
    var point = [Double](repeating: 0, count: dimension)
    for (position, value) in zip(pinnedPositions, pinnedValues) { point[position] = value }
    for (position, value) in zip(freePositions, coordinates) { point[position] = value }
    return point
  }

  private func coordinates(of point: [Double]) -> [Double] {
    precondition(point.count == dimension, "A point of \(point.count) entries in \(dimension) dimensions")
    return freePositions.map { point[$0] }
  }

  // MARK: - Density

  public func logDensity(at point: [Double], score: inout [Double]) -> Double {
    precondition(score.count == dimension, "A score of \(score.count) entries in \(dimension) dimensions")
    var inner = [Double](repeating: 0, count: freePositions.count)
    let value = free.logDensity(at: coordinates(of: point), score: &inner)
    for position in pinnedPositions { score[position] = 0 }
    for (position, slope) in zip(freePositions, inner) { score[position] = slope }
    return value
  }

  public func logDensities(ofRows points: Matrix) -> [Double] {
    free.logDensities(ofRows: points.selecting(rows: Array(0..<points.rows), columns: freePositions))
  }

  public func squaredMahalanobisDistanceIfDefined(to point: [Double]) -> Double? {
    free.squaredMahalanobisDistanceIfDefined(to: coordinates(of: point))
  }

  public func sample(using source: inout RandomSource) -> [Double] { completed(free.sample(using: &source)) }

  // MARK: - Parts

  /// - Throws: ``DistributionError/nothingFree`` if all the indices are pinned, and what the free distribution
  ///   throws.
  public func marginalDistribution(over indices: [Int]) throws -> any Distribution {
    let own = positions(of: indices)
    guard own.free.count > 0 else { throw DistributionError.nothingFree }
    let part = try free.marginalDistribution(over: own.free.map(\.inside))
    guard !own.pinned.isEmpty else { return part }
    return PinnedDistribution(positions: own.pinned.map(\.outside), values: own.pinned.map(\.value), free: part)
  }

  /// Values of pinned coordinates are not looked at: those are known already.
  ///
  /// - Throws: ``DistributionError/nothingFree`` if nothing else is left, and what the free distribution throws.
  public func conditionalDistribution(given indices: [Int], values: [Double]) throws -> any Distribution {
    try requireFinite(given: indices, values: values)
    let own = positions(of: indices)
    let known = Set(indices)
    guard own.free.count < freePositions.count else { throw DistributionError.nothingFree }
    let rest = try free.conditionalDistribution(
      given: own.free.map(\.inside), values: own.free.map { values[$0.outside] })
    let remaining = (0..<dimension).filter { !known.contains($0) }
    let still = pinnedPositions.indices.filter { !known.contains(pinnedPositions[$0]) }
    guard !still.isEmpty else { return rest }
    return PinnedDistribution(
      positions: still.map { index in remaining.firstIndex(of: pinnedPositions[index]) ?? 0 },
      values: still.map { pinnedValues[$0] }, free: rest)
  }

  /// Which of some indices are free and which pinned: `outside` counts among the indices.
  private func positions(
    of indices: [Int]
  ) -> (free: [(inside: Int, outside: Int)], pinned: [(outside: Int, value: Double)]) {
    let inside = Dictionary(uniqueKeysWithValues: freePositions.enumerated().map { ($1, $0) })
    let values = Dictionary(uniqueKeysWithValues: zip(pinnedPositions, pinnedValues))
    return (
      indices.enumerated().compactMap { outside, index in inside[index].map { ($0, outside) } },
      indices.enumerated().compactMap { outside, index in values[index].map { (outside, $0) } }
    )
  }

  // MARK: - Storage

  public var storedDistributions: [any Distribution] { [free] }

  public func encode(into archive: inout DistributionArchive) {
    archive.set(pinnedPositions.map(Double.init), for: "pinned/positions")
    archive.set(pinnedValues, for: "pinned/values")
    archive.set(free, at: "free")
  }

  /// - Throws: ``ArchiveError`` naming the array that is missing or unfit.
  public init(from archive: DistributionArchive) throws {
    let free = try archive.distribution(at: "free", as: (any Distribution).self, excluding: Self.family)
    let stored = try archive.vector("pinned/positions")
    let values = try archive.vector("pinned/values", count: stored.count)
    let dimension = free.dimension + stored.count
    var seen = Set<Int>()
    let positions = try stored.map { value in
      guard let position = Int(exactly: value), (0..<dimension).contains(position), seen.insert(position).inserted
      else {
        throw ArchiveError.invalid(
          "pinned/positions", value: value, condition: "a position below \(dimension), each once")
      }
      return position
    }
    self.init(positions: positions, values: values, free: free)
  }
}
