public import FXParams
public import NumericCore

/// Draws from the posterior of a chain's parameters, with all that is needed to judge and to use them.
///
/// ``PosteriorFile`` stores them so that ArviZ opens the file.
public struct PosteriorDraws: Sendable, Hashable {
  /// The chain whose parameters were drawn.
  public var chain: ChainDescription
  /// The chains of the sampler, of equal length.
  public var chains: [MarkovChainDraws]
  /// The draws made while the sampler adapted, one entry per chain, or empty if they were not kept.
  public var warmUp: [MarkovChainDraws]
  /// Draws of the prior, a row each, that the posterior is compared with.
  public var priorDraws: Matrix?
  /// The sampler's ``Sampler/name``.
  public var sampler: String
  /// Its settings, as text.
  public var settings: [String: String]
  /// The weight of the log prior, 1/N_eff, in the published loss; 0 where only the prior was sampled.
  public var alpha: Double
  /// What was observed, by name: the style embeddings of the reference, such as `mid` and `side`.
  public var observed: [String: [Double]]
  /// Wall time of the sampler.
  public var elapsedSeconds: Double
  /// Pareto k-hat of the importance ratios, for samplers that weigh draws of an approximation
  /// (``ParetoSmoothing``).
  public var paretoShape: Double?
  /// The losses of the optimisations that preceded the sampler, step by step: one list per start.
  public var lossTraces: [[Double]]
  /// Parameters to which the prior gives one value, by position: they have no posterior to judge.
  public var pinnedPositions: [Int]

  public init(
    chain: ChainDescription, chains: [MarkovChainDraws], warmUp: [MarkovChainDraws] = [], priorDraws: Matrix? = nil,
    sampler: String, settings: [String: String] = [:], alpha: Double, observed: [String: [Double]] = [:],
    elapsedSeconds: Double = 0, paretoShape: Double? = nil, lossTraces: [[Double]] = [],
    pinnedPositions: [Int] = []
  ) {
    self.chain = chain
    self.chains = chains
    self.warmUp = warmUp
    self.priorDraws = priorDraws
    self.sampler = sampler
    self.settings = settings
    self.alpha = alpha
    self.observed = observed
    self.elapsedSeconds = elapsedSeconds
    self.paretoShape = paretoShape
    self.lossTraces = lossTraces
    self.pinnedPositions = pinnedPositions
  }

  /// Draws in each chain.
  public var drawCount: Int { chains.first?.count ?? 0 }
  /// Number of parameters.
  public var dimension: Int { chains.first?.logits.columns ?? 0 }

  /// Parameters that were drawn, by position, ascending.
  public var freePositions: [Int] {
    let fixed = Set(pinnedPositions)
    return (0..<dimension).filter { !fixed.contains($0) }
  }

  /// One parameter's logits, one row per chain.
  public func logits(of parameter: Int) -> [[Double]] { chains.map { $0.logits.column(parameter) } }

  /// All draws of all chains, a row each, chain after chain.
  public var pooledLogits: Matrix {
    Matrix(rows: chains.count * drawCount, columns: dimension, values: chains.flatMap(\.logits.values))
  }
}
