import ArgumentParser
import Evaluation
import FXParams
import PresetStore
import PriorKit
import Workflows

/// `priorkit evaluate`: methods on tracks, measured.
struct Evaluate: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Measure methods on tracks: the published evaluation, on your recordings.",
    discussion: """
      EXAMPLES:
        priorkit evaluate --diffvox diffvox/presets/medleydb --audio-root MedleyDB \\
          --prior prior.h5 --collection presets.h5 -o run \\
          --methods oracle,mean,nn-param,nn-emb:mfcc,transfer:mfcc:0,transfer:mfcc:0.1
        priorkit evaluate tracks.csv --prior prior.h5 -o run \\
          --methods mean,transfer:mfcc:0.1,transfer:mfcc:0.1:adam-200
        priorkit evaluate --hidden presets.h5 --dry voice.flac --prior prior.h5 -o run \\
          --methods oracle,mean,transfer:mfcc:0.1 --segment-seconds 3
        priorkit evaluate ... -o run --resume          # after Ctrl-C, or with more methods
        priorkit tabulate run/scores.csv

      A method is given the even active segments of the wet vocal and the odd ones
      of the dry vocal; the preset that it chooses renders the whole dry vocal, which
      is measured against the whole wet one (arXiv 2505.11315). Methods: oracle,
      mean, no-effect, nn-param, nn-emb:ENCODER, regression:FILE, conditional:FILE,
      transfer:ENCODER:ALPHA and conditional-transfer:FILE:ENCODER:ALPHA, either with
      :SEARCH if wanted, which is lbfgs, adam, adam-white or cma-es, with a number of
      evaluations if wanted (adam-200).
      The folder gets scores.csv (the published columns, then PriorKit's), a line as
      soon as it is known, presets.csv (the logits), timings.csv and run.json. A list
      of tracks has the columns track_id (the song), stem_id, dry, wet and optionally
      shift (frames) and preset_row.
      """)

  @OptionGroup var tracks: TrackOptions
  @OptionGroup var methods: MethodOptions

  @Option(
    within: 0.01...86_400,
    help: "Length of the segments; shorter files are one segment, silent segments are dropped.")
  var segmentSeconds = 11.0

  @Option(
    within: 1...1_000_000,
    help: "Use so many segments of a reference, and of an input, at most, evenly spaced.")
  var maximumSegments: Int?

  @Flag(name: .long, help: "Keep the prepared recordings and all renderings, for listening tests.")
  var saveAudio = false

  @Flag(name: .long, help: "Keep the rows that are there and go on; methods may be added.")
  var resume = false

  @Option(
    name: [.customShort("o"), .long],
    help: ArgumentHelp("The folder to write; made if absent.", valueName: "folder"))
  var output: String

  @OptionGroup var overwriting: OverwriteOptions
  @OptionGroup var sharding: ShardOptions
  @OptionGroup var random: RandomOptions
  @OptionGroup var parallel: ThreadOptions
  @OptionGroup var global: GlobalOptions

  func run() throws {
    try TrackEvaluation.requireUsable(folder: output, isResuming: resume, overwrite: overwriting.force)
    let prior = try methods.readPrior()
    let list = try tracks.list(console: global.console)
    var context = try methods.context(chain: list.chain, prior: prior, console: global.console)
    context.seed = random.seed
    var evaluation = TrackEvaluation(tracks: list.tracks, methods: methods.named, context: context)
    evaluation.segmentSeconds = segmentSeconds
    evaluation.maximumSegments = maximumSegments
    evaluation.savesAudio = saveAudio
    evaluation.threads = parallel.count
    let sharedPaths = methods.commonPaths + tracks.paths
    evaluation.sharedInputs = try Provenance.ofThisCommand(inputs: sharedPaths).inputs
    let methodFiles = try methods.digests()
    evaluation.shard = sharding.record(
      .evaluation, rowCount: list.tracks.tracks.count,
      terms: evaluation.terms
        + methods.named.map { .init("method", $0.name + (methodFiles[$0.name].map { " " + $0 } ?? "")) })
    let recordings = TrackList.paths(of: evaluation.ownTracks)
    let provenance = try global.console.during("reading the recordings") {
      try Provenance.ofThisCommand(seed: random.seed, inputs: sharedPaths + recordings)
    }
    let outcome = try evaluation.run(
      in: output, provenance: provenance, methodFiles: methodFiles, isResuming: resume,
      overwrite: overwriting.force, monitor: global.console)
    global.console.message("\(output): \(outcome.rowCount) rows")
    if let first = outcome.failures.first {
      let count = outcome.failures.count - 1
      let others = count == 0 ? "" : " and \(count) other track\(count > 1 ? "s" : "")"
      throw CommandError(
        "\(first.track.stem)\(others) could not be evaluated "
          + "(\(first.reason.trimmingSuffix("."))); the rows of the others are in \(output): correct the "
          + "recordings and go on with --resume, or leave the tracks out.")
    }
  }
}

extension String {
  fileprivate func trimmingSuffix(_ suffix: String) -> String {
    hasSuffix(suffix) ? String(dropLast(suffix.count)) : self
  }
}
