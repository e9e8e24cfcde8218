import ArgumentParser
import FXParams
import FileOutput
import Foundation
import NumericCore
import PresetStore
import PriorKit
import StyleFeatures
import Workflows

/// `priorkit recommend`: the presets that bring a dry vocal nearest to a reference.
struct Recommend: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Find the presets of a collection that come nearest to a reference.",
    discussion: """
      EXAMPLES:
        priorkit recommend presets.h5 --reference wet.wav --dry dry.wav
        priorkit recommend presets.h5 --reference wet.wav --dry dry.wav --count 3 \\
          --audition candidates --cache renderings
        priorkit recommend with-features.h5 --reference wet.wav      # no dry vocal

      The dry vocal is rendered through every preset, and the style of the renderings
      is compared with that of the reference, as transfer does: log p(reference |
      preset, dry), without a prior. Without --dry the presets are compared by the
      features of their own recordings (priorkit features --wet). --cache keeps the
      renderings, which do not depend on the reference. -o keeps all distances, as
      JSON.
      """)

  @Argument(help: "The preset file.")
  var presets: String

  @Option(
    name: .long,
    help: ArgumentHelp("A processed vocal, stereo; may be given several times.", valueName: "wet.wav"))
  var reference: [String]

  @Option(
    name: .long, help: ArgumentHelp("The dry vocal; may be given several times.", valueName: "dry.wav"))
  var dry: [String] = []

  @Option(within: 1...1_000_000_000, help: "How many presets to list.")
  var count = 5

  @OptionGroup var encoders: EncoderOptions

  @Option(
    within: 0.01...86_400,
    help: "Length of the segments; shorter files are one segment, silent segments are dropped.")
  var segmentSeconds = 11.0

  @Option(
    within: 1...1_000_000, help: "Use so many segments of the dry vocals, and of the references, at most.")
  var maximumSegments: Int?

  @Option(
    name: .long,
    help: ArgumentHelp("Render the first dry vocal through the listed presets, into a folder.", valueName: "folder")
  )
  var audition: String?

  @Option(
    name: .long, help: ArgumentHelp("A folder that keeps renderings for other references.", valueName: "folder"))
  var cache: String?

  @Option(
    name: [.customShort("o"), .long], help: ArgumentHelp("Keep all distances, as JSON.", valueName: "file"))
  var output: String?

  @OptionGroup var overwriting: OverwriteOptions
  @OptionGroup var sharding: ShardOptions
  @OptionGroup var format: JSONOptions
  @OptionGroup var parallel: ThreadOptions
  @OptionGroup var global: GlobalOptions

  func validate() throws {
    guard !reference.isEmpty else { throw ValidationError("--reference is missing: name a processed vocal.") }
    guard audition == nil || !dry.isEmpty else {
      throw ValidationError("--audition renders a --dry vocal: name one.")
    }
    guard cache == nil || !dry.isEmpty else {
      throw ValidationError("--cache keeps renderings of a --dry vocal: name one.")
    }
    guard sharding.shard == nil || (output != nil && !dry.isEmpty && audition == nil) else {
      throw ValidationError(
        "--shard ranks a share of the presets for priorkit merge: give --dry and -o, no --audition.")
    }
  }

  func run() throws {
    if let output { try OutputFile.check(output, overwrite: overwriting.force) }
    let collection = try PresetFile.read(presets)
    let kind = try encoders.kind(console: global.console)
    try kind.requireStyle()
    let provenance = try Provenance.ofThisCommand(inputs: [presets] + encoders.paths + reference + dry)
    let shard = sharding.record(
      .recommendation, rowCount: collection.count,
      terms: [
        .init("encoder", kind.rawValue), .init("segment length in s", "\(segmentSeconds)"),
        .init("segments at most", maximumSegments.map { "\($0)" } ?? "all"),
      ] + provenance.inputs.map { .init($0.path, $0.sha256) })
    let ranking: StyleRanking
    if dry.isEmpty {
      ranking = try StyleRanking(
        byFeaturesOf: collection, path: presets, references: reference, encoder: kind, monitor: global.console)
    } else {
      var settings = StyleSettings()
      settings.encoder = kind
      settings.segmentSeconds = segmentSeconds
      settings.maximumSegments = maximumSegments
      ranking = try StyleRanking(
        of: collection, rows: sharding.shard?.rows(of: collection.count), references: reference, dry: dry,
        settings: settings, cache: cache.map { RenderingCache(folder: $0) }, threads: parallel.count,
        monitor: global.console)
    }
    let all = Recommendation(ranking, of: collection, shard: shard, provenance: provenance)
    guard !all.presets.isEmpty || shard != nil else {
      throw CommandError("No preset of \(presets) has a rendering that can be compared: look at its values.")
    }
    if let output {
      try OutputFile.write(Data(JSONText.text(all).utf8), to: output, overwrite: overwriting.force)
      global.console.message("\(output): distances of \(all.presets.count) presets")
    }
    let nearest = Array(all.presets.prefix(count))
    try Console.standardOutput(format.json ? JSONText.text(nearest) : text(nearest))
    if let audition { try render(nearest, of: collection, in: audition, provenance: provenance) }
  }

  private func text(_ entries: [Recommendation.Entry]) -> String {
    var table = TextTable([
      ("", .right), ("preset", .left), ("row", .right), ("log-likelihood", .right), ("angle mid", .right),
      ("angle side", .right),
    ])
    for (index, entry) in entries.enumerated() {
      table.append(
        ["\(index + 1)", entry.label, "\(entry.row)"]
          + [entry.logLikelihood, entry.angleMid, entry.angleSide].map { NumberText.short($0) })
    }
    return table.text
  }

  private func render(
    _ entries: [Recommendation.Entry], of collection: PresetCollection, in folder: String, provenance: Provenance
  ) throws {
    var chosen = collection.selecting(rows: entries.map(\.row))
    chosen.labels = entries.enumerated().map { "\($0 + 1)-\($1.label)" }
    let rendering = Audition(of: dry[0], in: folder, threads: parallel.count)
    try rendering.prepare(chosen.labels ?? [], overwrite: overwriting.force)
    try rendering.render(
      chosen, provenance: provenance, overwrite: overwriting.force, monitor: global.console)
  }
}
