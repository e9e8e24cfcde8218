import ArgumentParser
import FXParams
import FileOutput
import NumericCore
import PresetRegression
import PresetStore
import PriorKit
import Workflows

/// `priorkit train regression`: a network that reads a preset off a processed vocal.
struct TrainRegression: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "regression",
    abstract: "Train the regression baseline: a network that reads a preset off a processed vocal.",
    discussion: """
      EXAMPLES:
        priorkit train regression prior.h5 --dry dry.wav --count 4000 --seed 1 \\
          -o regression.safetensors
        priorkit train regression presets.h5 --dry a.wav --dry b.wav \\
          --epochs 40 --checkpoint run.safetensors -o regression.safetensors
        priorkit train regression presets.h5 --diffvox diffvox/presets/medleydb \\
          --audio-root MedleyDB -o regression.safetensors
        priorkit show regression.safetensors

      It learns from simulated pairs (--dry): draws of a prior, or the presets
      of a file in turn, rendered on random active segments of dry recordings;
      or from recorded pairs (--audio-list, --diffvox): the active segments of
      processed recordings. Each segment is brought to -18 LUFS. Some presets
      (or groups of presets) are kept for validation, and the weights of the
      epoch with the smallest validation loss are kept: the mean squared error
      of logits divided by their deviation in training, 1 for the mean preset.
      A number of this network goes with what it was trained on, which the
      file keeps. The result does not depend on --threads.
      """)

  @Argument(help: "The presets, or the prior to draw them from.")
  var presets: String

  @Option(name: .long, help: ArgumentHelp("A dry vocal; may be given several times.", valueName: "dry.wav"))
  var dry: [String] = []

  @Option(within: 4...100_000_000, help: "How many pairs to simulate (default: 2000).")
  var count: Int?

  @OptionGroup var recorded: RecordedPairOptions

  @Option(within: 0.4...86_400, help: "Length of the segments.")
  var segmentSeconds = 2.0

  @OptionGroup var settings: RegressionOptions

  @Option(
    name: .long,
    help: ArgumentHelp("A file to go on from after an interruption, or with more epochs.", valueName: "file"))
  var checkpoint: String?

  @OptionGroup var output: OutputOptions
  @OptionGroup var format: JSONOptions
  @OptionGroup var random: RandomOptions
  @OptionGroup var parallel: ThreadOptions
  @OptionGroup var global: GlobalOptions

  func validate() throws {
    guard dry.isEmpty != (recorded.list == nil) else {
      throw ValidationError("Name what to learn from by one of --dry, --audio-list and --diffvox.")
    }
    guard count == nil || !dry.isEmpty else { throw ValidationError("--count is for simulated pairs, with --dry.") }
    guard dry.isEmpty || (recorded.audioRoot == nil && !recorded.skipMissing) else {
      throw ValidationError("--audio-root and --skip-missing are for recorded pairs.")
    }
  }

  func run() throws {
    try OutputFile.check(output.output, overwrite: output.overwriting.force)
    let (examples, audio) = dry.isEmpty ? try recordedExamples() : (try simulatedExamples(), dry)
    let provenance = try Provenance.ofThisCommand(seed: random.seed, inputs: [presets] + audio)
    var training = settings.training
    (training.seed, training.threads) = (random.seed, parallel.count)
    let outcome = try training.run(
      examples, checkpoint: checkpoint, inputs: provenance.inputs.map(\.sha256), monitor: global.console)
    try outcome.model.write(
      to: output.output, overwrite: output.overwriting.force, provenance: try provenance.json())
    global.console.message("\(output.output): a regression network trained on \(outcome.model.trainedOn)")
    try Console.standardOutput(
      RegressionSummary(of: outcome.model, history: outcome.history).text(isJSON: format.json))
  }

  private func simulatedExamples() throws -> RegressionExamples {
    let source = try PairPresets(reading: [presets])
    let segments = try DrySegments(
      dry, sampleRate: source.chain.sampleRate, segmentSeconds: segmentSeconds, monitor: global.console)
    var simulation = SimulatedExamples(presets: source, presetsName: presets, dry: segments)
    simulation.count = count ?? simulation.count
    (simulation.seed, simulation.threads) = (random.seed, parallel.count)
    return try simulation.run(monitor: global.console)
  }

  /// The examples, and the files that they depend on beside the presets.
  private func recordedExamples() throws -> (RegressionExamples, [String]) {
    let collection = try PresetFile.read(presets)
    let recordings = PresetRecordings(
      try recorded.audioList(collection), of: collection, root: recorded.audioRoot)
    if let sentence = recordings.missingSentence {
      guard recorded.skipMissing else {
        throw CommandError(sentence + ": correct the list, or use --skip-missing.")
      }
      global.console.warning(sentence + " and left out.")
    }
    var reading = RecordedExamples(recordings, of: collection, presetsName: presets)
    reading.segmentSeconds = segmentSeconds
    reading.skipsUnusable = recorded.skipMissing
    reading.threads = parallel.count
    return (try reading.run(monitor: global.console), [recorded.list].compactMap { $0 } + recordings.paths)
  }
}
