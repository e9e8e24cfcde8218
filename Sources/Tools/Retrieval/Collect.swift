import ArgumentParser
import Evaluation
import FileOutput
import Foundation
import PresetStore
import Workflows

/// `priorkit collect`: the presets of many retrievals.
struct Collect: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Put the presets of retrievals into one file.",
    discussion: """
      EXAMPLES:
        priorkit collect retrievals -o presets.h5
        priorkit collect retrievals more/song-7 --selection all -o presets.h5
        priorkit collect retrievals -o presets.h5 --audio-list recordings.csv
        priorkit features presets.h5 --audio-list recordings.csv --wet -o f.h5

      Reads folders that `retrieve` filled, or folders of such folders, and keeps
      what the published selection keeps: a loss of at most 4, below that of the
      start, and a median change of it from step to step of at most 0.2. Prints
      every retrieval with its loss, and why those are refused that are. The song
      of a preset becomes its group, so that cross-validation keeps songs
      together.
      """)

  enum Selection: String, CaseIterable, ExpressibleByArgument {
    case published, all

    var rules: RunSelection { self == .published ? .published : .all }
  }

  @Argument(help: "Folders of retrievals, or folders of such folders.")
  var folders: [String]

  @Option(name: .long, help: "Which retrievals are kept: by the published rules, or all that ended.")
  var selection: Selection = .published

  @Option(
    name: .long,
    help: ArgumentHelp("Write a table of the recordings too, as `features` reads it.", valueName: "csv"))
  var audioList: String?

  @Flag(name: .long, help: "Name the dry recordings in --audio-list, not the processed ones.")
  var dry = false

  @OptionGroup var output: OutputOptions
  @OptionGroup var format: JSONOptions
  @OptionGroup var global: GlobalOptions

  func run() throws {
    try OutputFile.check(output.output, overwrite: output.overwriting.force)
    if let audioList { try OutputFile.check(audioList, overwrite: output.overwriting.force) }
    let collection = try RetrievalCollection(folders: folders, selection: selection.rules)
    // Also where none is kept: the reasons are what is needed then.
    try Console.standardOutput(
      format.json ? JSONText.text(["retrievals": collection.runs]) : collection.text)
    let presets = try collection.presets
    try presets.save(to: output, provenance: .ofThisCommand(inputs: collection.paths), console: global.console)
    if let audioList {
      try OutputFile.write(
        Data(collection.audioList(dry: dry).utf8), to: audioList, overwrite: output.overwriting.force)
    }
    if let first = collection.withoutErrors.first {
      let more = collection.withoutErrors.count - 1
      global.console.warning(
        "\(first)\(more > 0 ? " and \(more) others" : "") has no standard errors, so that \(output.output) has "
          + "none: measure them by retrieve --resume --standard-errors, or leave it out.")
    }
    let refused = collection.runs.count { $0.reason != nil }
    if refused > 0 { global.console.warning("\(refused) of \(collection.runs.count) retrievals are refused.") }
  }
}

extension RetrievalCollection {
  fileprivate var text: String {
    var table = TextTable([
      ("preset", .left), ("group", .left), ("status", .left), ("loss", .right), ("fluctuation", .right),
      ("correlation", .right), ("reason", .left),
    ])
    func number(_ value: Double?) -> String { value.map { NumberText.short($0) } ?? "" }
    for run in runs {
      table.append([
        run.name, run.group ?? "", run.status, number(run.loss), number(run.fluctuation), number(run.correlation),
        run.reason ?? "",
      ])
    }
    return table.text
  }

  fileprivate func audioList(dry: Bool) -> String {
    let kept = runs.filter { $0.reason == nil }
    return CSVText.line(["label", "file"])
      + kept.map { CSVText.line([$0.name, (dry ? $0.dry : $0.wet) ?? ""]) }.joined()
  }
}
