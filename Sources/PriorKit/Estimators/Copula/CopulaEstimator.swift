import NumericCore

/// Fits a ``Copula`` in two steps: the marginals column by column, then the dependence of their deviates.
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

  public var name: String {
    "copula-\(marginals.rawValue)-\(degreesOfFreedom.isFinite ? "student-t" : "gaussian")-\(shape.name)"
  }

  public init(
    marginals: MarginalKind = .kernel, shape: any ScatterShape = FactorBlockScatter(),
    degreesOfFreedom: Double = 30,
    tailShare: Double? = nil
  ) {
    precondition(degreesOfFreedom > 0, "A copula with \(degreesOfFreedom) degrees of freedom")
    precondition(tailShare.map { $0 > 0 && $0 < 1 } ?? true, "The share of the tails must lie between 0 and 1")
    self.marginals = marginals
    self.shape = shape
    self.degreesOfFreedom = degreesOfFreedom
    self.tailShare = tailShare
  }

  /// - Throws: ``PriorError`` or ``EstimationError`` about the data, and
  ///   ``EstimationError/singularScatter(estimator:count:dimension:)`` if the shape leaves the scatter singular.
  public func fit(_ data: EstimationData) throws -> any Density {
    let sample = try WeightedRows(data)
    let fitted = (0..<sample.dimension).map { fitMarginal(sample.rows.column($0), weights: sample.weights) }
    let scale = StudentTScale(degreesOfFreedom: degreesOfFreedom)
    var deviates = sample.rows
    for row in 0..<sample.count {
      for column in 0..<sample.dimension {
        let z = fitted[column].normalDeviate(of: sample.rows[row, column]).value
        deviates[row, column] = scale.value(ofNormalDeviate: z).value
      }
    }
    do {
      var fit = try StudentTFit(
        sample: sample.replacingRows(deviates), shape: shape, fixedDegreesOfFreedom: degreesOfFreedom,
        locationIsZero: true)
      try fit.run()
      return Copula(marginals: fitted, scale: scale, latent: fit.distribution)
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
}
