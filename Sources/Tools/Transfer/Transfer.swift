import ArgumentParser
import FXParams
import FileOutput
import Foundation
import Inference
import NumericCore
import PresetStore
import PriorKit
import Synchronization

/// `priorkit transfer`: the preset that gives a dry vocal the style of a reference.
struct Transfer: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Move a reference's vocal style onto a dry vocal.",
    discussion: """
      EXAMPLES:
        priorkit transfer --prior prior.h5 --reference wet.wav --input dry.wav \\
          -o transfer
        priorkit transfer --prior prior.h5 --optimiser adam --reference wet.wav \\
          --input dry.wav -o transfer            # as published: 1000 evaluations
        priorkit transfer --prior prior.h5 --start posterior.h5 --steps 50 \\
          --reference wet.wav --input dry.wav -o transfer
        priorkit transfer ... -o transfer --resume     # after Ctrl-C

      Maximises log p(reference | settings, dry) + alpha log p(settings) from the
      prior's mean (arXiv 2505.11315), by L-BFGS in the prior's coordinates or as
      --optimiser says. A step is one evaluation. The folder gets preset.h5 (one
      row), preset.json (named values with units), wet.wav (the whole input through
      the preset; wet-2.wav and so on for further inputs) and trace.h5 (/theta
      [steps + 1, D], /loss, /log_likelihood and /log_prior [steps]). Ctrl-C leaves
      state.h5 there, from which --resume goes on.
      """)

  @OptionGroup var style: StyleOptions
  @OptionGroup var method: OptimiserOptions
  @OptionGroup var starting: StartOptions

  @Option(name: .long, help: "Which point becomes the preset (default: last for adam, as published, else best).")
  var keep: Kept?

  @Flag(name: .long, help: "Go on from the state that an interrupted run left in the folder.")
  var resume = false

  @Option(
    name: [.customShort("o"), .long],
    help: ArgumentHelp("The folder to write; made if absent.", valueName: "folder"))
  var output: String

  @OptionGroup var symmetry: OrbitOptions
  @OptionGroup var overwriting: OverwriteOptions
  @OptionGroup var random: RandomOptions
  @OptionGroup var parallel: ThreadOptions
  @OptionGroup var global: GlobalOptions

  enum Kept: String, CaseIterable, ExpressibleByArgument { case last, best }

  func validate() throws { try style.requireRecordings() }

  func run() throws {
    let clock = ContinuousClock()
    let begin = clock.now
    let ending = try transfer()
    let time = ProgressText.duration(seconds: begin.duration(to: clock.now) / .seconds(1))
    global.console.message("\(output): \(ending); \(time) in all")
  }

  /// - Returns: how the run ended, in words.
  private func transfer() throws -> String {
    let folder = try TransferFolder(
      output, inputCount: style.input.count, overwrite: overwriting.force, console: global.console)
    if resume { try folder.requireState() }
    var problem = try StyleProblem(style, isConditionNeeded: starting.start == nil, console: global.console)
    if symmetry.orbit == .sum { try problem.sumOverOrbits() }
    if method.optimiser != .evolution { try problem.requireGradient("--optimiser \(method.optimiser.rawValue)") }
    func white() throws -> WhiteCoordinates {
      try global.console.during("preparing the prior") { try WhiteCoordinates(whitening: problem.prior.density) }
    }
    return switch method.optimiser {
    case .adam: try run(method.adam, problem: problem, folder: folder)
    case .whiteAdam: try run(Whitened(method.adam, coordinates: white()), problem: problem, folder: folder)
    case .lbfgs:
      try run(try scanning(problem, white()), problem: problem, folder: folder)
    case .evolution:
      try run(Whitened(CMAES(seed: random.seed), coordinates: white()), problem: problem, folder: folder)
    }
  }

  private func scanning(_ problem: StyleProblem, _ white: WhiteCoordinates) throws -> Whitened<ScanningLBFGS> {
    let lbfgs = ScanningLBFGS(
      curvature: ObjectiveWeights.loss(alpha: style.alpha).expectedCurvature,
      rippledPositions: problem.prior.chain.rippledPositions, coordinates: white)
    return Whitened(lbfgs, coordinates: white)
  }

  private func run<Method: Optimiser>(
    _ optimiser: Method, problem: StyleProblem, folder: TransferFolder
  ) throws -> String {
    let provenance = try Provenance.ofThisCommand(
      seed: random.seed, inputs: problem.inputPaths + starting.paths)
    let driver = MaximumAPosteriori(optimiser: optimiser, steps: method.stepLimit, stopRule: method.stopRule)
    let checkpoint = MAPCheckpoint(
      problem: problem.fingerprint(provenance), dimension: problem.prior.dimension, optimiser: optimiser)
    let first = try starting.point(for: problem.prior, style: style, console: global.console)
    // A start that had not begun when the run was stopped has no state yet.
    let states = try (0..<method.restarts).map { start in
      resume && FileManager.default.fileExists(atPath: folder.state(start))
        ? try checkpoint.load(from: folder.state(start))
        : try driver.makeState(from: start == 0 ? first : draw(start, of: problem.prior))
    }
    let runs = try optimise(states, driver: driver, problem: problem, checkpoint: checkpoint, folder: folder)
    do {
      guard let best = Restarts.best(of: runs), let result = runs[best].outcome.result else {
        throw InterruptedError()
      }
      if runs.count > 1 {
        let losses = runs.compactMap { $0.outcome.result.map { NumberText.short($0.best.loss) } }
        global.console.message("losses of the starts: \(losses.joined(separator: ", "))")
      }
      let point = (keep ?? (method.optimiser == .adam ? .last : .best)) == .last ? result.last : result.best
      try folder.write(
        point: point, result: result, trace: runs[best].state.trace, outcome: runs[best].outcome, problem: problem,
        provenance: provenance, threads: parallel.count)
      folder.removeStates(runs.count)
      return method.ending(of: runs[best].outcome, steps: runs[best].state.stepCount)
    } catch is InterruptedError {
      for (start, run) in runs.enumerated() { try folder.save(run.state, start: start, checkpoint: checkpoint) }
      let steps = runs.map { String($0.state.stepCount) }.joined(separator: ", ")
      throw InterruptedError(
        "Interrupted after \(steps) of \(method.stepLimit) steps: repeat the command with --resume to go on.")
    }
  }

  private func draw(_ index: Int, of prior: any Prior) -> [Double] {
    var source = RandomSource(seed: random.seed, stream: UInt64(index))
    return prior.sample(using: &source)
  }

  private func optimise<Method: Optimiser>(
    _ states: [MAPState<Method.State>], driver: MaximumAPosteriori<Method>, problem: StyleProblem,
    checkpoint: MAPCheckpoint<Method>, folder: TransferFolder
  ) throws -> [Restarts<Method>.Run] {
    let remaining = states.reduce(0) { $0 + method.stepLimit - $1.stepCount }
    let progress = global.console.progress(
      "transfer", total: max(1, remaining), isLimit: driver.stopRule != nil)
    defer { progress.finish() }
    let lanes = min(parallel.count, states.count)
    let threads = max(1, parallel.count / lanes)
    let saved = Mutex([Date](repeating: Date(), count: states.count))
    return try Interruption.polling {
      try Restarts(driver: driver, threads: lanes).run(
        from: states,
        progress: { start, report, state in
          progress.advance(note: "loss \(NumberText.short(report.loss))")
          // A run that is killed loses a minute, not an hour.
          let isDue = saved.withLock { times in
            guard Date().timeIntervalSince(times[start]) > 60 else { return false }
            times[start] = Date()
            return true
          }
          if isDue { try folder.save(state, start: start, checkpoint: checkpoint) }
        },
        isCancelled: { Interruption.isRequested },
        makeDensity: { try problem.makePosterior(threads: threads) })
    }
  }
}
