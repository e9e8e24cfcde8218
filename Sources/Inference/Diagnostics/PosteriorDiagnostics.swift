import FXParams
import NumericCore
public import PresetStore

/// How far posterior draws can be trusted: every diagnostic of every parameter and chain, with the limits they are
/// held to.
public struct PosteriorDiagnostics: Sendable {
  /// What the diagnostics are compared with.
  public let limits: DiagnosticLimits
  /// Number of chains.
  public let chainCount: Int
  /// Draws in each chain.
  public let drawCount: Int
  /// The name of the sampler.
  public let sampler: String
  /// The weight of the log prior in the objective, 1/N_eff.
  public let alpha: Double
  /// In flat order.
  public let parameters: [ParameterDiagnostics]
  /// Divergent transitions of each chain; empty where the sampler has none.
  public let divergences: [Int]
  /// E-BFMI of each chain, nil where its energies stand still; empty where the sampler has none.
  public let energyFractions: [Double?]
  /// k-hat of the importance ratios, for samplers that have them.
  public let paretoShape: Double?
  /// The largest k-hat that can be trusted with that many draws.
  public let paretoThreshold: Double

  /// - Parameters:
  ///   - draws: the draws of all chains.
  ///   - scale: whether parameters are judged as physical values or as logits.
  ///   - limits: what the diagnostics are compared with.
  ///   - threads: how many parameters are worked on at a time.
  public init(
    _ draws: PosteriorDraws, scale: ValueScale = .physical, limits: DiagnosticLimits = DiagnosticLimits(),
    threads: Int = 1
  ) {
    self.limits = limits
    chainCount = draws.chains.count
    drawCount = draws.drawCount
    sampler = draws.sampler
    alpha = draws.alpha
    parameters = Self.parameters(draws, scale, threads: threads)
    divergences = draws.chains.compactMap { chain in
      chain.statistics[MarkovChainDraws.diverging].map { $0.count { $0 != 0 } }
    }
    energyFractions = draws.chains.compactMap { chain in
      chain.statistics[MarkovChainDraws.energy].map { EnergyFraction.of($0) }
    }
    paretoShape = draws.paretoShape
    paretoThreshold = ParetoSmoothing.threshold(count: chainCount * drawCount)
  }

  private static func parameters(
    _ draws: PosteriorDraws, _ scale: ValueScale, threads: Int
  ) -> [ParameterDiagnostics] {
    let parameters = draws.chain.parameterSpace.parameters
    let fixed = Set(draws.pinnedPositions)
    var results = [ParameterDiagnostics?](repeating: nil, count: parameters.count)
    results.withUnsafeMutableBufferPointer { buffer in
      // Each block writes a slot of its own.
      nonisolated(unsafe) let slots = buffer
      ParallelBlocks.run(count: parameters.count, threads: threads, makeWorkspace: {}) { index, _ in
        let parameter = parameters[index]
        slots[index] = ParameterDiagnostics(
          name: parameter.name, unit: scale == .logits ? "logit" : parameter.unit.rawValue,
          draws: draws.scalar(index, scale: scale), isFixed: fixed.contains(index))
      }
    }
    return results.compactMap { $0 }
  }

  /// The parameters that the prior leaves free, in flat order.
  public var free: [ParameterDiagnostics] { parameters.filter { !$0.isFixed } }

  /// The parameters with the one farthest from its limits first, and fixed ones last.
  public var worstFirst: [ParameterDiagnostics] {
    parameters.sorted { $0.shortfall(limits) > $1.shortfall(limits) }
  }
}

extension PosteriorDraws {
  /// The draws of one parameter, by its position in the flat order.
  public func scalar(_ parameter: Int, scale: ValueScale = .physical) -> ScalarDraws {
    let bijector = chain.parameterSpace.parameters[parameter].bijector
    let logits = ScalarDraws(chains: logits(of: parameter))
    return scale == .logits ? logits : logits.map { bijector.forward($0) }
  }
}
