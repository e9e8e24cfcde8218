import ArgumentParser
import AudioFiles
import FXParams
import FileOutput
import Foundation
import NumericCore
import PresetStore
import StyleFeatures
import Workflows

/// `priorkit features`: presets with a description of the vocal that each belongs to.
struct Features: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Add features of recordings to presets, for conditional priors.",
    discussion: """
      EXAMPLES:
        priorkit features presets.h5 --audio-list list.csv --audio-root audio \\
          -o with-features.h5
        priorkit features presets.h5 --diffvox diffvox/presets/medleydb \\
          --audio-root MedleyDB --skip-missing -o with-features.h5
        priorkit features presets.h5 --audio-list list.csv --shard 2/8 -o part-2.h5
        priorkit fit with-features.h5 --given features -o conditional.h5

      The list has the columns label (or row, from 0), file and, if the file is to
      be moved to the right, shift in frames. Each recording is read, normalised
      to -18 LUFS, cut into segments, and the embeddings of the active ones are
      averaged: the mid embedding of a dry vocal (as mono), mid and side with
      --wet. With --shard several machines take a share of the presets each, and
      need no other recordings; `merge` puts the shares together.
      """)

  @Argument(help: "The preset file.")
  var presets: String

  @Option(name: .long, help: ArgumentHelp("Which recording belongs to which preset.", valueName: "csv"))
  var audioList: String?

  @Option(name: .long, help: ArgumentHelp("A DiffVox folder, whose info.json has the list.", valueName: "folder"))
  var diffvox: String?

  @Option(
    name: .long,
    help: ArgumentHelp("Where the files are: the longest end of each name that exists there.", valueName: "folder"))
  var audioRoot: String?

  @Flag(name: .long, help: "The recordings are processed vocals, in stereo, not dry ones.")
  var wet = false

  @OptionGroup var encoders: EncoderOptions

  @Option(within: 0.01...86_400, help: "Length of the segments; a shorter file is one segment.")
  var segmentSeconds = 11.0

  @Flag(name: .long, help: "Leave out presets whose recording is missing or silent.")
  var skipMissing = false

  @Option(name: .long, help: ArgumentHelp("A file to go on from after an interruption.", valueName: "file"))
  var checkpoint: String?

  @OptionGroup var sharding: ShardOptions
  @OptionGroup var output: OutputOptions
  @OptionGroup var parallel: ThreadOptions
  @OptionGroup var global: GlobalOptions

  func validate() throws {
    guard (audioList == nil) != (diffvox == nil) else {
      throw ValidationError("Name the recordings by one of --audio-list and --diffvox.")
    }
  }

  func run() throws {
    try OutputFile.check(output.output, overwrite: output.overwriting.force)
    let collection = try PresetFile.read(presets)
    var extraction = FeatureExtraction(
      encoder: try encoders.kind(console: global.console), source: wet ? .wet : .dry,
      sampleRate: collection.chain.sampleRate,
      segmentSeconds: segmentSeconds)
    extraction.skipsUnusable = skipMissing
    extraction.threads = parallel.count
    let list = try list(collection, source: extraction.record.source)
    let recordings = PresetRecordings(list, of: collection, root: audioRoot, shard: sharding.shard ?? .whole)
    if let sentence = recordings.missingSentence {
      guard skipMissing else { throw CommandError(sentence + ": correct the list, or use --skip-missing.") }
      global.console.warning(sentence + " and left out.")
    }
    let provenance = try Provenance.ofThisCommand(
      inputs: [presets] + encoders.paths + [listPath] + recordings.paths)
    let inputs = provenance.inputs.map(\.sha256)
    let terms = terms(extraction, provenance)
    guard let record = sharding.record(.features, rowCount: collection.count, terms: terms) else {
      let result = try extraction.run(
        recordings, of: collection, path: presets, checkpoint: checkpoint, inputs: inputs, monitor: global.console)
      return try result.save(to: output, provenance: provenance, console: global.console)
    }
    let part = try extraction.part(
      recordings, of: collection, checkpoint: checkpoint, inputs: inputs, monitor: global.console)
    try part.save(record, to: output, provenance: provenance, console: global.console)
  }

  /// Everything that features depend on but the recordings: a shard has read its own only.
  private func terms(_ extraction: FeatureExtraction, _ provenance: Provenance) -> [ShardRecord.Term] {
    ShardRecord.Term.digests("presets", [presets], of: provenance)
      + ShardRecord.Term.digests("encoder file", encoders.paths, of: provenance)
      + ShardRecord.Term.digests("list of recordings", [listPath], of: provenance) + [
        .init("features", extraction.record.summary), .init("skipping what is missing", "\(skipMissing)"),
      ]
  }

  /// The file that says which recording belongs to which preset.
  private var listPath: String { audioList ?? (diffvox ?? "") + "/info.json" }

  private func list(_ collection: PresetCollection, source: FeatureRecord.Source) throws -> AudioList {
    if let audioList { return try AudioList(csv: audioList, presets: collection) }
    return try AudioList(diffVoxFolder: diffvox ?? "", source: source, presets: collection)
  }
}
