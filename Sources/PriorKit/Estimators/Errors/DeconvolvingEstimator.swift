public import Distributions
import NumericCore

/// A Gaussian of presets as they are, fitted to presets as they were found: the errors of each preset, which it
/// needs (`EstimationData.information`), are taken out of the covariance.
///
/// For presets that scatter about the truth by their errors, as maxima of a likelihood do. EM of
/// `DeconvolutionFit`. Neither the strength of the prior nor the shape is chosen by rows held out: these are
/// alike where nothing is known of them, which held out looks like knowledge. Presets that are estimates under a
/// prior, or of a search that stops early, are for ``WideningEstimator``.
public struct DeconvolvingEstimator: DensityEstimator {
  /// Shrinks the covariance in every step.
  public let shape: any ScatterShape
  /// Rows that the prior of the covariance counts as.
  public let strength: Double

  /// `deconvolved-` and the name of the shape.
  public var name: String { "deconvolved-\(shape.name)" }
  public var needsInformation: Bool { true }

  /// - Precondition: the strength is positive.
  public init(shape: any ScatterShape = BlockScatter(blockShare: 0.8, diagonalShare: 0.1), strength: Double = 10) {
    precondition(strength > 0, "A strength of \(strength)")
    (self.shape, self.strength) = (shape, strength)
  }

  public func fit(_ data: EstimationData) throws -> any Distribution { try estimate(data).distribution }

  /// - Throws: ``PriorError`` for data that no estimator can use, and for presets without information.
  public func estimate(_ data: EstimationData) throws -> DensityEstimate {
    let (sample, fit) = try fitDeconvolution(data)
    return DensityEstimate(
      distribution: try sample.normal(mean: fit.mean, covariance: fit.covariance, names: data.names),
      hyperparameters: shape.hyperparameters + [
        .init("prior_rows", strength), .init("steps", Double(fit.objectives.count)),
      ])
  }

  /// The objective of EM before each step, in nats per preset.
  package func objectives(of data: EstimationData) throws -> [Double] { try fitDeconvolution(data).fit.objectives }

  private func fitDeconvolution(_ data: EstimationData) throws -> (sample: InformedRows, fit: DeconvolutionFit) {
    let sample = try InformedRows(data, estimator: name)
    var fit = try DeconvolutionFit(sample, shape: shape, strength: strength)
    try fit.run()
    return (sample, fit)
  }
}
