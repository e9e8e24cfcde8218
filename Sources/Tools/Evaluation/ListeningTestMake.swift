import ArgumentParser
import FileOutput
import Foundation
import PresetStore
import Workflows

/// `priorkit listening-test make`
struct ListeningTestMake: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "make",
    abstract: "Make a listening test for webMUSHRA from an evaluation.",
    discussion: """
      EXAMPLES:
        priorkit listening-test make run -o test \\
          --methods transfer:mfcc:0.1,transfer:mfcc:0,nn-emb:mfcc,mean
        priorkit listening-test make run -o test --tracks lead,choir --anchor35

      RUN is the folder of an evaluation that kept its recordings (evaluate
      --save-audio). FOLDER/configs goes into a copy of webMUSHRA; listening-test.json
      says which file is what and stays at home. Every page has the reference, openly
      and hidden, each method, and the dry track as anchor: the stretch in which the
      reference is most active, of one length, at one loudness (BS.1770), in random
      order. A test without the arm transfer:ENCODER:0 cannot tell what the prior
      does: there is a warning then.
      """)

  @Argument(help: ArgumentHelp("The folder of the evaluation.", valueName: "run"))
  var evaluation: String

  @Option(
    name: [.customShort("o"), .long], help: ArgumentHelp("The folder to write.", valueName: "folder"))
  var output: String

  @Option(name: .long, help: ArgumentHelp("The name of the test (default: that of the folder).", valueName: "name"))
  var name: String?

  @Option(name: .long, help: ArgumentHelp("Methods, with commas (default: all).", valueName: "a,b"))
  var methods: String?

  @Option(name: .long, help: ArgumentHelp("Stems to be heard, with commas (default: drawn).", valueName: "a,b"))
  var tracks: String?

  @Option(
    within: 1...1000,
    help:
      "How many tracks are drawn, no two of one song if possible (default: \(ListeningTestPreparation.usualCount))."
  )
  var count: Int?

  @Option(within: 0...100, help: "How many pages are for practice, with other tracks if there are any.")
  var training = ListeningTestPreparation.usualTrainingCount

  @Option(within: 0.5...12, help: "How long each sound is, in seconds.")
  var seconds = ListeningTestPreparation.usualSeconds

  @Option(within: -60 ... -10, help: "The loudness of each sound in LUFS, such as --loudness=-26.")
  var loudness = ListeningTestPreparation.usualLoudnessLUFS

  @Flag(name: .customLong("anchor35"), help: "Have webMUSHRA add the reference low-passed at 3.5 kHz.")
  var hasLowAnchor = false

  @Flag(name: .customLong("anchor70"), help: "Have webMUSHRA add the reference low-passed at 7 kHz.")
  var hasMidAnchor = false

  @OptionGroup var overwriting: OverwriteOptions
  @OptionGroup var random: RandomOptions
  @OptionGroup var global: GlobalOptions

  func validate() throws {
    if tracks != nil, count != nil {
      throw ValidationError("--tracks names the tracks and --count draws some: give one of them.")
    }
  }

  func run() throws {
    var preparation = ListeningTestPreparation(
      of: try EvaluatedTracks(folder: evaluation), name: name ?? URL(fileURLWithPath: output).lastPathComponent)
    preparation.methods = Self.names(methods)
    preparation.stems = Self.names(tracks)
    preparation.count = count ?? ListeningTestPreparation.usualCount
    preparation.trainingCount = training
    preparation.seconds = seconds
    preparation.loudnessLUFS = loudness
    preparation.hasLowAnchor = hasLowAnchor
    preparation.hasMidAnchor = hasMidAnchor
    preparation.seed = random.seed
    let plan = try preparation.plan(monitor: global.console)
    let folder = try ListeningTestFolder(output, for: plan, overwrite: overwriting.force)
    try folder.write(
      provenance: .ofThisCommand(seed: random.seed, inputs: plan.inputs), monitor: global.console)
  }

  private static func names(_ list: String?) -> [String] {
    (list ?? "").split(separator: ",").map { $0.trimmingCharacters(in: .whitespaces) }
  }
}
