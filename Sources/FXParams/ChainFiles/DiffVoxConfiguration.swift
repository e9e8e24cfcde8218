import Yams

// The configuration files of the DiffVox code (https://github.com/SonyResearch/diffvox, cfg/ and presets/): a hydra
// document whose `model` names Python classes. Keys that only say where the authors' optimisation starts or how it
// is regularised are read over: a chain description carries no values.

extension ChainDescription {
  /// Reads the chain of a DiffVox configuration, `fx_config.yaml` of the published presets or one like it.
  ///
  /// Targets: `torch.nn.Sequential` around `modules.fx.` Peak, LowShelf, HighShelf, LowPass, HighPass and
  /// CompressorExpander, then at most one SendFXsAndSum of SurrogateDelay (or Delay) and FDN, or one Panning.
  /// Omitted keys take the defaults of those classes. `${key}` stands for a value elsewhere in the document.
  /// Effects are named after their kind and numbered where a kind occurs more than once: `peak1`, `peak2`,
  /// `lowshelf`.
  ///
  /// The whole document is needed for interpolation only: a `model` section alone is read as well.
  ///
  /// - Throws: ``ParameterError/invalidChain(reason:)`` naming the target or key that has no counterpart here.
  public init(diffVoxConfiguration yaml: String) throws {
    try self.init(diffVoxDocument: yamlRoot(of: yaml))
  }

  init(diffVoxDocument root: YAMLSection) throws {
    let model = root.node("model") ?? root.whole
    var importer = DiffVoxImporter()
    try importer.read(HydraInterpolation(root: root).resolve(model))
    self = try importer.chain()
    try validate()
  }
}

/// Collects the effects of a DiffVox model in order.
private struct DiffVoxImporter {
  private var series: [SeriesEffect] = []
  private var sends: [SendEffect] = []
  private var hasCrossSends = false
  private var hasDirectPan = false
  private var isStereo = false
  private var rates: [(rate: Double, place: String)] = []

  func chain() throws -> ChainDescription {
    guard let first = rates.first else {
      throw ParameterError.invalidChain(reason: "`model` names no effect: list effects under `_args_`")
    }
    for (rate, place) in rates where rate != first.rate {
      throw ParameterError.invalidChain(
        reason: "`sr` of \(place) is \(rate.plainText) but \(first.place) runs at \(first.rate.plainText): "
          + "give every effect the same rate")
    }
    return ChainDescription(
      sampleRate: first.rate, series: numbered(series, \.name), sends: numbered(sends, \.name),
      hasCrossSends: hasCrossSends,
      hasDirectPan: hasDirectPan)
  }

  // MARK: - Structure

  mutating func read(_ node: Node) throws {
    let section = try HydraSection(node)
    if section.target == HydraSection.sequential {
      try section.allow(["_args_"])
      for argument in try section.arguments() { try read(argument) }
      return
    }
    guard !isStereo else {
      throw ParameterError.invalidChain(
        reason: "\(section.place) follows a stereo effect: a chain ends with SendFXsAndSum or Panning")
    }
    switch section.target {
    case "modules.fx.CompressorExpander": try series.append(.compressorExpander(compressor(section)))
    case "modules.fx.SendFXsAndSum": try readSends(section)
    case "modules.fx.Panning":
      try section.allow(["pan"])
      isStereo = true
      hasDirectPan = true
    default: try series.append(.biquad(band(section)))
    }
  }

  private mutating func readSends(_ section: HydraSection) throws {
    try section.allow(["_args_", "cross_send", "pan_direct"])
    isStereo = true
    hasCrossSends = try section.bool("cross_send", default: true)
    hasDirectPan = try section.bool("pan_direct", default: false)
    for argument in try section.arguments() {
      let effect = try HydraSection(argument)
      switch effect.target {
      case "modules.fx.SurrogateDelay", "modules.fx.Delay": try sends.append(.pingPongDelay(delay(effect)))
      case "modules.fx.FDN": try sends.append(.feedbackDelayNetwork(reverb(effect)))
      default: throw effect.unsupported(supported: "SurrogateDelay, Delay, FDN")
      }
    }
  }

  // MARK: - Effects

  private mutating func band(_ section: HydraSection) throws -> BiquadBand {
    guard let kind = BandDefaults.byTarget[section.target] else {
      throw section.unsupported(supported: BandDefaults.names + ", CompressorExpander, SendFXsAndSum, Panning")
    }
    let hasGain = kind.response.hasGain ? ["gain"] : []
    let hasQ = kind.q == nil ? [] : ["Q", "min_Q", "max_Q"]
    try section.allow(["sr", "freq", "min_freq", "max_freq"] + hasGain + hasQ)
    try rates.append((section.rate(), section.place))
    return BiquadBand(
      name: kind.name, response: kind.response, frequencyHz: try section.range("freq", default: kind.frequencyHz),
      q: try kind.q.map { try section.range("Q", default: $0) })
  }

  private mutating func compressor(_ section: HydraSection) throws -> CompressorExpander {
    try section.allow([
      "sr", "cmp_ratio", "exp_ratio", "at_ms", "rt_ms", "avg_coef", "cmp_th", "exp_th", "make_up", "delay",
      "lookahead",
      "max_lookahead",
    ])
    try rates.append((section.rate(), section.place))
    let lookahead = try section.number("max_lookahead", default: 15)
    return CompressorExpander(
      maximumLookaheadMilliseconds: try section.bool("lookahead", default: false) ? lookahead : nil)
  }

  private mutating func delay(_ section: HydraSection) throws -> PingPongDelay {
    try section.allow([
      "sr", "delay", "feedback", "gain", "ir_duration", "eq", "recursive_eq", "dropout", "straight_through",
    ])
    try rates.append((section.rate(), section.place))
    guard try section.bool("recursive_eq", default: false), let equaliser = section.node("eq") else {
      throw ParameterError.invalidChain(
        reason: "\(section.place) has no low-pass in its feedback path: set `recursive_eq: true` and an `eq`")
    }
    let lowPass = try HydraSection(equaliser)
    guard lowPass.target == "modules.fx.LowPass" else { throw lowPass.unsupported(supported: "LowPass") }
    let band = try band(lowPass)
    var effect = PingPongDelay()
    if let frequencyHz = band.frequencyHz.bounds { effect.lowPassFrequencyHz = frequencyHz }
    if let q = band.q?.bounds { effect.lowPassQ = q }
    // The published class never makes the response shorter than two of its longest delays.
    let shortest = effect.delayMilliseconds.upper / 1000 * 2
    effect.responseSeconds = max(try section.number("ir_duration", default: 2), shortest)
    return effect
  }

  private mutating func reverb(_ section: HydraSection) throws -> FeedbackDelayNetwork {
    try section.allow([
      "sr", "ir_duration", "delays", "trainable_delay", "num_decay_freq", "delay_independent_decay", "eq",
    ])
    try rates.append((section.rate(), section.place))
    guard try section.bool("delay_independent_decay", default: false) else {
      throw ParameterError.invalidChain(
        reason:
          "\(section.place) has a decay for each line, which is not supported: set `delay_independent_decay: true`")
    }
    guard try !section.bool("trainable_delay", default: false) else {
      throw ParameterError.invalidChain(
        reason: "\(section.place) has free delay lines, which are not supported: remove `trainable_delay`")
    }
    var tone: [Node] = []
    if let equaliser = section.node("eq"), equaliser.scalar?.string != "null" {
      let section = try HydraSection(equaliser)
      tone = section.target == HydraSection.sequential ? try section.arguments() : [equaliser]
    }
    let seconds = try section.number("ir_duration", default: 1)
    var effect = FeedbackDelayNetwork(
      decayPoints: try section.integer("num_decay_freq", default: 1), responseSeconds: seconds,
      maximumT60Seconds: 0.75 * seconds, tone: numbered(try tone.map { try band(HydraSection($0)) }, \.name))
    if section.node("delays") != nil { effect.delaySamples = try section.integers("delays") }
    return effect
  }
}

/// Numbers the names that occur more than once, in order: `peak`, `peak` become `peak1`, `peak2`.
private func numbered<Effect>(_ effects: [Effect], _ name: WritableKeyPath<Effect, String>) -> [Effect] {
  let totals = Dictionary(grouping: effects) { $0[keyPath: name] }.mapValues(\.count)
  var seen: [String: Int] = [:]
  return effects.map { effect in
    let kind = effect[keyPath: name]
    guard totals[kind, default: 0] > 1 else { return effect }
    seen[kind, default: 0] += 1
    var renamed = effect
    renamed[keyPath: name] = kind + String(seen[kind, default: 0])
    return renamed
  }
}

// MARK: - Defaults of the published classes

private struct BandDefaults {
  let name: String
  let response: BiquadBand.Response
  let frequencyHz: ParameterBounds
  let q: ParameterBounds?

  static let names = "Peak, LowShelf, HighShelf, LowPass, HighPass"

  static let byTarget: [String: BandDefaults] = [
    "modules.fx.Peak": .init(
      name: "peak", response: .peak, frequencyHz: .init(33, 17500), q: .init(0.2, 20)),
    "modules.fx.LowShelf": .init(name: "lowshelf", response: .lowShelf, frequencyHz: .init(30, 200), q: nil),
    "modules.fx.HighShelf": .init(name: "highshelf", response: .highShelf, frequencyHz: .init(750, 8300), q: nil),
    "modules.fx.LowPass": .init(
      name: "lowpass", response: .lowPass, frequencyHz: .init(200, 18000), q: .init(0.5, 10)),
    "modules.fx.HighPass": .init(
      name: "highpass", response: .highPass, frequencyHz: .init(16, 5300), q: .init(0.5, 10)),
  ]
}
