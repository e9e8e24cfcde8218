import NumericCore

/// Fits a multivariate Student-t by EM, with the degrees of freedom estimated or given.
///
/// E step: u_i = (nu + D) / (nu + q_i). M step: location = sum w u x / sum w u, scatter = shape of
/// sum w u (x - location)(x - location)^T / sum w u, then nu maximises the likelihood itself (ECME: Liu and Rubin
/// 1995, "ML estimation of the t distribution using EM and its extensions, ECM and ECME", Statistica Sinica 5; the
/// division by sum w u rather than by N is the parameter expansion of Kent, Tyler and Vardi, 1994,
/// doi:10.1080/03610919408813180, which has the same fixed point and reaches it in fewer steps).
/// Without a shape the likelihood never decreases; a shape replaces the maximum over scatters by a shrunk one.
public struct StudentTEstimator: MomentEstimator {
  public let shape: any ScatterShape
  /// nu, or nil to estimate it within ``degreesOfFreedomRange``.
  public let degreesOfFreedom: Double?

  public var name: String { "student-t-\(shape.name)" }

  /// Above 1 so that there is a mean; at the upper end the density is normal for all purposes.
  public static let degreesOfFreedomRange = 1.0...1e4

  public init(shape: any ScatterShape = BlockScatter(), degreesOfFreedom: Double? = nil) {
    precondition(degreesOfFreedom.map { $0 > 0 } ?? true, "Degrees of freedom must be positive")
    self.shape = shape
    self.degreesOfFreedom = degreesOfFreedom
  }

  /// - Throws: ``PriorError`` or ``EstimationError`` about the data, and
  ///   ``EstimationError/singularScatter(estimator:count:dimension:)`` if the shape leaves the scatter singular.
  public func fit(_ data: EstimationData) throws -> any Density { try fitStudentT(data).density }

  /// The density with the log-likelihood, in nats per preset, after each step.
  package func fitStudentT(_ data: EstimationData) throws -> (density: StudentT, logLikelihoods: [Double]) {
    let sample = try WeightedRows(data)
    do {
      var fit = try StudentTFit(
        sample: sample, shape: shape, fixedDegreesOfFreedom: degreesOfFreedom, locationIsZero: false)
      try fit.run()
      return (StudentT(fit.distribution), fit.logLikelihoods)
    } catch LinearAlgebraError.notPositiveDefinite {
      throw EstimationError.singularScatter(estimator: name, count: sample.count, dimension: sample.dimension)
    }
  }
}
