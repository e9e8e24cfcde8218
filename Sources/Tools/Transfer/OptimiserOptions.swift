import ArgumentParser
import Inference
import Workflows

/// How `transfer` looks for the best preset.
struct OptimiserOptions: ParsableArguments {
  enum Method: String, CaseIterable, ExpressibleByArgument {
    case lbfgs, adam
    case whiteAdam = "adam-white"
    case evolution = "cma-es"

    var learningRate: Double? {
      switch self {
      case .adam: 0.01
      case .whiteAdam: 0.1
      case .lbfgs, .evolution: nil
      }
    }
  }

  enum Schedule: String, CaseIterable, ExpressibleByArgument { case constant, cosine }

  @Option(
    name: .long,
    help: """
      lbfgs and adam-white work in the prior's coordinates, adam is the published method, cma-es needs no gradient.
      """)
  var optimiser: Method = .lbfgs

  @Option(
    within: 1...10_000_000,
    help: "Evaluations at most (default: lbfgs 100, adam 1000, adam-white 200, cma-es 2000).")
  var steps: Int?

  @Option(within: 1e-9...1e3, help: "Adam's learning rate (default: adam 0.01, adam-white 0.1).")
  var learningRate: Double?

  @Option(name: .long, help: "Adam's learning rate over the steps: constant, as published, or cosine, down to 0.")
  var schedule: Schedule = .constant

  @Option(
    within: 0...1e9,
    help: ArgumentHelp(
      "Stop when the last evaluations together gained no more than this (default: lbfgs 0.01, else 0; 0: never).",
      valueName: "loss"))
  var tolerance: Double?

  @Option(
    within: 1...10_000_000,
    help: ArgumentHelp(
      "How many evaluations --tolerance looks back (default: lbfgs 12, else 100).", valueName: "steps"))
  var patience: Int?

  @Option(within: 1...1000, help: "Starts: the prior's mean, then draws of the prior. The best result is kept.")
  var restarts = 1

  /// Adam's cosine comes down over all steps, so it needs their number.
  var method: TransferMethod {
    switch optimiser {
    case .lbfgs: .lbfgs
    case .adam: .adam(adam(steps: steps ?? TransferMethod.published.usualStepLimit))
    case .whiteAdam: .whiteAdam(adam(steps: steps ?? TransferMethod.whiteAdam(Adam()).usualStepLimit))
    case .evolution: .evolution
    }
  }
  /// What ends a run before its limit: nothing, unless the method has a rule or one is asked for.
  private var stopRule: StopRule? {
    let usual = method.usualStopRule
    guard usual != nil || patience != nil || tolerance != nil else { return nil }
    let gain = tolerance ?? TransferMethod.lbfgs.usualStopRule?.tolerance ?? 0
    return gain == 0 ? nil : StopRule(gain: gain, within: patience ?? usual?.patience ?? 100)
  }

  /// The transfer of a problem by these options.
  func transfer(_ problem: StyleProblem) -> StyleTransfer {
    var transfer = StyleTransfer(problem, method: method)
    transfer.stepLimit = steps ?? transfer.stepLimit
    transfer.stopRule = stopRule
    transfer.starts = restarts
    return transfer
  }

  /// How a run ended, in words.
  func ending(of result: TransferResult) -> String {
    let (steps, stepLimit) = (result.stepCount, steps ?? method.usualStepLimit)
    return switch result.outcome {
    case .converged(_, .gain):
      "stopped after \(steps) of at most \(stepLimit) evaluations, because \(stopReason)"
    case .converged(_, .exhausted): "ended after \(steps) evaluations, at a point that cannot be improved"
    case .completed, .interrupted: "all \(stepLimit) evaluations were made"
    }
  }

  private var stopReason: String {
    stopRule.map { "the last \($0.patience) gained no more than \(NumberText.short($0.tolerance))" }
      ?? "they gained nothing"
  }

  private func adam(steps stepLimit: Int) -> Adam {
    Adam(
      learningRate: learningRate ?? optimiser.learningRate ?? 0.01,
      schedule: schedule == .cosine ? .cosine(steps: stepLimit) : .constant)
  }

  func validate() throws {
    guard learningRate == nil || optimiser.learningRate != nil else {
      throw ValidationError("--learning-rate is for adam and adam-white, not for \(optimiser.rawValue).")
    }
    guard schedule == .constant || optimiser.learningRate != nil else {
      throw ValidationError("--schedule is for adam and adam-white, not for \(optimiser.rawValue).")
    }
  }
}
