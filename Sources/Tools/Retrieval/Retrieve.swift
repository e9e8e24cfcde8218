import ArgumentParser
import Evaluation
import FXParams
import FileOutput
import Foundation
import Inference
import PresetStore
import Workflows

/// `priorkit retrieve`: presets from recordings.
struct Retrieve: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Find the preset of a dry vocal and its processed version.",
    discussion: """
      EXAMPLES:
        priorkit retrieve --dry dry.wav --wet wet.wav -o retrieved
        priorkit retrieve --dry dry.wav --wet wet.wav --prior prior.h5 \\
          --alpha 0.001 -o retrieved
        priorkit retrieve --list pairs.csv --standard-errors -o retrievals
        priorkit retrieve --list pairs.csv --shard 2/8 -o retrievals
        priorkit retrieve ... --resume                 # after Ctrl-C
        priorkit collect retrievals -o presets.h5

      Aligns the two recordings, brings both to -18 LUFS, cuts them into chunks
      of 12 s, and minimises the loss by which the DiffVox presets were found
      (arXiv 2504.14735): MSS and MLDR on left and right and on mid and side. A
      step is one evaluation. The folder gets preset.h5 (one row), preset.json
      (named values with units, distances, alignment), trace.h5, and the sound:
      dry.wav, reference.wav (the processed recording) and wet.wav (the dry one
      through the preset), aligned, the first two at -18 LUFS.
      The list has the columns dry and wet, and optionally name and group (the
      song); each pair gets a folder of its name. A pair that fails leaves
      failure.json there, and the next one follows; the exit code is then 1.
      --standard-errors adds to preset.h5 and preset.json how well the recording
      determines each parameter, for fit --family widened-blocks.
      """)

  @Option(name: .long, help: ArgumentHelp("The dry vocal.", valueName: "dry.wav"))
  var dry: String?

  @Option(name: .long, help: ArgumentHelp("The processed vocal, stereo.", valueName: "wet.wav"))
  var wet: String?

  @Option(
    name: .long,
    help: ArgumentHelp("A table of pairs instead; its relative paths begin at its folder.", valueName: "csv"))
  var list: String?

  @Option(
    name: .long,
    help: ArgumentHelp(
      "With --list, only the pairs of shard i of n; shards may share a folder.", valueName: "i/n"),
    transform: ShardOptions.parsed)
  var shard: Shard?

  @Option(name: .long, help: "The name of the preset (default: that of the output folder).")
  var name: String?

  @Option(name: .long, help: "The song, say, that the preset belongs to.")
  var group: String?

  @OptionGroup var options: RetrievalOptions

  @Flag(name: .long, help: "Go on where an interrupted run ended; pairs that are complete are left as they are.")
  var resume = false

  @Option(
    name: [.customShort("o"), .long],
    help: ArgumentHelp("The folder to write; made if absent.", valueName: "folder"))
  var output: String

  @OptionGroup var format: JSONOptions
  @OptionGroup var overwriting: OverwriteOptions
  @OptionGroup var random: RandomOptions
  @OptionGroup var parallel: ThreadOptions
  @OptionGroup var global: GlobalOptions

  func validate() throws {
    guard (list != nil) != (dry != nil || wet != nil) else {
      throw ValidationError("Name the recordings by --dry and --wet, or by --list.")
    }
    if list == nil {
      guard dry != nil else { throw ValidationError("--dry is missing: name the dry vocal.") }
      guard wet != nil else { throw ValidationError("--wet is missing: name the processed vocal.") }
      guard shard == nil else { throw ValidationError("--shard is for --list: leave it out.") }
    } else if name != nil || group != nil {
      throw ValidationError("--name and --group are columns of --list: leave them out.")
    }
  }

  func run() throws {
    let common = try options.common()
    if let dry, let wet {
      let entry = RetrievalList.Entry(
        name: name ?? URL(fileURLWithPath: output).lastPathComponent, group: group, dry: dry, wet: wet)
      let place = try Place(self, entry, path: output)
      if resume, place.done == nil { try TransferStates.require(in: output) }
      let report = try retrieved(entry, in: place, common)
      return try Console.standardOutput(format.json ? JSONText.text(report) : report.text)
    }
    guard let list else { return }
    try retrieve(RetrievalList(csv: list), path: list, common)
  }

  /// Where one pair goes, and what is there already.
  private struct Place {
    let folder: RetrievalFolder
    let provenance: Provenance
    let problem: String
    let done: RetrievalReport?

    init(_ command: Retrieve, _ entry: RetrievalList.Entry, path: String) throws {
      provenance = try Provenance.ofThisCommand(
        seed: command.random.seed, inputs: [entry.dry, entry.wet] + command.options.paths)
      problem = command.options.problem(provenance)
      done = command.resume ? try RetrievalReport(folder: path) : nil
      if let done, done.problem != problem {
        throw CommandError(
          "\(path) holds a retrieval of other recordings, or with other options: leave --resume out and name "
            + "another folder, or replace it with --force.")
      }
      let mayReplace =
        command.overwriting.force || (command.resume && (done != nil || RetrievalFolder.hasState(path)))
      folder = try RetrievalFolder(path, inputs: [entry.dry, entry.wet], overwrite: mayReplace)
    }
  }

  /// Every pair of the shard; one that fails leaves its reason.
  private func retrieve(_ list: RetrievalList, path: String, _ common: RetrievalOptions.Common) throws {
    let console = global.console
    let rows = (shard ?? .whole).rows(of: list.entries.count)
    // Other shards work in the same folder: it must not come and go with the checks of this one.
    try OutputFolder(path: output).make()
    var reports: [RetrievalReport] = []
    var failures: [String] = []
    for row in rows {
      let entry = list.entries[row]
      let folder = output + "/" + entry.name
      console.message("\(entry.name): pair \(row + 1) of \(list.entries.count)")
      do {
        let place = try Place(self, entry, path: folder)
        reports.append(try retrieved(entry, in: place, common))
      } catch let error as ErrorsFailure {
        // The preset itself is written, and stays.
        console.warning("\(entry.name): \(error)")
        reports.append(error.report)
        failures.append("\(entry.name): \(error)")
      } catch let error where Self.endsAll(error) {
        throw error
      } catch {
        let reason = ErrorText.sentence(error)
        console.warning("\(entry.name): \(reason)")
        try RetrievalFolder.write(failure: reason, to: folder)
        failures.append("\(entry.name): \(reason)")
      }
    }
    try Console.standardOutput(
      format.json ? JSONText.text(["retrievals": reports]) : RetrievalReport.table(of: reports))
    guard let first = failures.first else { return }
    throw CommandError(
      "\(failures.count) of \(rows.count) pairs have no preset, or not all that was asked for; the first, \(first)")
  }

  /// Whether an error is not one of the pair: what is there already, what cannot be written, Ctrl-C.
  private static func endsAll(_ error: any Error) -> Bool {
    if let error = error as? WorkflowError { return error.code == .unwritableOutput }
    return error is InterruptedError || error is OutputError || error is CommandError || error is MAPCheckpointError
  }

  /// The preset of a pair with all that is asked for; what is there already is not made again.
  private func retrieved(
    _ entry: RetrievalList.Entry, in place: Place, _ common: RetrievalOptions.Common
  ) throws -> RetrievalReport {
    if let done = place.done, done.determined != nil || !options.standardErrors { return done }
    let console = global.console
    let pair = try RetrievalPair(
      dry: entry.dry, wet: entry.wet, sampleRate: common.chain.sampleRate, settings: options.settings,
      monitor: console)
    let retrieval = try options.retrieval(
      pair, name: entry.name, common: common, seed: random.seed, threads: parallel.count, console: console)
    let report = try place.done ?? retrieve(entry, in: place, retrieval)
    guard options.standardErrors else { return report }
    let preset = try place.folder.preset(of: common.chain)
    do {
      let diagnosis = try retrieval.diagnosis(of: preset, monitor: console)
      return try place.folder.add(diagnosis, to: report, provenance: place.provenance)
    } catch let error where !Self.endsAll(error) {
      throw ErrorsFailure(report: report, description: ErrorText.sentence(error))
    }
  }

  /// Standard errors that could not be measured, of a preset that is written.
  private struct ErrorsFailure: Error, CustomStringConvertible {
    let report: RetrievalReport
    let description: String
  }

  private func retrieve(
    _ entry: RetrievalList.Entry, in place: Place, _ retrieval: PresetRetrieval
  ) throws -> RetrievalReport {
    let states = TransferStates(in: place.folder.path, problem: place.problem, isResuming: resume)
    let result = try retrieval.run(states: states, monitor: global.console)
    return try place.folder.write(
      result, of: retrieval.pair, name: entry.name, group: entry.group, problem: place.problem,
      provenance: place.provenance, states: states, threads: parallel.count, monitor: global.console)
  }
}
