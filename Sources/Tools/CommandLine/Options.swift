import ArgumentParser
import Foundation

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
