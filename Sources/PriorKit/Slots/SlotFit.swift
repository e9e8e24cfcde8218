import Distributions
import FXParams
import NumericCore

/// How the density of an equaliser is fitted to presets in their slots.
///
/// A family is fitted as it would be to presets: its estimator chooses its strengths anew for every fit. Blocks are
/// the slots, and everything outside of them, so that a family that shrinks to blocks shrinks what slots know of
/// one another. What stands in an empty slot is absent: families that take rows with gaps are fitted by EM, others
/// to draws in their place (``FilledRows``).
struct SlotFit: Sendable {
  /// Nil for a normal density with a weak prior.
  private let family: (any DensityEstimator)?
  /// Of the logits of the equaliser.
  private let names: [String]

  /// The normal density with a weak prior on its covariance.
  static let normal = SlotFit(family: nil, names: [])

  var isNormal: Bool { family == nil }

  init(_ family: (any DensityEstimator)?, chain: ChainDescription, positions: [Int]) {
    let names = chain.parameterSpace.names
    self.init(family: family, names: positions.map { names[$0] })
  }

  private init(family: (any DensityEstimator)?, names: [String]) {
    (self.family, self.names) = (family, names)
  }

  /// The density of the family that suits presets in their slots; nil without a family.
  ///
  /// - Throws: ``EstimationError/notOneScatter(estimator:)``, and the errors of the family.
  func density(of found: [SlotModel.Part.Found], in layout: BandLayout) throws -> MultivariateStudentT? {
    guard !isNormal else { return nil }
    let absent = found.map { preset in
      preset.isEmpty.indices.filter { preset.isEmpty[$0] }.flatMap { layout.positions(ofSlot: $0) }.sorted()
    }
    let points = Matrix(rows: found.count, columns: names.count, values: found.flatMap(\.point))
    return try density(of: points, absent: absent, in: layout)
  }

  /// - Parameter points: logits of the equaliser [N, D], of which none is absent.
  func density(of points: Matrix, in layout: BandLayout) throws -> MultivariateStudentT? {
    try density(of: points, absent: nil, in: layout)
  }

  private func density(
    of points: Matrix, absent: [[Int]]?, in layout: BandLayout
  ) throws -> MultivariateStudentT? {
    guard let family else { return nil }
    var data = EstimationData(
      rows: points, names: names,
      blocks: (layout.rest.isEmpty ? [] : [layout.rest])
        + (0..<layout.slotCount).map { layout.positions(ofSlot: $0).sorted() })
    data.absent = EstimationData.absent(absent)
    if !family.acceptsAbsentColumns, let filled = try FilledRows(data) { data = filled.data }
    let distribution = try family.fit(data)
    guard let term = (distribution as? any EllipticalMixture)?.ellipticalTerms, term.count == 1 else {
      throw EstimationError.notOneScatter(estimator: family.name)
    }
    return try MultivariateStudentT(
      location: term[0].location, scatter: term[0].scatter, degreesOfFreedom: term[0].degreesOfFreedom)
  }
}
