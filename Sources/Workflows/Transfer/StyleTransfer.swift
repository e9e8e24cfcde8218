import FXParams
import Foundation
public import Inference
import NumericCore
public import PriorKit
import Synchronization

/// Finds the preset that gives a dry vocal the style of a reference: the maximum of
/// log p(reference | preset, dry) + alpha log p(preset) (arXiv 2505.11315).
///
///     let transfer = try StyleTransfer(prior: PriorFile.read("prior.h5"), reference: "wet.wav", dry: "dry.wav")
///     let found = try transfer.run()
public struct StyleTransfer: Sendable {
  /// The prior, the recordings and how they are compared.
  public var problem: StyleProblem
  /// How the best preset is looked for.
  public var method: TransferMethod
  /// Evaluations at most, per start.
  public var stepLimit: Int
  /// What ends a start before that.
  public var stopRule: StopRule?
  /// Whether the newest point becomes the preset, as published for Adam, or the best one.
  public var keepsLast: Bool
  /// The logits where the first start begins [D]; the prior's mean if nil.
  public var start: [Double]?
  /// Starts: ``start``, then draws of the prior. The best result is kept.
  public var starts = 1
  /// Of the draws of the prior and of CMA-ES.
  public var seed: UInt64 = 0
  /// Most threads to use; the result does not depend on them.
  public var threads = 1

  /// A transfer by a method with its usual limits.
  public init(_ problem: StyleProblem, method: TransferMethod = .lbfgs) {
    (self.problem, self.method) = (problem, method)
    stepLimit = method.usualStepLimit
    stopRule = method.usualStopRule
    keepsLast = method.keepsLast
  }

  /// A transfer of the style of one recording to another, with the published settings of the objective.
  ///
  /// - Parameters:
  ///   - prior: of the preset; its chain is the chain that is fitted.
  ///   - reference: a processed vocal, in stereo.
  ///   - dry: a dry vocal.
  ///   - method: how the best preset is looked for.
  /// - Throws: as ``StyleProblem/init(prior:references:inputs:settings:monitor:)``.
  public init(prior: Prior, reference: String, dry: String, method: TransferMethod = .lbfgs) throws {
    self.init(try StyleProblem(prior: prior, references: [reference], inputs: [dry]), method: method)
  }

  /// Optimises from every start and keeps the best.
  ///
  /// - Parameters:
  ///   - states: where states are kept, so that an interrupted run can go on; nil to keep none. They are there
  ///     after the run too, until ``TransferStates/remove(starts:)`` is called once its result is stored.
  ///   - monitor: is told of every evaluation.
  /// - Throws: ``WorkflowError`` for a chain without the gradient that the method follows; ``InterruptedError``,
  ///   once the states are kept; what the optimiser throws.
  public func run(
    states: TransferStates? = nil, monitor: some WorkMonitor = QuietMonitor()
  ) throws -> TransferResult {
    if method.followsGradient { try problem.requireGradient(method.name) }
    func white() throws -> WhiteCoordinates {
      try monitor.during("preparing the prior") { try WhiteCoordinates(whitening: problem.prior.distribution) }
    }
    switch method {
    case .adam(let adam): return try run(adam, states, monitor)
    case .whiteAdam(let adam): return try run(Whitened(adam, coordinates: white()), states, monitor)
    case .evolution: return try run(Whitened(CMAES(seed: seed), coordinates: white()), states, monitor)
    case .lbfgs:
      let white = try white()
      let lbfgs = ScanningLBFGS(
        curvature: ObjectiveWeights.loss(alpha: problem.settings.alpha).expectedCurvature,
        oscillatoryPositions: problem.prior.chain.oscillatoryPositions, coordinates: white)
      return try run(Whitened(lbfgs, coordinates: white), states, monitor)
    }
  }

  private func run<Method: Optimiser>(
    _ optimiser: Method, _ states: TransferStates?, _ monitor: some WorkMonitor
  ) throws -> TransferResult {
    let driver = MaximumAPosteriori(optimiser: optimiser, steps: stepLimit, stopRule: stopRule)
    let store = states?.store(for: optimiser, dimension: problem.prior.dimension)
    let first = start ?? problem.prior.mean
    let begun = try (0..<starts).map { index in
      try store?.load(start: index) ?? driver.makeState(from: index == 0 ? first : draw(index))
    }
    let runs = try optimise(begun, driver: driver, store: store, monitor: monitor)
    func keepStates() throws {
      for (index, run) in runs.enumerated() { try store?.save(run.state, start: index) }
    }
    guard let best = Restarts.best(of: runs), let result = runs[best].outcome.result else {
      try keepStates()
      let steps = runs.map { String($0.state.stepCount) }.joined(separator: ", ")
      throw InterruptedError(
        "Interrupted after \(steps) of \(stepLimit) steps"
          + (store == nil ? "." : ": the state is kept to go on from."),
        remedy: store == nil ? .none : .resume)
    }
    // What writes the results may be stopped. Where there is no room for the states there is none for those, and
    // the error should name them.
    try? keepStates()
    return TransferResult(
      chain: problem.prior.chain, point: keepsLast ? result.last : result.best, trace: runs[best].state.trace,
      outcome: runs[best].outcome, losses: runs.compactMap { $0.outcome.result?.best.loss })
  }

  private func draw(_ index: Int) -> [Double] {
    var source = RandomSource(seed: seed, stream: UInt64(index))
    return problem.prior.sample(using: &source)
  }

  private func optimise<Method: Optimiser>(
    _ begun: [MAPState<Method.State>], driver: MaximumAPosteriori<Method>, store: TransferStates.Store<Method>?,
    monitor: some WorkMonitor
  ) throws -> [Restarts<Method>.Run] {
    let remaining = begun.reduce(0) { $0 + stepLimit - $1.stepCount }
    let progress = monitor.progress("transfer", total: max(1, remaining), isLimit: stopRule != nil)
    defer { progress.finish() }
    let lanes = min(threads, begun.count)
    let share = max(1, threads / lanes)
    let saved = Mutex([Date](repeating: Date(), count: begun.count))
    return try monitor.cancellable {
      try Restarts(driver: driver, threads: lanes).run(
        from: begun,
        progress: { index, report, state in
          progress.advance(note: "loss \(NumberText.short(report.loss))")
          // A run that is killed loses a minute, not an hour.
          let isDue = saved.withLock { times in
            guard Date().timeIntervalSince(times[index]) > 60 else { return false }
            times[index] = Date()
            return true
          }
          if isDue { try store?.save(state, start: index) }
        },
        isCancelled: { monitor.isCancelled },
        makeDensity: { try problem.makePosterior(threads: share) })
    }
  }
}
