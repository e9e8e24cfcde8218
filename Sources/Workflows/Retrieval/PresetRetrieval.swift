import Distributions
import Evaluation
public import FXParams
import Foundation
import Inference
import NumericCore
public import PriorKit
import Retrieval

/// Finds the preset of a pair of recordings: the least distance of the dry one, rendered, from the processed one
/// (arXiv 2504.14735); with a prior, the maximum of minus that and alpha times the log prior.
///
///     let pair = try RetrievalPair(dry: "dry.wav", wet: "wet.wav", sampleRate: 44100)
///     let found = try PresetRetrieval(pair, chain: .diffVox).run()
///
/// The fast method begins with the delay times that the recordings suggest. After half of its steps it tries those
/// times once more, now that the rest fits, and goes on from the best.
public struct PresetRetrieval: Sendable {
  /// The recordings.
  public var pair: RetrievalPair
  /// The effects.
  public var chain: ChainDescription
  /// What presets are like: the coordinates of the search, and its prior if ``alpha`` is positive; nil for neither.
  public var prior: Prior?
  /// The weight of the log prior.
  public var alpha = 0.0
  /// How the preset is looked for.
  public var method: RetrievalMethod
  /// Evaluations at most.
  public var stepLimit: Int
  /// Where it begins.
  public var start = RetrievalStart.published
  /// Delay times that are tried, of methods without surrogates; 0 to begin with that of the start.
  public var echoCandidates = 6
  /// Chunks in a step, at most; nil for all.
  public var batchSize: Int?
  /// Of the start, and of the draws of chunks.
  public var seed: UInt64 = 0
  /// Which of the seed's random starts: pairs of one collection take different ones.
  public var startStream: UInt64 = 0
  /// Most threads to use; the result does not depend on them.
  public var threads = 1

  /// A retrieval by a method with its usual limits.
  public init(_ pair: RetrievalPair, chain: ChainDescription, method: RetrievalMethod = .fast) {
    (self.pair, self.chain, self.method) = (pair, chain, method)
    (stepLimit, batchSize) = (method.usualStepLimit, method.usualBatchSize)
  }

  /// Looks for the preset.
  ///
  /// - Parameters:
  ///   - states: where states are kept, so that an interrupted run can go on; nil to keep none.
  ///   - monitor: is told of every evaluation.
  /// - Throws: ``WorkflowError`` for a chain without a gradient; ``InterruptedError``, once the states are kept;
  ///   `MetricError` for chunks too short to measure; what the optimiser throws.
  public func run(
    states: TransferStates? = nil, monitor: some WorkMonitor = QuietMonitor()
  ) throws -> RetrievalResult {
    guard chain.isDifferentiable else {
      throw WorkflowError(
        .wrongContents,
        "\(chain.nonDifferentiableEffects.joined(separator: ", ")) of the chain has no gradient, which a retrieval "
          + "follows: use a chain without it.")
    }
    let loss = try RetrievalLoss<Float>(chain: chain, chunks: pair.chunks, threads: threads)
    var logits = try start.logits(for: self, monitor: monitor)
    if let prior {
      let mean = prior.mean
      for position in prior.pinnedPositions { logits[position] = mean[position] }
    }
    let before = loss.terms(at: logits)
    // Adam finds the valley, L-BFGS its bottom.
    let first = method.usesSurrogates ? 0 : stepLimit / 2
    let run = RetrievalRun(self, loss, states, stageLimit: first > 0 ? 2 : 1)
    if case .adam(let adam) = method {
      try run.advance(
        adam, steps: stepLimit, from: logits + Array(repeating: EchoSurrogates.start, count: loss.delayCount),
        monitor)
      return run.result(before: before)
    }
    let white = try coordinates(logits)
    let held = white.directions(moving: chain.oscillatoryPositions)
    // A run that is taken up again has its points, and looks for no echoes.
    lazy var echoes = monitor.during("looking for echoes in \(pair.paths.wet)") {
      EchoChoice(loss, count: echoCandidates, fixed: white.pinnedPositions)
    }
    if first > 0 {
      let adam = Adam(learningRate: Self.learningRate, schedule: .cosine(steps: 2 * first))
      try run.advance(
        Whitened(Holding(adam, directions: held), coordinates: white), steps: first,
        from: try begun(logits, echoes, run), monitor)
    }
    let lbfgs = ScanningLBFGS(
      descent: LBFGS(memory: 40, longestStep: 3, curvature: nil, patience: 1, growth: 1.5), directions: held,
      reach: Self.echoReach, stall: 0.003)
    try run.advance(
      Whitened(lbfgs, coordinates: white), steps: stepLimit - first,
      from: try run.best.map { try echoes.improved($0, by: run.objective) } ?? begun(logits, echoes, run), monitor)
    return run.result(before: before)
  }

  /// The start with its delay times: those of the recordings, but for a start that somebody chose, which has times
  /// of its own.
  private func begun(_ logits: [Double], _ echoes: EchoChoice, _ run: RetrievalRun) throws -> [Double] {
    guard case .published = start else { return try echoes.improved(logits, by: run.objective) }
    return echoes.start(from: logits)
  }

  /// Of Adam, in standard deviations of the coordinates.
  private static let learningRate = 0.05
  /// How far delay times are moved by values, in standard deviations: about a millisecond, the width of the valley
  /// about an echo. What lies further is for ``echoCandidates`` to find.
  private static let echoReach = 0.003

  private func coordinates(_ start: [Double]) throws -> WhiteCoordinates {
    if let prior { return try WhiteCoordinates(whitening: prior.distribution) }
    return try RetrievalCoordinates.typical(of: chain, centre: start)
  }
}
