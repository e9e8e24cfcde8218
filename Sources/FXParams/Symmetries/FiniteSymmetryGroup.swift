/// A finite group of symmetries as a product of factors that commute; it maps a preset to its copies.
///
/// Band permutations apply where the ranges allow, so a preset may have fewer copies than the group has elements.
/// The copies that can be reached form one orbit, and each of them reaches the same ones.
public struct FiniteSymmetryGroup: Sendable, Hashable, Codable {
  /// A subgroup of one kind.
  public enum Factor: Sendable, Hashable, Codable {
    /// All products of symmetries that are their own inverses and commute: 2^n elements.
    case involutions([Symmetry])
    /// All orders of the bands of a group: n! elements.
    case permutations(BandGroup)

    /// Number of elements: 2^n or n!; the largest integer where that is beyond any.
    public var count: Int {
      switch self {
      case .involutions(let generators): generators.count < 62 ? 1 << generators.count : .max
      case .permutations(let bands): (1...max(bands.count, 1)).reduce(1) { $0.multipliedOrMax(by: $1) }
      }
    }

    /// Positions that an element may change, ascending.
    public var touched: [Int] {
      switch self {
      case .involutions(let generators): Set(generators.flatMap(\.touched)).sorted()
      case .permutations(let bands): bands.touched
      }
    }

    /// All elements, the identity first.
    func elements() throws(SymmetryError) -> [Symmetry] {
      switch self {
      case .involutions(let generators):
        return generators.reduce([.identity]) { elements, generator in
          elements + elements.map { $0.followed(by: generator) }
        }
      case .permutations(let bands): return try bands.orders().map(bands.permutation)
      }
    }
  }

  /// In order of application; they commute.
  public let factors: [Factor]

  /// The most elements of a group that is enumerated.
  public static let maximumCount = 1 << 17

  /// - Throws: ``SymmetryError`` for more involutions than are enumerated, or a band group beyond all searches. The
  ///   orders of bands may be too many to enumerate: ``elements()`` says so where they are asked for.
  public init(_ factors: [Factor]) throws(SymmetryError) {
    var involutions = 1
    for factor in factors {
      switch factor {
      case .involutions: involutions = involutions.multipliedOrMax(by: factor.count)
      case .permutations(let bands):
        guard bands.count <= BandGroup.largestCount else {
          throw .tooManyBands(group: bands.name, count: bands.count, limit: BandGroup.largestCount)
        }
      }
    }
    guard involutions <= Self.maximumCount else {
      throw .tooManyElements(count: involutions, limit: Self.maximumCount)
    }
    self.factors = factors
  }

  /// Number of elements; the largest integer where that is beyond any.
  public var count: Int { factors.reduce(1) { $0.multipliedOrMax(by: $1.count) } }
  /// Positions that an element may change, ascending.
  public var touched: [Int] { Set(factors.flatMap(\.touched)).sorted() }

  /// All elements, the identity first.
  ///
  /// - Throws: ``SymmetryError`` for more than ``maximumCount``, or more bands than are enumerated.
  public func elements() throws(SymmetryError) -> [Symmetry] {
    for bands in bandGroups where bands.count > BandGroup.maximumCount {
      throw .tooManyBands(group: bands.name, count: bands.count, limit: BandGroup.maximumCount)
    }
    guard count <= Self.maximumCount else { throw .tooManyElements(count: count, limit: Self.maximumCount) }
    var elements: [Symmetry] = [.identity]
    for factor in factors {
      let own = try factor.elements()
      elements = own.flatMap { last in elements.map { $0.followed(by: last) } }
    }
    return elements
  }

  /// The generators: involutions, and exchanges of neighbouring bands.
  public var generators: [Symmetry] {
    factors.flatMap { factor in
      switch factor {
      case .involutions(let generators): generators
      case .permutations(let bands): bands.adjacentExchanges
      }
    }
  }

  /// The generators of the factors of linear involutions.
  public var involutions: [Symmetry] {
    factors.flatMap { factor in
      guard case .involutions(let generators) = factor else { return [Symmetry]() }
      return generators
    }
  }
  /// The groups of the factors of permutations, which act through values.
  public var bandGroups: [BandGroup] {
    factors.compactMap { factor in
      guard case .permutations(let bands) = factor else { return nil }
      return bands
    }
  }

  /// A uniformly drawn element.
  public func randomElement(using source: inout some RandomNumberGenerator) -> Symmetry {
    factors.reduce(Symmetry.identity) { product, factor in
      switch factor {
      case .involutions(let generators):
        generators.reduce(product) { Bool.random(using: &source) ? $0.followed(by: $1) : $0 }
      case .permutations(let bands):
        product.followed(by: bands.permutation(Array(0..<bands.count).shuffled(using: &source)))
      }
    }
  }
}

extension Int {
  /// The product, or the largest integer where that overflows.
  fileprivate func multipliedOrMax(by other: Int) -> Int {
    let product = multipliedReportingOverflow(by: other)
    return product.overflow ? .max : product.partialValue
  }
}
