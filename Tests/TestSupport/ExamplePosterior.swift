import FXParams
import Foundation
public import Inference
import NumericCore
import PresetStore
import PriorKit

/// Draws that look like a posterior, made from the prior of the presets in `data/`: autoregressive chains, narrower
/// than the prior in every third parameter, with the statistics of a Hamiltonian sampler.
public enum ExamplePosterior {
  public static func draws(
    chains: Int = 4, draws count: Int = 200, warmUp: Int = 50, correlation: Double = 0.3, seed: UInt64 = 1
  ) throws -> PosteriorDraws {
    let prior = try GaussianEstimator.unbiased.fit(PresetFile.read(DefaultData.file("presets.h5").path))
    let centre = prior.mean
    /// Every third parameter is known four times better than before, and elsewhere.
    func isInformed(_ parameter: Int) -> Bool { parameter % 3 == 0 }

    func chain(_ number: Int, count: Int, from start: Int) -> MarkovChainDraws {
      let innovations = prior.samples(start..<start + count, seed: seed + UInt64(number) + 1, threads: 1)
      let fresh = (1 - correlation * correlation).squareRoot()
      var state = [Double](repeating: 0, count: centre.count)
      var logits = Matrix(rows: count, columns: centre.count)
      var logLikelihood: [Double] = []
      for row in 0..<count {
        var misfit = 0.0
        for column in centre.indices {
          let step = innovations[row, column] - centre[column]
          state[column] = row == 0 ? step : correlation * state[column] + fresh * step
          let informed = isInformed(column)
          logits[row, column] = centre[column] + (informed ? 0.3 + 0.25 * state[column] : state[column])
          if informed { misfit += state[column] * state[column] }
        }
        logLikelihood.append(-0.02 * misfit)
      }
      let logPrior = prior.logDensities(ofRows: logits)
      let density = zip(logPrior, logLikelihood).map(+)
      var source = RandomSource(seed: seed + 1000 + UInt64(number))
      return MarkovChainDraws(
        logits: logits,
        statistics: [
          MarkovChainDraws.lp: density, MarkovChainDraws.energy: density.map { -$0 + 65 + 8 * source.nextNormal() },
          MarkovChainDraws.diverging: (0..<count).map { $0 == 7 && number == 1 ? 1 : 0 },
          "acceptance_rate": (0..<count).map { _ in 0.7 + 0.3 * source.nextUniform() },
          "step_size": Array(repeating: 0.21, count: count), "tree_depth": Array(repeating: 4, count: count),
          "n_steps": Array(repeating: 15, count: count),
        ], logPrior: logPrior, logLikelihood: logLikelihood)
    }
    return PosteriorDraws(
      chain: prior.chain, chains: (0..<chains).map { chain($0, count: count, from: 10_000) },
      warmUp: warmUp == 0 ? [] : (0..<chains).map { chain($0, count: warmUp, from: 0) },
      priorDraws: prior.samples(0..<500, seed: seed, threads: 1), sampler: "nuts",
      settings: ["target_acceptance": "0.8", "warmup": "\(warmUp)"], alpha: 0.1,
      observed: ["mid": (0..<100).map { Double($0) / 100 }, "side": (0..<100).map { 1 - Double($0) / 100 }],
      elapsedSeconds: 12.5, paretoShape: 0.4,
      lossTraces: (0..<3).map(losses))
  }

  /// Losses that fall from about 3.
  private static func losses(start: Int) -> [Double] {
    (0..<60).map { step in 3 / (1 + 0.1 * Double(step)) + 0.1 * Double(start) }
  }
}

extension PosteriorDraws {
  /// The same draws under a prior that fixes some parameters, by position.
  public func fixing(_ positions: [Int]) -> PosteriorDraws {
    var result = self
    result.pinnedPositions = positions
    for position in positions {
      for chain in chains.indices {
        for row in 0..<drawCount { result.chains[chain].logits[row, position] = 0.25 }
        for row in 0..<(warmUp.isEmpty ? 0 : warmUp[chain].count) {
          result.warmUp[chain].logits[row, position] = 0.25
        }
      }
      for row in 0..<(priorDraws?.rows ?? 0) { result.priorDraws?[row, position] = 0.25 }
    }
    return result
  }
}
