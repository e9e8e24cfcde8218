import ArgumentParser
import Foundation
import PresetStore

// The options that commands share. Each is a group of its own, so that a command lists the ones it heeds.

/// What every command takes.
struct GlobalOptions: ParsableArguments {
  @Flag(name: [.short, .long], help: "Show errors only: no messages and no progress.")
  var quiet = false

  var console: Console { Console(isQuiet: quiet) }
}

/// A file to write.
struct OutputOptions: ParsableArguments {
  @Option(name: [.customShort("o"), .long], help: ArgumentHelp("The file to write.", valueName: "file"))
  var output: String

  @OptionGroup var overwriting: OverwriteOptions
}

/// Whether existing files are replaced.
struct OverwriteOptions: ParsableArguments {
  @Flag(name: .long, help: "Replace outputs that exist already.")
  var force = false
}

/// Machine-readable output.
struct JSONOptions: ParsableArguments {
  @Flag(name: .long, help: "Print JSON, with keys that later versions keep, instead of a table.")
  var json = false
}

/// One preset of a file.
struct RowOptions: ParsableArguments {
  @Option(
    name: .long, parsing: .unconditional,
    help: ArgumentHelp("Which preset: its number, from 0, or its label (default: 0).", valueName: "number|label"))
  var row: String?

  /// The number of the preset; `labels` are read only where it is named by its label.
  ///
  /// - Throws: one sentence for a number beyond the presets, and for a label that none or several of them have.
  func index(of count: Int, path: String, labels: () throws -> [String]) throws -> Int {
    try row.map { try PresetCollection.row($0, of: count, path: path, labels: labels) } ?? 0
  }
}

/// Randomness.
struct RandomOptions: ParsableArguments {
  @Option(
    within: 0...UInt64.max, help: "The seed: the same seed gives the same numbers on every machine. It is recorded."
  )
  var seed: UInt64 = 0
}

/// Parallel work.
struct ThreadOptions: ParsableArguments {
  @Option(within: 1...1024, help: "Threads to work with (default: one for each processor).")
  var threads: Int?

  var count: Int { threads ?? ProcessInfo.processInfo.activeProcessorCount }
}
