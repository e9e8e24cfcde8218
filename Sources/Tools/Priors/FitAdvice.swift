import Foundation
import NumericCore
import PresetStore
import PriorKit
import Workflows

/// What `fit` says of other families than the published one, where a look costs less than a second.
struct FitAdvice {
  let path: String
  let seed: UInt64
  let threads: Int

  /// Larger collections are left to `compare`.
  private static let (largestCount, largestDimension) = (2000, 200)
  private static let folds = 5
  /// Families that fit in milliseconds, of which one is near the best of all as a rule.
  private static let candidates: [any DensityEstimator] = [RidgeEstimator(), FactorAnalysisEstimator()]
  /// Nats per preset, and standard errors, from which on another family is worth a sentence.
  private static let (neededGain, neededErrors) = (0.5, 3.0)

  /// A sentence for someone who fitted the published family without asking for it.
  func sentence(on collection: PresetCollection) -> String {
    let pointer = "\(Provenance.commandLine(["priorkit", "compare", path])) scores all families on held-out presets"
    guard collection.count <= Self.largestCount, collection.dimension <= Self.largestDimension else {
      return pointer + ", and --family auto takes the best."
    }
    guard let table = try? table(of: collection),
      let best = table.rows.first(where: { $0.mean != nil && $0.name != Fit.published })
    else { return pointer + "." }
    guard let gain = best.difference else {
      return "\(Fit.published) cannot be fitted to four fifths of these presets, and --family \(best.name) can: "
        + pointer + "."
    }
    guard gain.mean >= Self.neededGain, gain.mean > Self.neededErrors * (gain.standardError ?? .infinity) else {
      return "Two other families gain nothing on held-out presets: " + pointer + "."
    }
    return "On held-out presets --family \(best.name) gains \(String(format: "%.1f", gain.mean)) nats per preset "
      + "over \(Fit.published): " + pointer + "."
  }

  private func table(of collection: PresetCollection) throws -> ComparisonTable {
    let estimators = [GaussianEstimator.unbiased as any DensityEstimator] + Self.candidates
    let folds = try FoldAssignment(
      presets: collection.count, folds: min(Self.folds, collection.count), seed: seed)
    let comparison = Comparison(estimators, data: try EstimationData(presets: collection), folds: folds)
    let run = ComparisonRun(comparison, checkpoint: nil, threads: threads)
    return try ComparisonTable(
      comparison, outcomes: run.outcomes(), splits: 0..<folds.count,
      baseline: Fit.published)
  }
}
