import ArgumentParser
import Inference
import PriorKit

/// How `transfer` looks for the best preset.
struct OptimiserOptions: ParsableArguments {
  enum Method: String, CaseIterable, ExpressibleByArgument {
    case lbfgs, adam
    case whiteAdam = "adam-white"
    case evolution = "cma-es"

    /// Evaluations if none are asked for: as published, or enough and some.
    var steps: Int {
      switch self {
      case .lbfgs: 100
      case .adam: 1000
      case .whiteAdam: 200
      case .evolution: 2000
      }
    }

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

  @Option(name: .long, help: "Evaluations at most (default: lbfgs 100, adam 1000, adam-white 200, cma-es 2000).")
  var steps: Int?

  @Option(name: .long, help: "Adam's learning rate (default: adam 0.01, adam-white 0.1).")
  var learningRate: Double?

  @Option(name: .long, help: "Adam's learning rate over the steps: constant, as published, or cosine, down to 0.")
  var schedule: Schedule = .constant

  @Option(
    name: .long,
    help: ArgumentHelp(
      "Stop when the best loss has not improved by 1e-4 of itself for so many steps (default: lbfgs 20, else never).",
      valueName: "steps"))
  var patience: Int?

  @Option(name: .long, help: "Starts: the prior's mean, then draws of the prior. The best result is kept.")
  var restarts = 1

  var stepLimit: Int { steps ?? optimiser.steps }
  var stopRule: StopRule? {
    patience.map { StopRule(patience: $0) } ?? (optimiser == .lbfgs ? StopRule(patience: 20) : nil)
  }
  var adam: Adam {
    Adam(
      learningRate: learningRate ?? optimiser.learningRate ?? 0.01,
      schedule: schedule == .cosine ? .cosine(steps: stepLimit) : .constant)
  }

  func validate() throws {
    if let steps, steps < 1 { throw ValidationError("--steps is \(steps) but must be at least 1.") }
    if let learningRate {
      guard learningRate.isFinite, learningRate > 0 else {
        throw ValidationError("--learning-rate is \(learningRate) but must be a positive number.")
      }
      guard optimiser.learningRate != nil else {
        throw ValidationError("--learning-rate is for adam and adam-white, not for \(optimiser.rawValue).")
      }
    }
    guard schedule == .constant || optimiser.learningRate != nil else {
      throw ValidationError("--schedule is for adam and adam-white, not for \(optimiser.rawValue).")
    }
    if let patience, patience < 1 { throw ValidationError("--patience is \(patience) but must be at least 1.") }
    guard (1...1000).contains(restarts) else {
      throw ValidationError("--restarts is \(restarts) but must be between 1 and 1000.")
    }
  }
}
