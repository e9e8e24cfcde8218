import ArgumentParser
import Inference
import StyleFeatures
import Workflows

/// The objective of a style transfer: prior, encoder, weights, and the audio on both sides.
struct StyleOptions: ParsableArguments {
  private static let usual = StyleSettings()

  @Option(
    name: .long,
    help:
      "The prior file; its chain is the chain that is fitted. A conditional one is given --dry or --reference.")
  var prior: String

  @OptionGroup var conditions: GivenOptions

  @OptionGroup var encoders: EncoderOptions

  @Option(within: 0...1e6, help: "The weight of the log prior, 1/N_eff; 0 leaves the prior out.")
  var alpha = usual.alpha

  @Option(
    name: .long,
    help: ArgumentHelp("A dry vocal; may be given several times, each cut into segments.", valueName: "dry.wav"))
  var dry: [String] = []

  @Option(
    name: .long,
    help: ArgumentHelp("A processed vocal, stereo; may be given several times.", valueName: "wet.wav"))
  var reference: [String] = []

  @Option(
    within: 0.01...86_400,
    help: "Length of the segments; shorter files are one segment, silent segments are dropped.")
  var segmentSeconds = usual.segmentSeconds

  @Option(
    within: 1...1_000_000,
    help: "Use so many segments of the inputs, and of the references, at most, evenly spaced: less work for a song."
  )
  var maximumSegments: Int?

  @Option(
    name: .long,
    help: ArgumentHelp(
      "Standard deviations of the angles between embeddings: profiled, as published, or two numbers in radians.",
      valueName: "profiled|mid,side"))
  var sigma: SigmaArgument = .profiled

  @Flag(name: .long, help: "Leave the levels as they are instead of normalising each file to -18 LUFS.")
  var noLoudness = false

  /// How the recordings are prepared and compared.
  private func settings(_ encoder: StyleEncoderKind) -> StyleSettings {
    var settings = StyleSettings()
    settings.encoder = encoder
    settings.alpha = alpha
    settings.segmentSeconds = segmentSeconds
    settings.maximumSegments = maximumSegments
    settings.targetLUFS = noLoudness ? nil : settings.targetLUFS
    settings.scale = sigma.scale
    return settings
  }

  /// Every file that the result depends on.
  var paths: [String] { [prior] + reference + dry + conditions.paths + encoders.paths }

  /// Reads the prior and the recordings.
  ///
  /// - Parameters:
  ///   - isConditionNeeded: whether what is given must be for the prior; a start point may need it too.
  ///   - acceptsVaryingShape: whether the prior may be one of presets of varying shape.
  func problem(
    isConditionNeeded: Bool = true, acceptsVaryingShape: Bool = false, console: Console
  ) throws -> StyleProblem {
    let encoder = try encoders.kind(console: console)
    try encoder.requireStyle()
    let fitted = try conditions.prior(
      at: prior, isNeeded: isConditionNeeded, acceptsVaryingShape: acceptsVaryingShape, dry: dry, wet: reference,
      encoder: encoder, console: console)
    return try StyleProblem(
      prior: fitted, references: reference, inputs: dry, settings: settings(encoder), monitor: console)
  }

  /// For commands that cannot do without recordings.
  func requireRecordings() throws {
    guard !dry.isEmpty else { throw ValidationError("--dry is missing: name a dry vocal.") }
    guard !reference.isEmpty else { throw ValidationError("--reference is missing: name a processed vocal.") }
  }
}

/// `--sigma`: how the likelihood gets its standard deviations.
struct SigmaArgument: ExpressibleByArgument, CustomStringConvertible {
  static let profiled = SigmaArgument(scale: .profiled)
  let scale: StyleLikelihood.Scale

  init(scale: StyleLikelihood.Scale) { self.scale = scale }

  init?(argument: String) {
    guard argument != "profiled" else {
      self = .profiled
      return
    }
    let numbers = argument.split(separator: ",", omittingEmptySubsequences: false).map { Double($0) }
    guard numbers.count == 2, let mid = numbers[0], let side = numbers[1],
      [mid, side].allSatisfy({ $0.isFinite && $0 >= StyleLikelihood.minimumScale })
    else { return nil }
    scale = .fixed(mid: mid, side: side)
  }

  var description: String {
    var settings = StyleSettings()
    settings.scale = scale
    return settings.scaleText
  }
}
