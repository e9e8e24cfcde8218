import Yams

extension ChainDescription {
  /// Reads a chain description in PriorKit's YAML schema, version 1.
  ///
  /// Every key is required, but for the `q` of a shelf, `optional` and `orders`, and no other is allowed; ranges
  /// are `[lower, upper]`, open at both ends. A number in place of the range of `frequency_hz` or `q` of a band
  /// fixes it: it is no parameter.
  ///
  ///     priorkit_chain: 1          # version of this schema
  ///     sample_rate: 44100         # Hz
  ///     cross_sends: true          # each send also feeds every later one, with a gain of its own
  ///     direct_pan: true           # the direct sound has a pan parameter
  ///     series:                    # mono effects, in order; [] for none
  ///     - effect: peak             # or low_pass, high_pass, low_shelf, high_shelf
  ///       name: peak1              # first part of its parameters' names
  ///       frequency_hz: [33, 5400]
  ///       q: [0.2, 20]
  ///     - effect: low_shelf
  ///       name: low
  ///       frequency_hz: 105        # fixed, as `q: 0.7` would be; without q a shelf has 0.707
  ///     - effect: compressor_expander
  ///       name: compressor
  ///       ratio: [1, 20]
  ///       maximum_lookahead_ms: 15 # none: no lookahead parameter
  ///       optional: true           # presets may lack it; any effect of series and sends
  ///     - effect: bit_crusher      # has no gradient: cma-es and ess only
  ///       name: crusher
  ///       bits: [2, 16]
  ///     sends:                     # stereo effects beside the direct sound; [] for none
  ///     - effect: ping_pong_delay
  ///       name: delay
  ///       time_ms: [100, 1000]
  ///       response_seconds: 4
  ///       lowpass_frequency_hz: [200, 16000]
  ///       lowpass_q: [0.5, 2]
  ///     - effect: feedback_delay_network
  ///       name: reverb
  ///       delay_samples: [997, 1153, 1327, 1559, 1801, 2099]
  ///       decay_points: 49
  ///       response_seconds: 12
  ///       maximum_t60_seconds: 9
  ///       tone: []                 # peaks, shelves and passes as in series
  ///     orders:                    # further orders of the series; bands in a row: `equaliser`, `equaliser2`
  ///     - [compressor, equaliser, crusher]
  ///
  /// - Throws: ``ParameterError/invalidChain(reason:)`` naming the line and the key at fault, and the remedy.
  public init(yaml: String) throws {
    try self.init(document: yamlRoot(of: yaml))
  }

  /// Reads a chain description in whichever of the two known formats the text is: PriorKit's own
  /// (``init(yaml:)``) or the DiffVox configuration (``init(diffVoxConfiguration:)``).
  public static func load(_ text: String) throws -> ChainDescription {
    let root = try yamlRoot(of: text)
    if root.node(ChainSchema.versionKey) != nil { return try ChainDescription(document: root) }
    if root.node("model") != nil || root.node("_target_") != nil {
      return try ChainDescription(diffVoxDocument: root)
    }
    throw ParameterError.invalidChain(
      reason: "the text is neither a PriorKit chain (`\(ChainSchema.versionKey): 1`) nor a DiffVox configuration "
        + "(`model:`): add the first line that says which")
  }

  private init(document root: YAMLSection) throws {
    let version = try root.integer(ChainSchema.versionKey, "\(ChainSchema.version)")
    guard version == ChainSchema.version else {
      throw ParameterError.invalidChain(
        reason: "`\(ChainSchema.versionKey)` is \(version) but this release reads version \(ChainSchema.version): "
          + "use a release that knows it, or write the chain in version \(ChainSchema.version)")
    }
    try root.allow(
      [
        ChainSchema.versionKey, "sample_rate", "cross_sends", "direct_pan", "series", "sends",
        ChainSchema.ordersKey,
      ], in: "a chain")
    let (series, sends) = (try sections(of: root, "series"), try sections(of: root, "sends"))
    self.init(
      sampleRate: try root.number("sample_rate", "44100"),
      series: try series.map(SeriesEffect.init(section:)), sends: try sends.map(SendEffect.init(section:)),
      hasCrossSends: try root.bool("cross_sends", "true"),
      hasDirectPan: try root.bool("direct_pan", "true"))
    try readVariants(root, effects: series + sends)
    try validate()
  }
}

/// Words of the schema that reader and writer share.
enum ChainSchema {
  static let versionKey = "priorkit_chain"
  static let version = 1
  static let optionalKey = "optional"
  static let ordersKey = "orders"
}

// MARK: - Presets of varying shape

extension ChainDescription {
  /// - Parameter effects: the sections of series and sends, in the order of the chain.
  fileprivate mutating func readVariants(_ root: YAMLSection, effects: [YAMLSection]) throws {
    let names = series.map(\.name) + sends.map(\.name)
    for (section, name) in zip(effects, names) where section.node(ChainSchema.optionalKey) != nil {
      if try section.bool(ChainSchema.optionalKey, "true") { optionalEffects.insert(name) }
    }
    guard root.node(ChainSchema.ordersKey) != nil else { return }
    let example = "[[" + series.map(\.name).reversed().joined(separator: ", ") + "]]"
    furtherOrders = try root.entries(ChainSchema.ordersKey, example).map { node in
      let words = node.sequence?.compactMap { $0.scalar?.string }
      guard let words, words.count == node.sequence?.count else {
        throw ParameterError.invalidChain(
          reason: "an entry of `orders` is no list of effects: write for example `orders: \(example)`")
      }
      return words.flatMap { named($0) }
    }
  }

  /// The effect of a name, or all bands of an equaliser that ``parameterBlocks`` calls so.
  private func named(_ word: String) -> [String] {
    guard !series.contains(where: { $0.name == word }) else { return [word] }
    return bandRuns[word] ?? [word]
  }

  /// The names of bands that follow one another, by the name of their block.
  private var bandRuns: [String: [String]] {
    var runs: [[String]] = []
    var isInRun = false
    for effect in series {
      guard case .biquad(let band) = effect else {
        isInRun = false
        continue
      }
      if isInRun { runs[runs.count - 1].append(band.name) } else { runs.append([band.name]) }
      isInRun = true
    }
    return Dictionary(
      uniqueKeysWithValues: runs.enumerated().map { ($0 == 0 ? "equaliser" : "equaliser\($0 + 1)", $1) })
  }
}

// MARK: - Effects

extension SeriesEffect {
  fileprivate init(section: YAMLSection) throws {
    self = try exampleOfKind(for: section, among: Self.examples, { $0.description.kind }, separator: ", ")
    description = try description.read(section, or: [ChainSchema.optionalKey])
  }
}

extension SendEffect {
  fileprivate init(section: YAMLSection) throws {
    self = try exampleOfKind(for: section, among: Self.examples, { $0.description.kind }, separator: " or ")
    description = try description.read(section, or: [ChainSchema.optionalKey])
  }
}
