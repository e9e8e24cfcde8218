import ArgumentParser
import AudioFiles
import Foundation
import Inference
import NumericCore
import PriorKit
import Statistics
import TransferSetting

/// Whether posteriors hold what made the sound: transfers whose hidden presets are drawn from the prior.
@main
struct PosteriorCoverage: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Count how often hidden presets lie in their posterior's intervals.",
    discussion: """
      EXAMPLE:
        swift run -c release --package-path Experiments PosteriorCoverage prior.h5 vocal.wav

      Each transfer hides a draw of the prior: the vocal through it is cut as by TransferTable, and the posterior of
      the preset given its even segments, and the odd ones of the dry vocal, is drawn from by Hamiltonian Monte
      Carlo. One line per transfer: the share of parameters whose hidden value lies between the 5 % and 95 %
      quantiles of the draws, the share of R-hat below 1.01, the median and the 5 % quantile of bulk ESS, seconds.
      Last the share over all.
      """)

  @Argument(help: "The prior file.") var prior: String
  @Argument(help: "The dry vocal.") var vocal: String
  @Option(help: "Transfers.") var transfers = 10
  @Option(help: "Weight of the prior.") var alpha = 0.1
  @Option(help: "Length of a segment in seconds.") var segmentSeconds = 1.5
  @Option(help: "Chains of each posterior.") var chains = 2
  @Option(help: "Iterations before the draws.") var warmUp = 60
  @Option(help: "Draws of a chain.") var draws = 200
  @Option(help: "Length of a path.") var pathLength = 1.6
  @Option(help: "The mean acceptance that steps are adapted to.") var targetAcceptance = 0.65
  @Option(help: "Seed.") var seed: UInt64 = 0
  @Option(help: "Threads.") var threads = 2

  func run() throws {
    let prior = try PriorFile.read(prior)
    let dry = try AudioReader.read(path: vocal).mono().resampled(to: prior.chain.sampleRate)
      .normalised(toLUFS: -18, source: vocal)
    let bench = try TransferBench(prior: prior, dry: dry, segmentSeconds: segmentSeconds, threads: 1)
    print("transfer\tinside_90\trhat_below_1.01\tess_median\tess_5\tseconds")
    var inside = 0
    for transfer in 0..<transfers {
      let begin = Date()
      var source = RandomSource(seed: seed, stream: UInt64(transfer))
      let hidden = prior.sample(using: &source)
      let drawn = try draw(bench: bench, wet: bench.render(hidden), prior: prior, seed: seed + UInt64(transfer))
      let held = zip(hidden, drawn).count { value, draws in
        let quantiles = SortedQuantiles(draws.pooled)
        return quantiles.value(at: 0.05) <= value && value <= quantiles.value(at: 0.95)
      }
      inside += held
      let converged = drawn.count { ($0.rHat ?? .infinity) < 1.01 }
      let sizes = drawn.map { $0.bulkESS ?? 0 }.sorted()
      let line = [
        "\(transfer)", share(held, hidden.count), share(converged, hidden.count),
        String(format: "%.0f", sizes[sizes.count / 2]), String(format: "%.0f", sizes[sizes.count / 20]),
        String(format: "%.0f", Date().timeIntervalSince(begin)),
      ].joined(separator: "\t")
      // Not buffered: a run is worth reading before the last one ends.
      FileHandle.standardOutput.write(Data((line + "\n").utf8))
    }
    print("all\t" + share(inside, transfers * prior.dimension))
  }

  private func share(_ part: Int, _ whole: Int) -> String { String(format: "%.3f", Double(part) / Double(whole)) }

  /// The draws of every logit.
  private func draw(
    bench: TransferBench, wet: AudioBuffer, prior: Prior, seed: UInt64
  ) throws -> [ScalarDraws] {
    let (references, inputs) = try bench.segments(of: wet)
    let weights = ObjectiveWeights.posterior(effectiveObservations: 1 / alpha)
    @Sendable func makeDensity() throws -> StylePosterior {
      try StylePosterior(prior: prior, encoder: .mfcc, references: references, inputs: inputs, weights: weights)
    }
    let white = try WhiteCoordinates(whitening: prior.distribution)
    let sampling = MarkovChainSampling(
      sampler: HamiltonianMonteCarlo(targetAcceptance: targetAcceptance, pathLength: pathLength), chains: chains,
      warmUp: warmUp, draws: draws, seed: seed, threads: threads)
    let histories = try sampling.run(
      coordinates: white, start: { prior.sample(using: &$0) }, makeDensity: makeDensity)
    let found = histories.map { $0.draws(warmUp..<warmUp + draws, coordinates: white).logits }
    return (0..<prior.dimension).map { position in
      ScalarDraws(chains: found.map { chain in (0..<draws).map { chain[$0, position] } })
    }
  }
}
