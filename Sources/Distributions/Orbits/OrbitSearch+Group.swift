import FXParams
import NumericCore

extension OrbitSearch {
  /// Draws from which the stand-in of a family without terms takes its moments, per coordinate.
  private static let drawsPerCoordinate = 100

  /// - Throws: `SymmetryError` for more involutions than are enumerated, or more bands of different ranges than can
  ///   be counted; `LinearAlgebraError` where draws of the base have no covariance.
  init(_ base: any Distribution, over group: FiniteSymmetryGroup) throws {
    for bands in group.bandGroups where !bands.hasOneRange && bands.count > SubsetRecursion.maximumCount {
      throw SymmetryError.tooManyBands(group: bands.name, count: bands.count, limit: SubsetRecursion.maximumCount)
    }
    let layout = BandLayout(group.bandGroups, dimension: base.dimension)
    self.layout = layout
    involutions = try FiniteSymmetryGroup(
      group.factors.filter { if case .involutions = $0 { true } else { false } }
    ).elements()
    isExact = base is any EllipticalMixture
    terms = try Self.terms(of: base).map { try OrderedTerm($0, layout: layout) }
  }

  private static func terms(of base: any Distribution) throws -> [EllipticalTerm] {
    if let mixture = base as? any EllipticalMixture { return mixture.ellipticalTerms }
    var source = RandomSource(seed: 0)
    let draws = (0..<drawsPerCoordinate * base.dimension).map { _ in base.sample(using: &source) }
    let moments = try SampleMoments(
      Matrix(rows: draws.count, columns: base.dimension, values: draws.flatMap { $0 }))
    return [EllipticalTerm(location: moments.mean, scatter: moments.covariance())]
  }

  /// The recursion over independent slots, where the density has them and there is nothing but bands to sum over.
  func independentSlots(at point: [Double]) -> IndependentSlots? {
    guard isExact, terms.count == 1, involutions.count == 1 else { return nil }
    return IndependentSlots(terms[0], values: layout.values(at: point), point: point)
  }

  /// The best copies under each term: one of them has the smallest distance to the centre of a single term.
  func nearestImages(of point: [Double]) -> [[Double]] {
    images(of: point).flatMap { _, image in
      let values = layout.values(at: image.theta)
      return terms.compactMap { term -> [Double]? in
        let search = OrderSearch(term, values: values.withoutDeterminants, point: image.theta)
        guard let order = search.goodOrder(steps: Self.mostSteps)?.order else { return nil }
        var theta = image.theta
        _ = layout.apply(order, values, to: &theta)
        return theta
      }
    }
  }

  /// A copy drawn among all with equal probability.
  func randomImage(of point: [Double], using source: inout RandomSource) -> [Double] {
    let moved = images(of: point)
    var theta = moved[min(Int(source.nextUniform() * Double(moved.count)), moved.count - 1)].image.theta
    let values = layout.values(at: theta)
    _ = layout.apply(layout.randomOrder(values, using: &source), values, to: &theta)
    return theta
  }
}

extension BandLayout {
  /// An order drawn among those whose settings lie in the ranges of their slots, each with the same probability.
  func randomOrder(_ values: BandValues, using source: inout RandomSource) -> [Int] {
    var order = identity
    for group in groups.indices {
      let places = slots.indices.filter { slots[$0].group == group }
      let accepts = places.map { place in places.indices.map { values.accepts(slot: place, band: $0) } }
      let own: [Int]
      if accepts.allSatisfy({ $0.allSatisfy(\.self) }) {
        own = Array(places.indices).shuffled(using: &source)
      } else {
        own = SubsetRecursion(accepts.map { $0.map { $0 ? 0 : -Double.infinity } }).assignment(using: &source)
      }
      for (place, band) in zip(places, own) { order[place] = band }
    }
    return order
  }
}
