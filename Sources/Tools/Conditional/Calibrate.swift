import ArgumentParser
import FXParams
import FileOutput
import PresetStore
import PriorKit
import Workflows

/// `priorkit calibrate`: whether a conditional prior is as sure as it should be.
struct Calibrate: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Check a conditional prior: ranks and expected coverage.",
    discussion: """
      EXAMPLES:
        priorkit calibrate posterior.h5 held-out-pairs.h5
        priorkit calibrate posterior.h5 held-out-pairs.h5 --directory calibration
        priorkit calibrate posterior.h5 --own-simulations 500
        priorkit calibrate posterior.h5 --test real-presets.h5 --against prior.h5
        priorkit calibrate posterior.h5 --test real-presets.h5 --widened wide.h5

      For each pair, --draws presets are drawn given its features, and the rank of
      the true value among them is noted for each parameter: ranks of a calibrated
      prior are uniform (simulation-based calibration, arXiv 1804.06788), which a
      chi-squared test checks. Expected coverage is the share of pairs inside the
      region of highest density of a level, which should be the level. The folder
      gets ranks.svg, coverage.svg and parameters.csv. --own-simulations draws
      the pairs from the fitted joint density. The verdict stands first, and the
      exit code is 3 if regions of some level do not hold what they should or more
      than 5 % of the parameters have ranks that are not uniform. --test is for
      presets of another kind than those of the pairs, such as real ones rendered
      by `simulate`: there only the 90 % regions count for the exit code. The
      squared error of the mean (PMSE) and the log density are set against those
      of an unconditional prior by --against. --widened writes the prior spread
      about its mean until its 90 % regions hold 90 % of these presets; check it
      on others. The exit code is then 0.
      """)

  @Argument(help: "The conditional prior.")
  var prior: String

  @Argument(help: "Pairs that it was not fitted to: a preset file with /features.")
  var pairs: String?

  @Option(
    within: CalibrationRun.leastPairs...10_000_000,
    help: "Check on so many pairs that the prior simulates itself, instead of a file.")
  var ownSimulations: Int?

  @Option(
    name: .long,
    help: ArgumentHelp(
      "Pairs of other presets: also say whether the prior can be trusted there.", valueName: "pairs"))
  var test: String?

  @Option(
    name: .long,
    help: ArgumentHelp("An unconditional prior to set errors and densities against.", valueName: "prior"))
  var against: String?

  @Option(
    name: .long,
    help: ArgumentHelp(
      "With --test: write the prior with regions as wide as these presets ask for.", valueName: "output"))
  var widened: String?

  @Option(within: 9...1_000_000, help: "Draws for each pair.")
  var draws = CalibrationRun.usualDraws

  @Option(name: .long, help: ArgumentHelp("A folder for plots and table; made if absent.", valueName: "folder"))
  var directory: String?

  @OptionGroup var overwriting: OverwriteOptions
  @OptionGroup var format: JSONOptions
  @OptionGroup var random: RandomOptions
  @OptionGroup var parallel: ThreadOptions
  @OptionGroup var global: GlobalOptions

  func validate() throws {
    guard [pairs != nil, ownSimulations != nil, test != nil].count(where: { $0 }) == 1 else {
      throw ValidationError("Give one of a file of pairs, --test and --own-simulations.")
    }
    guard widened == nil || test != nil else {
      throw ValidationError("--widened needs presets that the prior was not fitted to: name them by --test.")
    }
  }

  func run() throws {
    if let widened { try OutputFile.check(widened, overwrite: overwriting.force) }
    let folder = directory.map(OutputFolder.init)
    try folder?.check(CalibrationReport.files, overwrite: overwriting.force)
    let conditional = try ConditionalPriorFile.read(prior)
    let baseline = try against.map { path in
      let prior = try PriorFile.read(path)
      try prior.chain.require(conditional.chain, paths: (path, self.prior))
      return prior
    }
    var run = CalibrationRun(of: conditional)
    (run.draws, run.seed, run.threads) = (draws, random.seed, parallel.count)
    let calibration = try calibration(run)
    let verdict = CalibrationVerdict(calibration)
    let report = CalibrationReport(calibration, against: baseline, verdict: verdict)
    if let folder, let directory {
      try folder.fill(CalibrationReport.files) {
        let inputs = [prior] + [pairs, test, against].compactMap { $0 }
        try report.write(
          to: folder, provenance: .ofThisCommand(seed: random.seed, inputs: inputs), overwrite: overwriting.force)
      }
      global.console.message("\(directory): \(CalibrationReport.files.joined(separator: ", "))")
    }
    try Console.standardOutput(format.json ? JSONText.text(report) : report.text)
    if let widened, let test {
      return try write(
        run.widened(on: collection(test, for: run), path: test, monitor: global.console), to: widened, test: test)
    }
    guard test == nil ? verdict.isCalibratedThroughout : verdict.isCalibrated else { throw DiagnosticsFailed() }
  }

  private func calibration(_ run: CalibrationRun) throws -> Calibration {
    if let ownSimulations { return try run.run(ownSimulations: ownSimulations, monitor: global.console) }
    let path = pairs ?? test ?? ""
    return try run.run(on: collection(path, for: run), path: path, monitor: global.console)
  }

  private func collection(_ path: String, for run: CalibrationRun) throws -> PresetCollection {
    let collection = try PresetFile.read(path)
    try collection.chain.require(run.prior.chain, paths: (path, prior))
    return collection
  }

  private func write(_ widened: ConditionalPrior, to output: String, test: String) throws {
    try ConditionalPriorFile.write(
      widened, to: output, provenance: .ofThisCommand(seed: random.seed, inputs: [prior, test]),
      overwrite: overwriting.force)
    global.console.message(
      "\(output): spread \(NumberText.short(widened.spread)) about the mean, at which 90 % regions hold 90 % of "
        + "presets like those of \(test)")
  }
}
