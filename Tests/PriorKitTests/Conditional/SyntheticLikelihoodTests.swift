import Distributions
import Foundation
import NumericCore
import PresetStore
import PriorKit
import TestSupport
import Testing

/// Pairs drawn from one prior, presets from another: what the likelihood is for.
@Suite("Synthetic likelihoods fitted to pairs")
struct SyntheticLikelihoodTests {
  /// Features follow the first two of three parameters; presets have the mean and the deviation given.
  private func pairs(
    _ count: Int, mean: [Double], deviation: Double, noise: Double = 0.5, seed: UInt64
  ) -> PresetCollection {
    var source = RandomSource(seed: seed)
    let theta = Matrix(
      rows: (0..<count).map { _ in (0..<3).map { mean[$0] + deviation * source.nextNormal() } })
    let features = Matrix(
      rows: (0..<count).map { row in
        [
          theta[row, 0] + noise * source.nextNormal(), theta[row, 1] - theta[row, 0] + noise * source.nextNormal(),
          source.nextNormal(),
        ]
      })
    return PresetCollection(
      chain: SimulatedPairs.chain, theta: theta, features: features, featureNames: ["a", "b", "c"])
  }

  private let truth = [1.0, -0.5, 0.3]

  private func prior() throws -> MultivariateNormal {
    try MultivariateNormal(mean: truth, covariance: .diagonal([0.36, 0.36, 0.36]))
  }

  private func fit(_ presets: PresetCollection, _ name: String, real: PresetCollection? = nil) throws
    -> ConditionalPrior
  {
    try ConditionalCatalogue.fitter(
      named: name, candidates: [3], prior: try prior(),
      real: real.map { try ConditionalData(presets: $0, path: "real.h5") }, inflation: 1
    ).fit(presets, path: "pairs.h5")
  }

  private func score(_ prior: ConditionalPrior, _ presets: PresetCollection) throws -> Double {
    let features = try #require(presets.features)
    return try prior.logDensities(parameters: presets.theta, features: features).reduce(0, +)
      / Double(presets.count)
  }

  @Test func thePriorIsThatOfThePresetsWhateverThePairsWere() throws {
    let training = pairs(1200, mean: [0, 0, 0], deviation: 2, seed: 1)
    let held = pairs(300, mean: truth, deviation: 0.6, seed: 2)
    let synthetic = try fit(training, "synthetic-likelihood")
    let found = try score(synthetic, held)
    let unconditional = try prior().logDensities(ofRows: held.theta).reduce(0, +) / 300
    // Two parameters of variance 0.36, seen with noise of variance 0.25.
    #expect(found > unconditional + 0.4, "\(found) over \(unconditional)")
    // What is fitted to the pairs takes their prior for that of the presets.
    #expect(try found > score(fit(training, "kernel-ridge"), held) + 0.2)
    let features = try #require(held.features)
    let (own, mean) = try (0..<300).reduce((0.0, 0.0)) { sums, row in
      let given = try synthetic.prior(given: features.row(row)).mean
      let error = { (point: [Double]) in zip(point, held.theta.row(row)).reduce(0) { $0 + pow($1.0 - $1.1, 2) } }
      return (sums.0 + error(given), sums.1 + error(truth))
    }
    #expect(own < 0.75 * mean)
    let names = try #require(synthetic.record).hyperparameters.map(\.name)
    #expect(names.suffix(3) == ["directions", "inflation", "components"])
  }

  @Test func realPairsSayHowFarToTrustIt() throws {
    let training = pairs(1200, mean: [0, 0, 0], deviation: 2, seed: 1)
    // In reality features are eight times as noisy as simulated.
    let real = pairs(300, mean: truth, deviation: 0.6, noise: 4, seed: 3)
    let held = pairs(300, mean: truth, deviation: 0.6, noise: 4, seed: 4)
    let (naive, informed) = (
      try fit(training, "synthetic-likelihood"), try fit(training, "synthetic-likelihood", real: real)
    )
    #expect(try score(informed, held) > score(naive, held) + 0.1)
    let unconditional = try prior().logDensities(ofRows: held.theta).reduce(0, +) / 300
    #expect(try score(informed, held) > unconditional)
  }

  @Test func withoutAPriorOneIsFittedToThePairs() throws {
    let training = pairs(600, mean: truth, deviation: 0.6, seed: 1)
    let held = pairs(200, mean: truth, deviation: 0.6, seed: 2)
    let fitter = try ConditionalCatalogue.fitter(named: "synthetic-likelihood", candidates: [3], inflation: 1)
    let conditional = try fitter.fit(training, path: "pairs.h5")
    let unconditional = try fitter.unconditional.fit(training, path: "pairs.h5")
    #expect(try score(conditional, held) > score(unconditional, held) + 0.3)
    #expect(try unconditional.prior(given: [0, 0, 0]).distribution is StudentT)
  }

  @Test func filesGiveTheSamePosterior() throws {
    let folder = try Scratch()
    let fitted = try fit(pairs(200, mean: truth, deviation: 0.6, seed: 1), "synthetic-likelihood")
    let path = folder.file("c.h5")
    try ConditionalPriorFile.write(
      fitted, to: path, provenance: Provenance(arguments: ["test"]), overwrite: false)
    let back = try ConditionalPriorFile.read(path)
    let (first, second) = (try fitted.prior(given: [1, 0.2, 0]), try back.prior(given: [1, 0.2, 0]))
    #expect(first.mean == second.mean && first.logDensity(at: truth) == second.logDensity(at: truth))
    let inside = folder.file("p.h5")
    try PriorFile.write(second, to: inside, provenance: Provenance(arguments: ["test"]), overwrite: false)
    #expect(try PriorFile.read(inside).logDensity(at: truth) == first.logDensity(at: truth))
  }
}
