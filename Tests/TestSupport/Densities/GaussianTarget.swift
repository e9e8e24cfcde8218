import Foundation
public import Inference
public import NumericCore
import PresetStore
import PriorKit
import Testing

/// A multivariate normal as a target.
public final class GaussianTarget: SampledDensity, Sendable {
  public let name: String
  public let distribution: MultivariateNormal

  public init(_ distribution: MultivariateNormal, name: String) {
    self.distribution = distribution
    self.name = name
  }

  public var dimension: Int { distribution.dimension }
  public var mean: [Double] { distribution.mean }
  public var variance: [Double] { (0..<dimension).map { distribution.covariance[$0, $0] } }
  public var mode: [Double] { mean }

  public func evaluate(at theta: [Double], gradient: inout [Double]) -> DensityEvaluation {
    DensityEvaluation(value: distribution.logDensity(at: theta, score: &gradient))
  }

  public func sample(using source: inout RandomSource) -> [Double] { distribution.sample(using: &source) }

  // MARK: - Priors of 130 parameters

  /// The prior of the presets in `data/`.
  public static func ofDefaultPresets() throws -> GaussianTarget {
    try GaussianTarget(fittedTo: PresetFile.read(DefaultData.file("presets.h5").path), name: "prior of 130")
  }

  /// The prior of the published presets, which are beside the project (``Reference``): the mean and covariance of
  /// DiffVox.
  public static func ofPublishedPresets() throws -> GaussianTarget {
    let presets = try DiffVoxImport.read(folder: Reference.path("diffvox/internal"), selection: .train)
    return try GaussianTarget(fittedTo: presets, name: "DiffVox prior")
  }

  private convenience init(fittedTo presets: PresetCollection, name: String) throws {
    let fitted = try #require(try GaussianEstimator.unbiased.fit(presets).gaussian)
    self.init(fitted, name: name)
  }
}
