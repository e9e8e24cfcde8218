import Foundation
public import NumericCore
import Synchronization

/// Runs several chains of one sampler, in parallel, each from its own starting point, for a given number of
/// iterations.
///
/// Chain c begins at a draw that the caller makes of its stream, and iteration i takes stream (c, i) of the seed:
/// what a chain does depends on nothing else, neither on the number of threads nor on where a run was taken up
/// again. With a folder, every iteration is on disk when the next begins (``DrawLog``).
public struct MarkovChainSampling<Method: Sampler>: Sendable {
  /// The rule that every chain follows.
  public let sampler: Method
  /// Number of chains.
  public let chains: Int
  /// Iterations in which the sampler learns, which are not draws.
  public let warmUp: Int
  /// Iterations of each chain after the warm-up.
  public let draws: Int
  /// The seed of all random numbers.
  public let seed: UInt64
  /// Most chains at a time.
  public let threads: Int

  /// - Precondition: there is a chain, a draw and a thread, and the warm-up is not negative.
  public init(sampler: Method, chains: Int, warmUp: Int, draws: Int, seed: UInt64, threads: Int) {
    precondition(chains > 0 && draws > 0 && threads > 0, "\(chains) chains of \(draws) draws on \(threads) threads")
    precondition(warmUp >= 0, "A warm-up of \(warmUp)")
    self.sampler = sampler
    (self.chains, self.warmUp, self.draws) = (chains, warmUp, draws)
    (self.seed, self.threads) = (seed, threads)
  }

  /// Starts tried before a chain gives up.
  static var startLimit: Int { 100 }

  /// The chains, each of `warmUp + draws` iterations.
  ///
  /// - Parameters:
  ///   - coordinates: the white coordinates in which all chains move.
  ///   - start: a point in theta to begin from; asked again, up to a hundred times, where the density is not
  ///     finite.
  ///   - log: where the iterations are kept, if they are.
  ///   - progress: called after every iteration, from several threads.
  ///   - isCancelled: asked before every evaluation.
  ///   - makeDensity: a density for one chain.
  /// - Throws: ``SamplingInterruption`` if cancelled, ``SamplingError``, ``DrawLogError`` and what a density
  ///   throws.
  public func run(
    coordinates: WhiteCoordinates, start: @Sendable (inout RandomSource) -> [Double], log: MarkovChainLogs? = nil,
    progress: @Sendable (SamplingProgress) -> Void = { _ in },
    isCancelled: @escaping @Sendable () -> Bool = { false }, makeDensity: @Sendable () throws -> any LogDensity
  ) throws -> [MarkovChainHistory<Method.Info>] {
    let width = coordinates.dimension + 3 + Method.Info.names.count + Method.Memory.count
    try log?.check(chains: chains, width: width, warmUp: warmUp, seed: seed, sampler: sampler)
    try log?.note(MarkovChainPlan(command: log?.command, chains: chains, warmUp: warmUp, draws: draws))
    let finished = Mutex<[Int: MarkovChainHistory<Method.Info>]>([:])
    try ParallelBlocks.runInOrder(
      count: chains, threads: threads, makeWorkspace: {},
      process: { chain, _ in
        let target = SamplingTarget(try makeDensity(), coordinates: coordinates, isCancelled: isCancelled)
        guard target.isDifferentiable || !sampler.usesGradient else { throw SamplingError.noGradient(sampler.name) }
        let history = try run(
          chain: chain, width: width, target: target, start: start, log: log, progress: progress)
        finished.withLock { $0[chain] = history }
      })
    return finished.withLock { found in (0..<chains).compactMap { found[$0] } }
  }

  private func run(
    chain: Int, width: Int, target: SamplingTarget, start: (inout RandomSource) -> [Double], log: MarkovChainLogs?,
    progress: (SamplingProgress) -> Void
  ) throws -> MarkovChainHistory<Method.Info> {
    var history = MarkovChainHistory<Method.Info>()
    let opened = try log?.open(chain: chain, width: width, warmUp: warmUp, seed: seed, sampler: sampler)
    for row in opened?.rows.prefix(warmUp + draws) ?? [] {
      history.iterations.append(
        .init(row: row, dimension: target.dimension))
    }
    guard history.iterations.count < warmUp + draws else { return history }

    var point: MarkovChainPoint
    var memory: Method.Memory
    if let last = history.iterations.last {
      point = try target.point(at: last.position, withGradient: sampler.usesGradient)
      guard point.isPossible else { throw SamplingError.unrepeatable(chain: chain) }
      memory = Method.Memory(numbers: last.memory)
    } else {
      var source = source(chain: chain, iteration: 0)
      point = try firstPoint(chain: chain, target: target, start: start, source: &source)
      memory = try sampler.makeMemory(at: point, target: target, source: &source)
    }
    for iteration in history.iterations.count..<warmUp + draws {
      var source = source(chain: chain, iteration: iteration + 1)
      let isWarmUp = iteration < warmUp
      let info = try sampler.step(
        &point, memory: &memory, isWarmUp: isWarmUp, target: target, source: &source)
      let made = MarkovChainHistory<Method.Info>.Iteration(
        position: point.position, evaluation: point.evaluation, info: info, memory: memory.numbers)
      try opened?.log.append(made.row)
      history.iterations.append(made)
      progress(SamplingProgress(chain: chain, iteration: iteration + 1, isWarmUp: isWarmUp, value: point.value))
    }
    return history
  }

  private func firstPoint(
    chain: Int, target: SamplingTarget, start: (inout RandomSource) -> [Double], source: inout RandomSource
  ) throws -> MarkovChainPoint {
    for _ in 0..<Self.startLimit {
      let position = target.coordinates.white(start(&source))
      let point = try target.point(at: position, withGradient: sampler.usesGradient)
      if point.isPossible { return point }
    }
    throw SamplingError.noStart(chain: chain, tries: Self.startLimit)
  }

  private func source(chain: Int, iteration: Int) -> RandomSource {
    RandomSource(seed: seed, stream: UInt64(chain) << 32 | UInt64(iteration))
  }
}

/// What is reported after every iteration.
public struct SamplingProgress: Sendable, Hashable {
  /// The number of the chain, from 0.
  public let chain: Int
  /// Iterations of this chain, this one included.
  public let iteration: Int
  /// Whether the iteration belongs to the warm-up.
  public let isWarmUp: Bool
  /// The log density there.
  public let value: Double
}
