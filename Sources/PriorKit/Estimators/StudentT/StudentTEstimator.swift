public import Distributions
import NumericCore

/// Fits a multivariate Student-t by EM, with the degrees of freedom estimated or given.
///
/// E step: u_i = (nu + D) / (nu + q_i). M step: location = sum w u x / sum w u, scatter = shape of
/// sum w u (x - location)(x - location)^T / sum w u, then nu maximises the likelihood itself (ECME: Liu and Rubin
/// 1995, "ML estimation of the t distribution using EM and its extensions, ECM and ECME", Statistica Sinica 5; the
/// division by sum w u rather than by N is the parameter expansion of Kent, Tyler and Vardi, 1994,
/// doi:10.1080/03610919408813180, which has the same fixed point and reaches it in fewer steps).
/// Without a shape the likelihood never decreases; a shape replaces the maximum over scatters by a shrunk one, with
/// the numbers of the highest held-out log likelihood inside the presets given. Presets that lack parameters are
/// fitted by EM over what they lack (`PartialFit`), and held-out ones scored by the density of what they have.
public struct StudentTEstimator: MomentEstimator {
  /// Shrinks the scatter in every M step.
  public let shape: any ScatterShape
  /// Whether the numbers of ``shape`` are taken as they are, instead of as the start of a search.
  public let shapeIsFixed: Bool
  /// nu, or nil to estimate it within ``degreesOfFreedomRange``.
  public let degreesOfFreedom: Double?

  /// `student-t-` and the name of the shape.
  public var name: String { "student-t-\(shape.name)" }

  /// Rows that lack columns are fitted by EM.
  public var acceptsAbsentColumns: Bool { true }

  /// Above 1 so that there is a mean; at the upper end the density is normal for all purposes.
  public static let degreesOfFreedomRange = 1.0...1e4

  /// - Precondition: `degreesOfFreedom` is positive.
  public init(
    shape: any ScatterShape = BlockScatter(), shapeIsFixed: Bool = false, degreesOfFreedom: Double? = nil
  ) {
    precondition(degreesOfFreedom.map { $0 > 0 } ?? true, "Degrees of freedom must be positive")
    self.shape = shape
    self.shapeIsFixed = shapeIsFixed
    self.degreesOfFreedom = degreesOfFreedom
  }

  /// - Throws: ``PriorError`` or ``EstimationError`` about the data, and
  ///   ``EstimationError/singularScatter(estimator:count:dimension:)`` if the shape leaves the scatter singular.
  public func fit(_ data: EstimationData) throws -> any Distribution { try fitStudentT(data).distribution }

  /// The distribution with the numbers of its shape and nu; throws as ``fit(_:)``.
  public func estimate(_ data: EstimationData) throws -> DensityEstimate {
    let fit = try fitStudentT(data)
    return DensityEstimate(
      distribution: fit.distribution,
      hyperparameters: fit.shape.hyperparameters
        + [.init("degrees_of_freedom", fit.distribution.distribution.degreesOfFreedom)]
        + (try PartialRows(lackingIn: data)?.hyperparameters ?? []))
  }

  /// The distribution with its shape and the log-likelihood, in nats per preset, after each step.
  package func fitStudentT(
    _ data: EstimationData
  ) throws -> (distribution: StudentT, shape: any ScatterShape, logLikelihoods: [Double]) {
    if let rows = try PartialRows(lackingIn: data) {
      let fit = try fit(of: rows)
      return (StudentT(fit.distribution), fit.shape, fit.logLikelihoods)
    }
    let sample = try WeightedRows(data)
    do {
      let shape = try shapeIsFixed ? shape : searchedShape(sample)
      var fit = try StudentTFit(
        sample: sample, shape: shape, fixedDegreesOfFreedom: degreesOfFreedom, locationIsZero: false)
      try fit.run()
      return (StudentT(fit.distribution), shape, fit.logLikelihoods)
    } catch LinearAlgebraError.notPositiveDefinite {
      throw EstimationError.singularScatter(estimator: name, count: sample.count, dimension: sample.dimension)
    }
  }

  /// The fit to rows that lack columns.
  private func fit(of rows: PartialRows) throws -> PartialFit {
    if shape is FreeScatter, let (first, second) = rows.unseenPairs().first {
      throw EstimationError.neverTogether(first: rows.names[first], second: rows.names[second], estimator: name)
    }
    do {
      let isSearched = !shapeIsFixed && !shape.candidates(round: 0, blocks: rows.blocks).isEmpty
      let shape =
        try isSearched ? ScatterSearch(rows, degreesOfFreedom: degreesOfFreedom).best(from: shape) : shape
      var fit = try PartialFit(sample: rows, shape: shape, fixedDegreesOfFreedom: degreesOfFreedom)
      try fit.run()
      return fit
    } catch LinearAlgebraError.notPositiveDefinite {
      throw EstimationError.singularScatter(estimator: name, count: rows.count, dimension: rows.dimension)
    }
  }

  private func searchedShape(_ sample: WeightedRows) throws -> any ScatterShape {
    // A shape without candidates needs no folds.
    guard !shape.candidates(round: 0, blocks: sample.blocks).isEmpty else { return shape }
    let search = ScatterSearch(
      sample, folds: sample.folds, degreesOfFreedom: degreesOfFreedom, locationIsZero: false)
    return try search.best(from: shape)
  }
}
