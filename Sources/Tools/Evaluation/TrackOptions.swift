import ArgumentParser
import FXParams
import NumericCore
import PresetStore
import Workflows

/// The tracks of an evaluation: a table, a DiffVox folder, or hidden presets on dry vocals.
struct TrackOptions: ParsableArguments {
  @Argument(help: ArgumentHelp("A list of tracks, in place of --diffvox and --hidden.", valueName: "tracks.csv"))
  var tracks: String?

  @Option(
    name: .long,
    help: ArgumentHelp("A DiffVox folder: its presets, and the names of recordings.", valueName: "folder"))
  var diffvox: String?

  @Option(
    name: .long,
    help: ArgumentHelp(
      "Where the recordings are: the longest end of each name that exists there.", valueName: "folder"))
  var audioRoot: String?

  @Option(name: .long, help: ArgumentHelp("The presets that preset_row of the list counts.", valueName: "presets"))
  var presets: String?

  @Option(
    name: .long,
    help: ArgumentHelp(
      "Make tracks: presets that are rendered on every --dry vocal, to be found again.", valueName: "presets"))
  var hidden: String?

  @Option(
    name: .long,
    help: ArgumentHelp("Which presets of --hidden, from 0, with commas and ranges.", valueName: "0,7,10-19"))
  var select: RowSelection?

  @Option(name: .long, help: ArgumentHelp("A dry vocal; may be given several times.", valueName: "dry.wav"))
  var dry: [String] = []

  @Flag(name: .long, help: "Leave out tracks whose recordings are missing.")
  var skipMissing = false

  func validate() throws {
    guard [tracks, diffvox, hidden].count(where: { $0 != nil }) == 1 else {
      throw ValidationError("Name the tracks by one of a list, --diffvox and --hidden.")
    }
    guard hidden == nil || !dry.isEmpty else {
      throw ValidationError("--hidden needs a --dry vocal to be rendered on.")
    }
    guard hidden != nil || (dry.isEmpty && select == nil) else {
      throw ValidationError("--dry and --select are for --hidden presets.")
    }
    guard presets == nil || tracks != nil else { throw ValidationError("--presets is for a list of tracks.") }
  }

  /// Everything that is read but for recordings.
  var paths: [String] {
    [tracks, presets, hidden].compactMap { $0 }
      + (diffvox.map { folder in ["raw_params.npy", "feature_mask.npy", "info.json"].map { folder + "/" + $0 } }
        ?? [])
  }

  /// The tracks, and the chain of their presets; nil where no track has one.
  func list(console: Console) throws -> (tracks: TrackList, chain: ChainDescription?) {
    let (list, chain) = try read()
    if let sentence = list.missingSentence {
      guard skipMissing else { throw CommandError(sentence + ": correct the list, or use --skip-missing.") }
      console.warning(sentence + ", and left out.")
    }
    return (list, chain)
  }

  private func read() throws -> (TrackList, ChainDescription?) {
    if let hidden {
      let presets = try PresetFile.read(hidden)
      let selected = select?.rows ?? Array(0..<presets.count)
      if let beyond = selected.first(where: { $0 >= presets.count }) {
        throw CommandError(
          "--select names row \(beyond) but \(hidden) has \(presets.count) presets: give 0 to \(presets.count - 1)."
        )
      }
      for row in selected { try presets.chain.requireUsable(presets.theta.row(row), row: row, path: hidden) }
      return (try TrackList(hidden: presets, rows: selected, dry: dry), presets.chain)
    }
    if let diffvox {
      let presets = try DiffVoxImport.read(folder: diffvox)
      return (try TrackList(diffVoxFolder: diffvox, presets: presets, root: audioRoot), presets.chain)
    }
    let presets = try presets.map { try PresetFile.read($0) }
    return (try TrackList(csv: tracks ?? "", presets: presets, root: audioRoot), presets?.chain)
  }
}

/// Rows of a file as text names them: `0,7,10-19`.
struct RowSelection: ExpressibleByArgument {
  let rows: [Int]

  init?(argument: String) {
    var rows: [Int] = []
    for part in argument.split(separator: ",", omittingEmptySubsequences: false) {
      let ends = part.split(separator: "-", omittingEmptySubsequences: false).map { Int($0) }
      guard let first = ends.first ?? nil, let last = ends.last ?? nil, ends.count <= 2, first <= last,
        last - first < 10_000_000
      else { return nil }
      rows += first...last
    }
    guard Set(rows).count == rows.count else { return nil }
    self.rows = rows
  }
}
