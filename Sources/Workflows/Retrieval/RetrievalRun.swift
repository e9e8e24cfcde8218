import Evaluation
import FXParams
import Foundation
import Inference
import NumericCore
import PriorKit
import Retrieval

/// The optimisation of a retrieval: one method after the other.
final class RetrievalRun {
  private let retrieval: PresetRetrieval
  private let density: RetrievalDensity<Float>
  private let states: TransferStates?
  private var trace: MAPTrace?
  private var outcome: MAPOutcome?
  private var stageCount = 0
  private let stageLimit: Int

  /// - Parameters:
  ///   - retrieval: what is looked for, and how.
  ///   - loss: what is to be small.
  ///   - states: where states are kept.
  ///   - stageLimit: stages that there will be.
  init(
    _ retrieval: PresetRetrieval, _ loss: RetrievalLoss<Float>, _ states: TransferStates?, stageLimit: Int
  ) {
    (self.retrieval, self.states, self.stageLimit) = (retrieval, states, stageLimit)
    density = RetrievalDensity(
      loss: loss, prior: retrieval.prior, alpha: retrieval.alpha, usesSurrogates: retrieval.method.usesSurrogates,
      batchSize: retrieval.batchSize, seed: retrieval.seed)
  }

  /// The best point so far; nil before the first stage.
  var best: [Double]? { outcome?.result?.best.theta }

  /// What the stages found.
  ///
  /// - Parameter before: the distances at the start.
  func result(before: StereoLossTerms) -> RetrievalResult {
    guard let trace, let outcome, let best else { preconditionFailure("No stage") }
    let logits = Array(best.prefix(retrieval.chain.parameterSpace.count))
    return RetrievalResult(
      chain: retrieval.chain, logits: logits, before: before, after: density.loss.terms(at: logits), trace: trace,
      outcome: outcome, stageCount: stageCount)
  }

  /// Goes on with so many steps of a method, from a point or from the state that an earlier run left.
  func advance<Method: Optimiser>(
    _ optimiser: Method, steps: Int, from start: @autoclosure () throws -> [Double], _ monitor: some WorkMonitor
  ) throws {
    let taken = trace?.stepCount ?? 0
    let store = states?.store(for: optimiser, dimension: density.dimension)
    var state =
      try store?.load(start: stageCount)
      ?? MaximumAPosteriori(optimiser: optimiser, steps: steps).makeState(from: try start())
    let ending = try run(optimiser, steps, &state, taken, store, monitor)
    guard ending.result != nil else {
      try store?.save(state, start: stageCount)
      throw InterruptedError(
        "Interrupted after \(taken + state.stepCount) of \(retrieval.stepLimit) steps"
          + (store == nil ? "." : ": the state is kept to go on from."),
        remedy: store == nil ? .none : .resume)
    }
    // A run that is taken up again must find a stage that is over; its result is not lost for want of room.
    try? store?.save(state, start: stageCount)
    stageCount += 1
    trace = trace?.followed(by: state.trace) ?? state.trace
    // A later stage that leads nowhere better leaves what there was.
    outcome = ending.following(steps: taken, best: outcome?.result?.best)
  }

  /// What is minimised.
  func objective(at theta: [Double]) throws -> Double { -(try density.evaluate(at: theta).value) }

  private func run<Method: Optimiser>(
    _ optimiser: Method, _ steps: Int, _ state: inout MAPState<Method.State>, _ taken: Int,
    _ store: TransferStates.Store<Method>?, _ monitor: some WorkMonitor
  ) throws -> MAPOutcome {
    density.step = taken + state.stepCount
    var saved = Date()
    let title = stageLimit > 1 ? "retrieve \(stageCount + 1)/\(stageLimit)" : "retrieve"
    let progress = monitor.progress(title, total: max(1, steps - state.stepCount))
    defer { progress.finish() }
    return try monitor.cancellable {
      try MaximumAPosteriori(optimiser: optimiser, steps: steps).run(
        density, state: &state,
        progress: { [density, stageCount] report, state in
          density.step = taken + state.stepCount
          progress.advance(note: "loss \(NumberText.short(-report.evaluation.logLikelihood))")
          // A run that is killed loses a minute, not an hour.
          guard Date().timeIntervalSince(saved) > 60 else { return }
          saved = Date()
          try store?.save(state, start: stageCount)
        },
        isCancelled: { monitor.isCancelled })
    }
  }
}
