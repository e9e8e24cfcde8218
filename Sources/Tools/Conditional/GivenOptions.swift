import ArgumentParser
import LearnedEncoders
import PriorKit
import StyleFeatures
import Workflows

/// What a conditional prior is given: audio, or a row of features.
struct GivenOptions: ParsableArguments {
  @Option(
    name: .long,
    help: ArgumentHelp("Audio that a conditional prior is given; may be repeated.", valueName: "file"))
  var givenAudio: [String] = []

  @Option(
    name: .long,
    help: ArgumentHelp(
      "A dry vocal of the same voice, for features relative to it; may be repeated (default: --dry, if any).",
      valueName: "file"))
  var givenDry: [String] = []

  @Option(name: .long, help: ArgumentHelp("A preset file whose /features are given instead.", valueName: "presets"))
  var features: String?

  @Option(within: 0...1_000_000_000, help: "Which row of --features, from 0.")
  var featuresRow: Int?

  @Option(
    name: .long,
    help: ArgumentHelp(
      "The encoder of the prior's features, where it has weights: as for --encoder.", valueName: "name=file"))
  var givenEncoder: EncoderArgument?

  func validate() throws {
    guard givenAudio.isEmpty || features == nil else {
      throw ValidationError("--given-audio and --features both say what is given: use one.")
    }
    guard givenDry.isEmpty || features == nil else {
      throw ValidationError("--given-dry is for recordings, not for features that are made: leave it out.")
    }
    guard featuresRow == nil || features != nil else {
      throw ValidationError("--features-row says which row of --features: name the file.")
    }
  }

  var isEmpty: Bool { given.isEmpty }

  /// What a result depends on beside the files.
  var fingerprint: String {
    (featuresRow.map { " features row \($0)" } ?? "")
      + (givenDry.isEmpty ? "" : " of \(givenAudio.count) recordings and \(givenDry.count) dry vocals")
  }

  /// The files that are given.
  var paths: [String] { given.paths + (givenEncoder?.paths ?? []) }

  /// What the options name.
  private var given: GivenFeatures {
    var given = GivenFeatures(recordings: givenAudio, features: features, row: featuresRow ?? 0)
    given.voice = givenDry
    return given
  }

  /// Reads a prior of either kind; see ``GivenFeatures/prior(at:isNeeded:acceptsVaryingShape:dry:wet:monitor:)``.
  func prior(
    at path: String, isNeeded: Bool = true, acceptsVaryingShape: Bool = false, dry: [String] = [],
    wet: [String] = [], encoder: StyleEncoderKind? = nil, console: Console
  ) throws -> Prior {
    var given = given
    for kind in [encoder, try givenEncoder?.specification.load()].compactMap({ $0 }) {
      given.encoders = given.encoders.adding(kind)
    }
    return try given.prior(
      at: path, isNeeded: isNeeded, acceptsVaryingShape: acceptsVaryingShape, dry: dry, wet: wet, monitor: console)
  }
}
