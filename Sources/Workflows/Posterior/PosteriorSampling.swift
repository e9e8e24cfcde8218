import Foundation
public import Inference
import NumericCore
import PriorKit

/// Draws presets by their plausibility, with any of the samplers.
public struct PosteriorSampling: Sendable {
  /// What is drawn from.
  public var target: PosteriorTarget
  /// How.
  public var settings: PosteriorSettings

  /// Draws from a target, as the settings say.
  public init(_ target: PosteriorTarget, settings: PosteriorSettings = PosteriorSettings()) {
    (self.target, self.settings) = (target, settings)
  }

  /// Draws all chains.
  ///
  /// - Parameters:
  ///   - logs: where iterations are kept until the draws are written, and what to go on from.
  ///   - monitor: is told of every iteration.
  /// - Throws: ``InterruptedError``, once the iterations are kept; what the sampler throws.
  public func run(logs: MarkovChainLogs, monitor: some WorkMonitor = QuietMonitor()) throws -> PosteriorDraws {
    let begin = ContinuousClock.now
    do {
      let outcome = try SamplerRun(
        target: target, settings: settings, logs: logs, monitor: monitor
      ).run()
      return draws(outcome, seconds: (ContinuousClock.now - begin) / .seconds(1))
    } catch is SamplingInterruption {
      throw InterruptedError(
        "Interrupted: the draws so far are in \(logs.folder), from where the work can go on.", remedy: .resume)
    }
  }

  private func draws(_ outcome: SamplerOutcome, seconds: Double) -> PosteriorDraws {
    let compared = min(1000, settings.chains * settings.draws)
    var texts = outcome.settings.merging(target.settings) { _, new in new }
    texts["seed"] = "\(settings.seed)"
    return PosteriorDraws(
      chain: target.prior.chain, chains: outcome.chains, warmUp: outcome.warmUp,
      priorDraws: target.prior.samples(0..<compared, seed: settings.seed &+ 1, threads: settings.threads),
      sampler: settings.method.rawValue, settings: texts, alpha: target.alpha, observed: target.observed,
      elapsedSeconds: seconds, paretoShape: outcome.paretoShape,
      lossTraces: outcome.losses.isEmpty ? [] : [outcome.losses], pinnedPositions: target.prior.pinnedPositions)
  }
}
