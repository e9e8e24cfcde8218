import ArgumentParser
import Foundation
import StyleFeatures

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
  @Option(name: .long, help: "The seed: the same seed gives the same numbers on every machine. It is recorded.")
  var seed: UInt64 = 0
}

/// Parallel work.
struct ThreadOptions: ParsableArguments {
  @Option(name: .long, help: "Threads to work with (default: one for each processor).")
  var threads: Int?

  var count: Int { threads ?? ProcessInfo.processInfo.activeProcessorCount }

  func validate() throws {
    if let threads, threads < 1 {
      throw ValidationError("--threads is \(threads) but must be at least 1.")
    }
  }
}

/// The objective of a style transfer: prior, encoder, weights, and the audio on both sides.
struct StyleOptions: ParsableArguments {
  @Option(
    name: .long,
    help:
      "The prior file; its chain is the chain that is fitted. A conditional one is given --input or --reference.")
  var prior: String

  @OptionGroup var conditions: GivenOptions

  @Option(name: .long, help: "The style encoder: mfcc or mir.")
  var encoder: StyleEncoderKind = .mfcc

  @Option(name: .long, help: "The weight of the log prior, 1/N_eff; 0 leaves the prior out.")
  var alpha = 0.1

  @Option(
    name: .long,
    help: ArgumentHelp("A dry vocal; may be given several times, each cut into segments.", valueName: "dry.wav"))
  var input: [String]

  @Option(
    name: .long,
    help: ArgumentHelp("A processed vocal, stereo; may be given several times.", valueName: "wet.wav"))
  var reference: [String]

  @Option(name: .long, help: "Length of the segments; shorter files are one segment, silent segments are dropped.")
  var segmentSeconds = 11.0

  @Flag(name: .long, help: "Leave the levels as they are instead of normalising each file to -18 LUFS.")
  var noLoudness = false

  func validate() throws {
    guard alpha.isFinite, alpha >= 0 else {
      throw ValidationError("--alpha is \(alpha) but must be a finite number of at least 0.")
    }
    guard segmentSeconds.isFinite, segmentSeconds > 0 else {
      throw ValidationError("--segment-seconds is \(segmentSeconds) but must be positive.")
    }
    guard !input.isEmpty else { throw ValidationError("--input is missing: name a dry vocal.") }
    guard !reference.isEmpty else { throw ValidationError("--reference is missing: name a processed vocal.") }
  }
}
