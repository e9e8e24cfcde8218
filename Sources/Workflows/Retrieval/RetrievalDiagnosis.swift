import FXParams
import Inference
public import NumericCore
public import PresetStore
import PriorKit
public import Retrieval

/// Which parameters of a retrieved preset its recording determined, and how well.
///
/// A preset that lies where the loss is greater by half of ``lossUnit`` counts as one standard error away. The
/// errors are those of a posterior: the recording, by the curvature of its loss, beside a Gaussian with the
/// covariance of the prior, or a typical one if there is none. So a parameter that the recording says nothing of
/// keeps that width. ``information`` is what the recording alone says.
public struct RetrievalDiagnosis: Sendable {
  /// Second derivatives of the loss at the preset.
  public let curvature: LossCurvature
  /// Standard deviations of the prior, or typical ones if there is none.
  public let widths: [Double]
  /// Typical standard deviations, the same for all retrievals with a chain.
  public let typicalWidths: [Double]
  /// Standard errors of the logits, at most ``widths``.
  public let standardErrors: [Double]
  /// Twice the rise of the loss over one standard error.
  public let lossUnit: Double

  /// With it two in three logits of sixty retrievals lay within one standard error of the preset that made the
  /// recording (docs/retrieval.md).
  public static let usualLossUnit = 0.5

  /// Brings a curvature to standard errors.
  ///
  /// - Parameters:
  ///   - curvature: of the loss.
  ///   - covariance: of the prior, or a typical one.
  ///   - typicalWidths: typical standard deviations; nil for those of the covariance.
  ///   - lossUnit: positive.
  /// - Throws: `LinearAlgebraError` unless the covariance is positive definite.
  public init(
    _ curvature: LossCurvature, covariance: Matrix, typicalWidths: [Double]? = nil, lossUnit: Double = usualLossUnit
  ) throws {
    precondition(lossUnit > 0, "A loss unit of \(lossUnit)")
    self.curvature = curvature
    self.lossUnit = lossUnit
    let widths = covariance.diagonal.map { $0.squareRoot() }
    (self.widths, self.typicalWidths) = (widths, typicalWidths ?? widths)
    // In units of the widths, so that the sum is well conditioned.
    let whitened = covariance.scalingBoth(by: widths.map { 1 / $0 })
    var precision = try Cholesky(whitened).inverse()
    let information = curvature.matrix.scalingBoth(by: widths)
    for index in precision.values.indices { precision.values[index] += information.values[index] / lossUnit }
    let errors = try Cholesky(precision).inverse().diagonal
    standardErrors = zip(errors, widths).map { $0.squareRoot() * $1 }
  }

  /// The information of a collection of this one preset.
  public var information: PresetInformation {
    var matrix = curvature.matrix
    for index in matrix.values.indices { matrix.values[index] /= lossUnit }
    return PresetInformation(
      matrices: [matrix], standardErrors: Matrix(rows: 1, columns: widths.count, values: standardErrors),
      widths: typicalWidths)
  }

  /// The share of each parameter's prior variance that the recording took away, 0 to 1.
  public var determined: [Double] {
    zip(standardErrors, widths).map { error, width in
      let ratio = error / width
      return max(0, 1 - ratio * ratio)
    }
  }
}

extension PresetRetrieval {
  /// Measures how well the recording determines a preset.
  ///
  /// - Parameters:
  ///   - logits: the preset, one value for each parameter.
  ///   - monitor: is told of every parameter.
  /// - Throws: ``InterruptedError``; `MetricError` for chunks too short to measure.
  public func diagnosis(
    of logits: [Double], monitor: some WorkMonitor = QuietMonitor()
  ) throws -> RetrievalDiagnosis {
    let loss = try RetrievalLoss<Float>(chain: chain, chunks: pair.chunks, threads: threads)
    let pinned = prior?.pinnedPositions ?? []
    let progress = monitor.progress("curvature", total: logits.count - pinned.count)
    defer { progress.finish() }
    var curvature = try monitor.cancellable {
      try LossCurvature(of: loss, at: logits, scales: RetrievalCoordinates.scales(of: chain), fixed: pinned) {
        guard !monitor.isCancelled else {
          throw InterruptedError(
            "Interrupted: the preset is written, its standard errors are not.", remedy: .resume)
        }
        progress.advance()
      }
    }.matrix
    let typical = RetrievalCoordinates.covariance(of: chain)
    var covariance = typical
    if let prior { covariance = try WhiteCoordinates(whitening: prior.distribution).covariance }
    // What is pinned is known: to a thousandth of a typical spread, because no error may be 0.
    for index in pinned {
      covariance[index, index] = typical[index, index]
      curvature[index, index] = 1e6 * RetrievalDiagnosis.usualLossUnit / typical[index, index]
    }
    return try RetrievalDiagnosis(
      LossCurvature(matrix: curvature), covariance: covariance,
      typicalWidths: typical.diagonal.map { $0.squareRoot() })
  }
}
