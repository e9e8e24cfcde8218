import Foundation
import PriorKit
import TestSupport
import Testing

/// What the families score on held-out published presets, in nats a preset above the published recipe.
@Suite(
  .serialized, .enabled(if: Reference.isAvailable, Comment(rawValue: Reference.absence)))
struct PublishedPresetScoreTests {
  static let folds = ProcessInfo.processInfo.environment["PRIORKIT_FOLDS"].flatMap(Int.init) ?? 5

  /// With 5 folds the training parts are smaller than with the 10 of the demands: the recipe loses more by that.
  @Test(
    arguments: [
      (StudentTEstimator() as any DensityEstimator, 50.0, 165.0),
      (StudentTEstimator(shape: FactorBlockScatter()), 50, 165),
      (CopulaEstimator(marginals: .sinhArcsinh, shape: BlockScatter()), 66, 180),
      (CopulaEstimator(shape: BlockScatter()), 70, 188),
      (CopulaEstimator(), 70, 188),
      (CopulaEstimator(shape: BlockScatter(), radial: true), 72, 192),
      (CopulaEstimator(radial: true), 72, 192),
    ])
  func heldOutPresets(_ demand: (estimator: any DensityEstimator, crossValidated: Double, medley: Double)) throws {
    let presets = try PublishedPresets()
    let start = ContinuousClock.now
    let crossValidated = try presets.crossValidate(demand.estimator, folds: Self.folds)
    let elapsed = start.duration(to: .now)
    let medley = try presets.gainOnMedley(demand.estimator)
    print("\(demand.estimator.name): \(Self.folds) folds \(crossValidated), MedleyDB \(medley), \(elapsed)")
    #expect(crossValidated >= demand.crossValidated && medley >= demand.medley)
  }
}
