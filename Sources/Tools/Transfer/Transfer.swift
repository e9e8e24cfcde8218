import ArgumentParser
import FXParams
import FileOutput
import PresetStore
import PriorKit
import Workflows

/// `priorkit transfer`: the preset that gives a dry vocal the style of a reference.
struct Transfer: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Move a reference's vocal style onto a dry vocal.",
    discussion: """
      EXAMPLES:
        priorkit transfer --prior prior.h5 --reference wet.wav --dry dry.wav \\
          -o transfer
        priorkit transfer --prior prior.h5 --optimiser adam --reference wet.wav \\
          --dry dry.wav -o transfer            # as published: 1000 evaluations
        priorkit transfer --prior prior.h5 --start posterior.h5 --steps 50 \\
          --reference wet.wav --dry dry.wav -o transfer
        priorkit transfer ... -o transfer --resume     # after Ctrl-C

      Maximises log p(reference | settings, dry) + alpha log p(settings) from the
      prior's mean (arXiv 2505.11315), by L-BFGS in the prior's coordinates or as
      --optimiser says. A step is one evaluation. The folder gets preset.h5 (one
      row), preset.json (named values with units), wet.wav (the whole input through
      the preset; wet-2.wav and so on for further inputs) and trace.h5 (/theta
      [steps + 1, D], /loss, /log_likelihood and /log_prior [steps]); and
      index.html, a page that plays dry vocal, result and reference at one loudness
      and shows spectra, curves, loss and settings. Ctrl-C leaves state.h5 there,
      from which --resume goes on.

      Under a prior of presets of varying shape, the most probable patterns of effects
      are tried, until they cover 95 % of presets or --patterns are done; messages say
      which won and by how much.
      """)

  @OptionGroup var style: StyleOptions
  @OptionGroup var method: OptimiserOptions
  @OptionGroup var starting: StartOptions

  @Option(name: .long, help: "Which point becomes the preset (default: last for adam, as published, else best).")
  var keep: Kept?

  @Option(
    within: 1...1000,
    help: "Under a prior of presets of varying shape: try so many patterns of effects at most, the most probable.")
  var patterns = 4

  @Flag(name: .long, help: "Go on from the state that an interrupted run left, and replace what it had written.")
  var resume = false

  @Option(
    name: [.customShort("o"), .long],
    help: ArgumentHelp("The folder to write; made if absent.", valueName: "folder"))
  var output: String

  @Flag(name: .long, help: "Leave out the page and its copies of the recordings.")
  var noPage = false

  @OptionGroup var quotient: QuotientOptions
  @OptionGroup var overwriting: OverwriteOptions
  @OptionGroup var machine: JSONOptions
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
    // A run that was stopped while it wrote its results has left some of them, with its state.
    let folder = try TransferFolder(output, inputCount: style.dry.count, overwrite: overwriting.force || resume)
    if !noPage { try TransferPage.check(output, overwrite: overwriting.force || resume) }
    if resume { try TransferStates.require(in: output) }
    var problem = try style.problem(
      isConditionNeeded: starting.start == nil, acceptsVaryingShape: true, console: global.console)
    if quotient.overOrbit { try problem.sumOverOrbits() }
    var transfer = method.transfer(problem)
    transfer.start = try starting.point(for: problem.prior, style: style, console: global.console)
    transfer.seed = random.seed
    transfer.threads = parallel.count
    if let keep { transfer.keepsLast = keep == .last }
    let provenance = try Provenance.ofThisCommand(seed: random.seed, inputs: style.paths + starting.paths)
    let states = TransferStates(
      in: output, problem: problem.fingerprint(provenance, condition: style.conditions.fingerprint),
      isResuming: resume)
    let outcome = try outcome(of: transfer, states)
    let (result, solved) = (outcome.result, outcome.problem)
    if result.losses.count > 1 {
      global.console.message(
        "losses of the starts: \(result.losses.map { NumberText.short($0) }.joined(separator: ", "))")
    }
    try folder.write(
      result, of: solved, provenance: provenance, states: states, stateCount: outcome.stateCount,
      threads: parallel.count, monitor: global.console)
    // The same words as in the folder.
    if machine.json {
      try Console.standardOutput(
        String(decoding: FileContents.data(ofFile: output + "/preset.json"), as: UTF8.self))
    }
    if !noPage { writePage(of: result, provenance) }
    return method.ending(of: result)
  }

  private func outcome(
    of transfer: StyleTransfer, _ states: TransferStates
  ) throws -> (result: TransferResult, problem: StyleProblem, stateCount: Int?) {
    guard transfer.problem.prior.patterns != nil else {
      return (try transfer.run(states: states, monitor: global.console), transfer.problem, nil)
    }
    let found = try PatternTransfer(transfer, limit: patterns).run(states: states, monitor: global.console)
    global.console.message(Self.verdict(on: found, transfer.problem.prior.chain))
    return (found.result, found.problem, found.stateCount)
  }

  /// Which pattern won, and by how much.
  private static func verdict(on found: PatternTransfer.Outcome, _ chain: ChainDescription) -> String {
    let ranked = found.trials.sorted { $0.merit > $1.merit }
    let parts = ranked.map { trial in
      let gap = trial.merit - ranked[0].merit
      return chain.words(for: trial.pattern) + (gap < 0 ? " (\(NumberText.short(gap, digits: 3)) nats)" : "")
    }
    return parts.count == 1
      ? "the only pattern tried: \(parts[0])" : "best pattern: " + parts.joined(separator: ", then ")
  }

  private func writePage(of result: TransferResult, _ provenance: Provenance) {
    guard let dry = style.dry.first, let reference = style.reference.first else { return }
    let page = TransferPage(
      folder: output, result: result, dry: dry, reference: reference, provenance: provenance,
      overwrite: overwriting.force || resume)
    global.console.page(page.write)
  }
}
