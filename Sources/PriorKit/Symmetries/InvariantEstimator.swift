public import Distributions
public import FXParams
import NumericCore

/// Fits so that every copy of a preset under a finite group counts the same: the density has the group's symmetry.
///
/// For linear symmetries (signs, mirror, folded parameters) and estimators of moments (the Gaussians and the
/// Student-t) moments are averaged in closed form. Band permutations, which are not linear in the logits, and other
/// families take explicit copies: each preset with all those that it has, of equal weights that add up to the
/// preset's own, kept together where an estimator cross-validates. A shape that is itself not symmetric (a factor
/// model with rotation, blocks that the group joins) keeps the symmetry as far as it keeps that of its moments.
public struct InvariantEstimator: DensityEstimator {
  /// Fits the averaged moments or the copies.
  public let base: any DensityEstimator
  /// The symmetries that the density gets.
  public let group: FiniteSymmetryGroup
  public let name: String

  /// - Parameters:
  ///   - base: the estimator that fits the averaged moments or the copies.
  ///   - group: the symmetries that the density gets.
  ///   - label: the symmetries in words, for the name.
  public init(_ base: any DensityEstimator, to group: FiniteSymmetryGroup, label: String) {
    self.base = base
    self.group = group
    name = "\(base.name)-invariant-to-\(label)"
  }

  /// The estimator for some families of a chain's symmetries.
  ///
  /// - Throws: `SymmetryError` for a family that the chain has nothing of, or a group too large to enumerate.
  public init(_ base: any DensityEstimator, to families: [SymmetryFamily], of chain: ChainDescription) throws {
    self.init(
      base, to: try chain.symmetries.group(families), label: families.map(\.rawValue).joined(separator: "-"))
  }

  public var needsInformation: Bool { base.needsInformation }

  public func fit(_ data: EstimationData) throws -> any Distribution { try estimate(data).distribution }

  public func estimate(_ data: EstimationData) throws -> DensityEstimate {
    try requireAcceptance(of: data)
    return try base.estimate(try prepared(data))
  }

  /// The data with averaging for estimators of moments, with copies for others.
  func prepared(_ data: EstimationData) throws -> EstimationData {
    let isByMoments = base is any MomentEstimator
    var data = data
    if isByMoments, !group.involutions.isEmpty {
      data.averaging = MomentAveraging(group.involutions, dimension: data.rows.columns)
    }
    let copied = try FiniteSymmetryGroup(
      group.factors.filter { factor in
        if case .permutations = factor { return true }
        return !isByMoments
      })
    guard !copied.factors.isEmpty else { return data }
    let elements = try copied.elements()
    if data.information != nil, elements.count > Self.mostInformedCopies {
      throw PriorError.tooManyCopies(count: elements.count, limit: Self.mostInformedCopies)
    }
    return data.copied(by: elements)
  }

  /// Copies of presets with errors: hundreds of presets of 130 parameters then take a gigabyte or two.
  private static let mostInformedCopies = 16
}

extension EstimationData {
  /// Each row replaced by its images under the elements that apply to it, at equal shares of its weight.
  func copied(by elements: [Symmetry]) -> EstimationData {
    var (values, shares, sources): ([Double], [Double], [Int]) = ([], [], [])
    var copies: [(row: Int, element: Symmetry)] = []
    for row in 0..<rows.rows {
      let theta = rows.row(row)
      let moved = elements.compactMap { element in element.image(of: theta).map { (element, $0.theta) } }
      let images = moved.map(\.1)
      if information != nil { copies += moved.map { (row, $0.0) } }
      values += images.joined()
      let share = (weights?[row] ?? 1) / Double(images.count)
      shares += Array(repeating: share, count: images.count)
      sources += Array(repeating: origins?[row] ?? row, count: images.count)
    }
    var result = self
    result.rows = Matrix(rows: sources.count, columns: rows.columns, values: values)
    result.weights = shares
    result.origins = sources
    result.information = information?.carried(rows: copies.map(\.row)) { place in
      var permutation = LogitPermutation(at: rows.row(copies[place].row))
      permutation.apply(copies[place].element)
      return permutation
    }
    return result
  }
}
