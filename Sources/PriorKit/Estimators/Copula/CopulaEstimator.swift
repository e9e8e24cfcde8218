import Foundation
import NumericCore

/// Fits a ``Copula`` in steps: the marginals column by column, the radial maps block by block, then the dependence.
///
/// The latent density has location 0 and free scales: fitted to the deviates of the training presets by the EM of
/// ``StudentTEstimator``, with the degrees of freedom given.
public struct CopulaEstimator: DensityEstimator {
  public enum MarginalKind: String, Sendable, CaseIterable {
    case kernel
    case sinhArcsinh = "sinh-arcsinh"
  }

  public let marginals: MarginalKind
  public let shape: any ScatterShape
  /// nu of the dependence; infinite for a Gaussian copula.
  public let degreesOfFreedom: Double
  /// The share of Student-t tails in kernel marginals, or nil to choose it for each by leave-one-out likelihood.
  public let tailShare: Double?
  /// Whether blocks of at least ``smallestRadialBlock`` coordinates are made radially Gaussian.
  public let radial: Bool

  public static let smallestRadialBlock = 8
  /// How far the covariance that defines the norm of a block is shrunk to its diagonal.
  private static let radialDiagonalShare = 0.1

  public var name: String {
    "copula-\(marginals.rawValue)-\(degreesOfFreedom.isFinite ? "student-t" : "gaussian")-\(shape.name)"
      + (radial ? "-radial" : "")
  }

  public init(
    marginals: MarginalKind = .kernel, shape: any ScatterShape = BlockScatter(),
    degreesOfFreedom: Double = 30,
    tailShare: Double? = nil, radial: Bool = false
  ) {
    precondition(degreesOfFreedom > 0, "A copula with \(degreesOfFreedom) degrees of freedom")
    precondition(tailShare.map { $0 > 0 && $0 < 1 } ?? true, "The share of the tails must lie between 0 and 1")
    self.marginals = marginals
    self.shape = shape
    self.degreesOfFreedom = degreesOfFreedom
    self.tailShare = tailShare
    self.radial = radial
  }

  /// - Throws: ``PriorError`` or ``EstimationError`` about the data, and
  ///   ``EstimationError/singularScatter(estimator:count:dimension:)`` if the shape leaves the scatter singular.
  public func fit(_ data: EstimationData) throws -> any Density {
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
    let radialMaps = radial ? try fitRadialMaps(&deviates, sample) : []
    let scale = StudentTScale(degreesOfFreedom: degreesOfFreedom)
    for index in deviates.values.indices {
      deviates.values[index] = scale.value(ofNormalDeviate: deviates.values[index]).value
    }
    do {
      var fit = try StudentTFit(
        sample: sample.replacingRows(deviates), shape: shape, fixedDegreesOfFreedom: degreesOfFreedom,
        locationIsZero: true)
      try fit.run()
      return Copula(marginals: fitted, radialMaps: radialMaps, scale: scale, latent: fit.distribution)
    } catch LinearAlgebraError.notPositiveDefinite {
      throw EstimationError.singularScatter(estimator: name, count: sample.count, dimension: sample.dimension)
    }
  }

  private func fitMarginal(_ values: [Double], weights: [Double]) -> Marginal {
    switch marginals {
    case .kernel: .kernel(KernelMarginalFit(tailShare: tailShare).fit(values, weights: weights))
    case .sinhArcsinh: .sinhArcsinh(SinhArcsinhFit().fit(values, weights: weights))
    }
  }

  /// A radial map a block, applied to the deviates. A block whose norm is the same for all presets gets none.
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
      guard logRadii.allSatisfy({ $0.isFinite }), Set(logRadii).count > 1 else { continue }
      let radii = sample.distinct(logRadii)
      let radius = KernelMarginalFit(tailShare: tailShare).fit(radii.values, weights: radii.weights)
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
