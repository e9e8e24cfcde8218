import Distributions
import Foundation
import NumericCore
import PresetStore
import PriorKit
import TestSupport
import Testing

/// What the Gaussian estimators are for: real presets that they have not seen.
@Suite(.enabled(if: Reference.isAvailable, Comment(rawValue: Reference.absence)))
struct HeldOutTests {
  /// Nats per preset above the published recipe: in ten random folds of the 365 training presets, and on the 70 of
  /// MedleyDB.
  @Test func gainsOverThePublishedRecipe() throws {
    let train = try DiffVoxImport.read(folder: Reference.path("diffvox/internal"), selection: .train)
    let medley = try DiffVoxImport.read(folder: Reference.path("diffvox/medleydb"))
    let data = try EstimationData(presets: train)
    #expect(train.count == 365 && medley.count == 70)

    var source = RandomSource(seed: 1)
    let order = (0..<train.count).shuffled(using: &source)
    let folds = (0..<10).map { fold in order.indices.filter { $0 % 10 == fold }.map { order[$0] } }
    func folded(_ estimator: any DensityEstimator) throws -> Double {
      try folds.reduce(0.0) { sum, heldOut in
        let kept = Set(heldOut)
        var part = data
        part.rows = data.rows.selecting(rows: (0..<train.count).filter { !kept.contains($0) })
        return sum
          + (try estimator.fit(part).logDensities(ofRows: data.rows.selecting(rows: heldOut)).reduce(0, +))
      } / Double(train.count)
    }
    func transferred(_ estimator: any DensityEstimator) throws -> Double {
      try estimator.fit(data).logDensities(ofRows: medley.theta).reduce(0, +) / Double(medley.count)
    }

    let published = (try folded(GaussianEstimator.unbiased), try transferred(GaussianEstimator.unbiased))
    print("published recipe: \(published.0) in folds, \(published.1) on MedleyDB")
    #expect(abs(published.0 + 211.7) < 6 && abs(published.1 + 365.2) < 0.1)
    var gains: [String: (folds: Double, medley: Double)] = [:]
    for estimator in GaussianEstimators.all + [InverseWishartEstimator()] where estimator.name != "published" {
      let clock = ContinuousClock()
      var chosen: [FitRecord.Hyperparameter] = []
      let time = try clock.measure { chosen = try estimator.estimate(data).hyperparameters }
      let gain = (folds: try folded(estimator) - published.0, medley: try transferred(estimator) - published.1)
      gains[estimator.name] = gain
      let numbers = chosen.map { "\($0.name) \(String(format: "%.3g", $0.value))" }.joined(separator: ", ")
      print(
        estimator.name.padding(toLength: 26, withPad: " ", startingAt: 0)
          + String(format: "%+8.1f %+8.1f  ", gain.folds, gain.medley) + "\(time)  \(numbers)")
    }
    #expect(try #require(gains["ridge"]).folds > 24)
    #expect(try #require(gains["nonlinear-standardised"]).folds >= 30)
    #expect(try #require(gains["blocks"]).folds >= 36)
    #expect(try #require(gains["graphical-lasso"]).folds >= 36)
    #expect(try #require(gains["inverse-wishart"]).folds >= 30)
    #expect(try #require(gains["graphical-lasso"]).medley >= 130)
    #expect(try #require(gains["ledoit-wolf"]).medley >= 130)
  }
}
