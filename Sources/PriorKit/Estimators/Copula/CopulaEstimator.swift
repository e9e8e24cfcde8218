public import Distributions
import Foundation
import NumericCore

/// Fits a `Copula` in steps: the marginals column by column, the radial maps block by block, then the dependence.
///
/// The latent distribution has location 0 and free scales: fitted to the deviates of the training presets by the EM
/// of ``StudentTEstimator``. Its degrees of freedom and then the numbers of its shape are those of the highest
/// held-out log likelihood inside the presets given, the marginals and radial maps being fitted to all of these
/// ("inference functions for margins": Joe 2005, doi:10.1016/j.jmva.2004.06.003).
public struct CopulaEstimator: DensityEstimator {
  /// The family of the marginals.
  public enum MarginalKind: String, Sendable, CaseIterable {
    /// A kernel density with Student-t tails; follows any shape.
    case kernel
    /// Four parameters for location, scale, skewness and tails (Jones and Pewsey 2009, doi:10.1093/biomet/asp053).
    case sinhArcsinh = "sinh-arcsinh"
  }

  /// That of every coordinate.
  public let marginals: MarginalKind
  /// Shrinks the latent scatter.
  public let shape: any ScatterShape
  /// Whether the numbers of ``shape`` are taken as they are, instead of as the start of a search.
  public let shapeIsFixed: Bool
  /// nu of the dependence, infinite for a Gaussian copula, or nil to choose it.
  public let degreesOfFreedom: Double?
  /// The share of Student-t tails in kernel marginals, or nil to choose it for each by leave-one-out likelihood.
  public let tailShare: Double?
  /// Whether blocks of at least ``smallestRadialBlock`` coordinates are made radially Gaussian.
  public let radial: Bool

  /// The fewest coordinates of a block that gets a radial map.
  public static let smallestRadialBlock = 8
  /// Fewer different norms than these say nothing about their law.
  private static let fewestRadii = 5
  /// Degrees of freedom to choose among, the last for a Gaussian; the middle one where nothing can be held out.
  private static let degreesOfFreedomCandidates = [6.0, 10, 15, 20, 30, 60, .infinity]
  /// How far the covariance that defines the norm of a block is shrunk to its diagonal.
  private static let radialDiagonalShare = 0.1

  public var name: String {
    "copula-\(marginals.rawValue)-\(degreesOfFreedom == .infinity ? "gaussian" : "student-t")-\(shape.name)"
      + (radial ? "-radial" : "")
  }

  /// Gaps of rows are filled by draws; a radial map, whose block a gap may split, has no marginals.
  public var acceptsAbsentColumns: Bool { !radial }

  /// - Precondition: `degreesOfFreedom` is positive, `tailShare` in (0, 1).
  public init(
    marginals: MarginalKind = .kernel, shape: any ScatterShape = BlockScatter(), shapeIsFixed: Bool = false,
    degreesOfFreedom: Double? = nil, tailShare: Double? = nil, radial: Bool = false
  ) {
    precondition(degreesOfFreedom.map { $0 > 0 } ?? true, "Degrees of freedom must be positive")
    precondition(tailShare.map { $0 > 0 && $0 < 1 } ?? true, "The share of the tails must lie between 0 and 1")
    self.marginals = marginals
    self.shape = shape
    self.shapeIsFixed = shapeIsFixed
    self.degreesOfFreedom = degreesOfFreedom
    self.tailShare = tailShare
    self.radial = radial
  }

  /// - Throws: ``PriorError`` or ``EstimationError`` about the data, and
  ///   ``EstimationError/singularScatter(estimator:count:dimension:)`` if the shape leaves the scatter singular.
  public func fit(_ data: EstimationData) throws -> any Distribution { try estimate(data).distribution }

  public func estimate(_ data: EstimationData) throws -> DensityEstimate {
    try requireAcceptance(of: data)
    if let filled = try FilledRows(data) { return try filled.estimate(estimate(ofComplete:)) }
    return try estimate(ofComplete: data)
  }

  private func estimate(ofComplete data: EstimationData) throws -> DensityEstimate {
    let sample = try WeightedRows(data)
    let fitted = (0..<sample.dimension).map { column in
      let figures = sample.distinct(sample.rows.column(column))
      return fitMarginal(figures.values, weights: figures.weights)
    }
    var deviates = sample.rows
    for row in 0..<sample.count {
      for column in 0..<sample.dimension {
        deviates[row, column] = fitted[column].normalDeviate(of: sample.rows[row, column]).value
      }
    }
    do {
      let radialMaps = radial ? try fitRadialMaps(&deviates, sample) : []
      let dependence = try chooseDependence(
        of: sample.replacingRows(deviates), folds: sample.folds)
      var fit = try StudentTFit(
        sample: dependence.scaled.sample, shape: dependence.shape,
        fixedDegreesOfFreedom: dependence.scaled.degreesOfFreedom, locationIsZero: true)
      try fit.run()
      let distribution = Copula(
        marginals: fitted, radialMaps: radialMaps, scale: dependence.scaled.scale, latent: fit.distribution)
      return DensityEstimate(distribution: distribution, hyperparameters: dependence.hyperparameters)
    } catch LinearAlgebraError.notPositiveDefinite {
      throw EstimationError.singularScatter(estimator: name, count: sample.count, dimension: sample.dimension)
    }
  }

  // MARK: - Dependence

  /// What was chosen of the dependence, and the deviates that it is fitted to.
  private struct Dependence {
    let scaled: ScaledDeviates
    let shape: any ScatterShape

    /// A Gaussian copula has no finite degrees of freedom to record.
    var hyperparameters: [FitRecord.Hyperparameter] {
      shape.hyperparameters
        + (scaled.degreesOfFreedom.isFinite ? [.init("degrees_of_freedom", scaled.degreesOfFreedom)] : [])
    }
  }

  private func chooseDependence(of deviates: WeightedRows, folds: [Fold]) throws -> Dependence {
    func search(_ scaled: ScaledDeviates) -> ScatterSearch {
      ScatterSearch(
        scaled.sample, folds: folds, degreesOfFreedom: scaled.degreesOfFreedom, locationIsZero: true)
    }
    let all = Self.degreesOfFreedomCandidates
    var best = ScaledDeviates(deviates, degreesOfFreedom: degreesOfFreedom ?? all[all.count / 2])
    if degreesOfFreedom == nil {
      var highest = -Double.infinity
      for candidate in all {
        let scaled = ScaledDeviates(deviates, degreesOfFreedom: candidate)
        guard let score = search(scaled).pilotScore, score + scaled.logSlopes > highest else { continue }
        (best, highest) = (scaled, score + scaled.logSlopes)
      }
    }
    let searches = !shapeIsFixed && !shape.candidates(round: 0, blocks: deviates.blocks).isEmpty
    return Dependence(scaled: best, shape: searches ? try search(best).best(from: shape) : shape)
  }

  private func fitMarginal(_ values: [Double], weights: [Double]) -> Marginal {
    switch marginals {
    case .kernel: .kernel(KernelMarginalFit(tailShare: tailShare).fit(values, weights: weights))
    case .sinhArcsinh: .sinhArcsinh(SinhArcsinhFit().fit(values, weights: weights))
    }
  }

  /// A radial map a block, applied to the deviates. A block whose norm has only a few values
  /// gets none.
  private func fitRadialMaps(_ deviates: inout Matrix, _ sample: WeightedRows) throws -> [RadialMap] {
    let all = deviates
    let centre = [Double](repeating: 0, count: sample.dimension)
    let scatter = sample.replacingRows(all).scatter(
      about: centre, weights: sample.weights, total: Double(sample.count))
    let shrunk = BlockScatter(blockShare: 0, diagonalShare: Self.radialDiagonalShare).shaped(scatter, blocks: [])
    var maps: [RadialMap] = []
    for block in sample.blocks where block.count >= Self.smallestRadialBlock {
      let covariance = shrunk.selecting(rows: block, columns: block)
      var white = Matrix(rows: (0..<all.rows).map { row in block.map { all[row, $0] } })
      try Cholesky(covariance).forwardSubstituteRows(&white)
      let logRadii = (0..<all.rows).map { row in 0.5 * Self.logSquare(white.row(row)) }
      guard logRadii.allSatisfy({ $0.isFinite }), Set(logRadii).count >= Self.fewestRadii else { continue }
      let radii = sample.distinct(logRadii)
      let radius = KernelMarginalFit(tailShare: tailShare, normalTailDeviation: RadialMap.width(block.count))
        .fit(radii.values, weights: radii.weights)
      let map = try RadialMap(indices: block, covariance: covariance, radius: radius)
      maps.append(map)
      for row in 0..<all.rows {
        var entries = deviates.row(row)
        guard map.apply(to: &entries) != nil else { continue }
        for index in block { deviates[row, index] = entries[index] }
      }
    }
    return maps
  }

  private static func logSquare(_ vector: [Double]) -> Double { log(vector.reduce(0) { $0 + $1 * $1 }) }
}
