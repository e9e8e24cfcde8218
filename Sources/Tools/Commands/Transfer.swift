import ArgumentParser
import FileOutput
import Foundation
import Inference
import PriorKit

/// `priorkit transfer`: the preset that gives a dry vocal the style of a reference.
struct Transfer: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Move a reference's vocal style onto a dry vocal.",
    discussion: """
      EXAMPLES:
        priorkit transfer --prior prior.h5 --reference wet.wav --input dry.wav \\
          -o transfer
        priorkit transfer --prior prior.h5 --encoder mfcc --alpha 0.1 --steps 200 \\
          --reference wet.wav --input dry.wav -o transfer
        priorkit transfer --prior prior.h5 --start posterior.h5 --steps 50 \\
          --reference wet.wav --input dry.wav -o transfer
        priorkit transfer ... -o transfer --resume     # after Ctrl-C

      Maximises log p(reference | settings, dry) + alpha log p(settings) by Adam
      from the prior's mean (arXiv 2505.11315). The folder gets preset.h5 (one
      row), preset.json (named values with units), wet.wav (the whole input through
      the preset; wet-2.wav and so on for further inputs) and trace.h5 (/theta
      [steps + 1, D], /loss, /log_likelihood and /log_prior [steps]). Ctrl-C leaves
      state.h5 there, from which --resume goes on.
      """)

  @OptionGroup var style: StyleOptions
  @OptionGroup var starting: StartOptions

  @Option(name: .long, help: "Steps of Adam.")
  var steps = 1000

  @Option(name: .long, help: "Adam's learning rate.")
  var learningRate = 0.01

  @Option(
    name: .long,
    help: ArgumentHelp(
      "Stop when the best loss has not improved by 1e-4 of itself for so many steps (default: take all steps).",
      valueName: "steps"))
  var patience: Int?

  @Option(name: .long, help: "Which point becomes the preset: last, as published, or best.")
  var keep: Kept = .last

  @Flag(name: .long, help: "Go on from the state that an interrupted run left in the folder.")
  var resume = false

  @Option(
    name: [.customShort("o"), .long],
    help: ArgumentHelp("The folder to write; made if absent.", valueName: "folder"))
  var output: String

  @OptionGroup var overwriting: OverwriteOptions
  @OptionGroup var parallel: ThreadOptions
  @OptionGroup var global: GlobalOptions

  enum Kept: String, CaseIterable, ExpressibleByArgument { case last, best }

  func validate() throws {
    guard steps >= 1 else { throw ValidationError("--steps is \(steps) but must be at least 1.") }
    guard learningRate.isFinite, learningRate > 0 else {
      throw ValidationError("--learning-rate is \(learningRate) but must be a positive number.")
    }
    if let patience, patience < 1 { throw ValidationError("--patience is \(patience) but must be at least 1.") }
  }

  func run() throws {
    let folder = try TransferFolder(
      output, inputCount: style.input.count, overwrite: overwriting.force, console: global.console)
    if resume { try folder.requireState() }
    let problem = try StyleProblem(
      style, isConditionNeeded: starting.start == nil, console: global.console)
    let provenance = try Provenance.ofThisCommand(inputs: problem.inputPaths + starting.paths)
    let posterior = try problem.makePosterior(threads: parallel.count)
    let driver = MaximumAPosteriori(
      optimiser: Adam(learningRate: learningRate), steps: steps, stopRule: patience.map { StopRule(patience: $0) })
    let checkpoint = MAPCheckpoint(
      problem: problem.fingerprint(provenance), dimension: posterior.dimension, optimiser: driver.optimiser)
    let start = try starting.point(for: problem.prior, style: style, console: global.console)
    var state = resume ? try checkpoint.load(from: folder.state) : try driver.makeState(from: start)

    let outcome = try optimise(posterior, driver: driver, state: &state, checkpoint: checkpoint, folder: folder)
    do {
      guard let result = outcome.result else { throw InterruptedError() }
      let point = keep == .last ? result.last : result.best
      try folder.write(
        point: point, result: result, trace: state.trace, outcome: outcome, problem: problem,
        provenance: provenance, threads: parallel.count)
    } catch is InterruptedError {
      try folder.save(state, checkpoint: checkpoint)
      throw InterruptedError(
        "Interrupted after \(state.stepCount) of \(steps) steps: repeat the command with --resume to go on.")
    }
  }

  private func optimise(
    _ posterior: StylePosterior, driver: MaximumAPosteriori<Adam>, state: inout MAPState<Adam.State>,
    checkpoint: MAPCheckpoint<Adam>, folder: TransferFolder
  ) throws -> MAPOutcome {
    let progress = global.console.progress("transfer", total: max(1, steps - state.stepCount))
    defer { progress.finish() }
    var saved = Date()
    return try Interruption.polling {
      try driver.run(
        posterior, state: &state,
        progress: { report, state in
          progress.advance(note: "loss \(NumberText.short(report.loss))")
          // A run that is killed loses a minute, not an hour.
          if Date().timeIntervalSince(saved) > 60 {
            try folder.save(state, checkpoint: checkpoint)
            saved = Date()
          }
        },
        isCancelled: { Interruption.isRequested })
    }
  }
}
