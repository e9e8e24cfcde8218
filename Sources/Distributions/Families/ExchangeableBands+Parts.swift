import Foundation
import NumericCore

// Marginals, conditionals and storage of densities of bands without an order.

extension ExchangeableBands {
  /// - Throws: ``DistributionError/splitsSymmetry(index:)`` for some settings of a band without the others.
  public func marginalDistribution(over indices: [Int]) throws -> any Distribution {
    try part(over: indices).withoutBandsIfEmpty
  }

  /// Where no band is left: a mixture of the kinds.
  private var withoutBandsIfEmpty: any Distribution {
    bands.isEmpty ? GaussianMixture(weights: kindWeights, components: kinds) : self
  }

  private func part(over indices: [Int]) throws -> ExchangeableBands {
    let places = Dictionary(indices.enumerated().map { ($1, $0) }) { first, _ in first }
    guard places.count == indices.count, indices.allSatisfy({ (0..<dimension).contains($0) }) else {
      let repeated = indices.first { index in indices.count { $0 == index } > 1 || index >= dimension } ?? -1
      throw DistributionError.badPosition(repeated, dimension: dimension)
    }
    let kept = try bands.filter { try isWhole($0, in: Set(indices)) }
    let others = rest.filter { places[$0] != nil }.sorted { places[$0] ?? 0 < places[$1] ?? 0 }
    let positions = others.compactMap { rest.firstIndex(of: $0) }
    let kinds = others.isEmpty ? [] : try kinds.map { try $0.marginal(over: positions) }
    return ExchangeableBands(
      bands: kept.map { $0.compactMap { places[$0] } }, rest: others.compactMap { places[$0] },
      kindWeights: kindWeights, kinds: kinds, typeWeights: typeWeights, types: types)
  }

  /// The kinds weighed by how well they explain what is given; the other bands keep their types.
  ///
  /// - Throws: ``DistributionError/splitsSymmetry(index:)`` for some settings of a band without the others, and
  ///   errors of values that are not finite or not as many.
  public func conditionalDistribution(given indices: [Int], values: [Double]) throws -> any Distribution {
    try requireFinite(given: indices, values: values)
    let logs = try part(over: indices).logKindTerms(at: values)
    let total = logSumExp(logs)
    guard total.isFinite else {
      throw DistributionError.notFinite(what: "log density of the given values", value: total)
    }
    let known = Set(indices)
    let remaining = (0..<dimension).filter { !known.contains($0) }
    let places = Dictionary(uniqueKeysWithValues: remaining.enumerated().map { ($1, $0) })
    let kept = kindWeights.indices.filter { exp(logs[$0] - total) > 0 }
    let knownRest = indices.enumerated().compactMap { place, index in
      rest.firstIndex(of: index).map { (position: $0, value: values[place]) }
    }
    let free = rest.filter { !known.contains($0) }
    let conditionals =
      free.isEmpty
      ? []
      : try kept.map { kind in
        try kinds[kind].conditional(given: knownRest.map(\.position), values: knownRest.map(\.value))
      }
    return ExchangeableBands(
      bands: bands.filter { !known.contains($0[0]) }.map { $0.compactMap { places[$0] } },
      rest: free.compactMap { places[$0] }, kindWeights: kept.map { exp(logs[$0] - total) }, kinds: conditionals,
      typeWeights: kept.map { typeWeights[$0] }, types: types
    ).withoutBandsIfEmpty
  }

  private func isWhole(_ band: [Int], in indices: Set<Int>) throws -> Bool {
    let inside = band.filter(indices.contains)
    guard inside.isEmpty || inside.count == band.count else {
      throw DistributionError.splitsSymmetry(index: inside[0])
    }
    return !inside.isEmpty
  }

  // MARK: - Storage

  public func encode(into archive: inout DistributionArchive) {
    archive.set(bands.flatMap { $0 }.map(Double.init), for: "bands")
    archive.set(Double(bands.count), for: "band_count")
    archive.set(Double(dimension), for: "dimension")
    archive.set(kindWeights, for: "kind_weights")
    archive.set(
      Matrix(rows: kindWeights.count, columns: types.count, values: typeWeights.flatMap { $0 }), for: "type_weights"
    )
    for (name, normals) in [("kind", kinds), ("type", types)] {
      for (index, normal) in normals.enumerated() {
        archive.set(normal.mean, for: "\(name)/\(index)/mean")
        archive.set(normal.covariance, for: "\(name)/\(index)/covariance")
      }
    }
  }

  /// - Throws: ``ArchiveError`` naming the array that is missing or unfit.
  public init(from archive: DistributionArchive) throws {
    func whole(_ name: String, in range: ClosedRange<Int>) throws -> Int {
      let value = try archive.number(name)
      guard let whole = Int(exactly: value), range.contains(whole) else {
        throw ArchiveError.invalid(name, value: value, condition: "a whole number in \(range)")
      }
      return whole
    }
    let dimension = try whole("dimension", in: 1...1_000_000)
    let flat = try archive.vector("bands")
    let count = try whole("band_count", in: 1...max(flat.count, 1))
    let positions = flat.map { Int(exactly: $0) ?? -1 }
    if let place = positions.firstIndex(where: { !(0..<dimension).contains($0) }) {
      throw ArchiveError.invalid("bands", value: flat[place], condition: "the position of a parameter")
    }
    guard Set(positions).count == flat.count, flat.count.isMultiple(of: count) else {
      throw ArchiveError.wrongShape("bands", found: [flat.count], expected: [count, flat.count / count])
    }
    let width = flat.count / count
    let taken = Set(positions)
    let rest = (0..<dimension).filter { !taken.contains($0) }
    func normals(_ name: String, _ count: Int, _ dimension: Int) throws -> [MultivariateNormal] {
      try (0..<count).map { index in
        let path = "\(name)/\(index)/covariance"
        let mean = try archive.vector("\(name)/\(index)/mean", count: dimension)
        let covariance = try archive.matrix(path, rows: dimension, columns: dimension)
        do {
          return try MultivariateNormal(mean: mean, covariance: covariance)
        } catch {
          throw ArchiveError.unknown(path, text: "\(error)")
        }
      }
    }
    let kindWeights = try archive.vector("kind_weights")
    let typeWeights = try archive.matrix("type_weights", rows: kindWeights.count)
    for (name, weights) in [("kind_weights", kindWeights), ("type_weights", typeWeights.values)] {
      if let weight = weights.first(where: { !($0 > 0) }) {
        throw ArchiveError.invalid(name, value: weight, condition: "positive")
      }
    }
    guard !kindWeights.isEmpty, typeWeights.columns > 0 else {
      throw ArchiveError.wrongShape("kind_weights", found: [kindWeights.count], expected: [1])
    }
    self.init(
      bands: (0..<count).map { Array(positions[$0 * width..<($0 + 1) * width]) }, rest: rest,
      kindWeights: kindWeights, kinds: rest.isEmpty ? [] : try normals("kind", kindWeights.count, rest.count),
      typeWeights: (0..<kindWeights.count).map { typeWeights.row($0) },
      types: try normals("type", typeWeights.columns, width))
  }
}
