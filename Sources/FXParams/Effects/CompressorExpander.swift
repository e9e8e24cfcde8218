/// Feed-forward compressor and downward expander with lookahead (arXiv 2504.14735).
public struct CompressorExpander: Sendable, Hashable, Codable {
  public var name: String
  /// Period of the folded lookahead map; nil leaves lookahead out.
  public var maximumLookaheadMilliseconds: Double?
  /// Range of the compression ratio.
  public var compressorRatio: ParameterBounds

  public init(
    name: String = "compressor", maximumLookaheadMilliseconds: Double? = 15,
    compressorRatio: ParameterBounds = .init(1, 20)
  ) {
    self.name = name
    self.maximumLookaheadMilliseconds = maximumLookaheadMilliseconds
    self.compressorRatio = compressorRatio
  }

  /// Its parameters in flat order.
  public func parameters() -> [Parameter] { inSeries.parameters() }
}

extension CompressorExpander: SeriesEffectDescription {
  /// Thresholds and make-up gain in dB, lookahead in ms. Attack, release and averaging are one-pole coefficients in
  /// (0, 1); see ``OnePole`` for milliseconds.
  package struct Slots: Sendable {
    package let threshold: Int
    package let expanderThreshold: Int
    package let makeup: Int
    /// Nil where the effect has none.
    package let lookahead: Int?
    package let attack: Int
    package let release: Int
    package let averaging: Int
    package let ratio: Int
    package let expanderRatio: Int
  }

  package var inSeries: SeriesEffect { .compressorExpander(self) }
  package var kind: String { "compressor_expander" }
  package var fields: [EffectField<CompressorExpander>] {
    [.range("ratio", \.compressorRatio), .numberOrNone("maximum_lookahead_ms", \.maximumLookaheadMilliseconds)]
  }

  package func declare(in list: inout ParameterDeclarations) -> Slots {
    Slots(
      threshold: list.add(
        "threshold", .decibel, meaning: "level above which the compressor acts",
        neutral: .at(NearInvarianceCriterion.ceilingDBFS + Self.clearanceDB)),
      expanderThreshold: list.add(
        "expander_threshold", .decibel, meaning: "level below which the expander acts",
        neutral: .at(NearInvarianceCriterion.floorDBFS - Self.clearanceDB)),
      makeup: list.add("makeup", .decibel, meaning: "make-up gain", neutral: .at(0)),
      lookahead: maximumLookaheadMilliseconds.map {
        list.add(
          "lookahead", .millisecond, .folded(period: $0),
          meaning: "how far ahead of the sound the gain moves", neutral: .lowest)
      },
      attack: list.add(
        "attack_coefficient", .one, .unit, derived: .onePoleTime, meaning: "attack: smoothing of a falling gain"),
      release: list.add(
        "release_coefficient", .one, .unit, derived: .onePoleTime, meaning: "release: smoothing of a rising gain"),
      averaging: list.add(
        "averaging_coefficient", .one, .unit, derived: .onePoleTime,
        meaning: "averaging: smoothing of the squared level"),
      ratio: list.add(
        "ratio", .one, compressorRatio.bijector, meaning: "compression ratio; 1 compresses nothing",
        neutral: .lowest),
      expanderRatio: list.add(
        "expander_ratio", .one, .unit, meaning: "expansion ratio, below 1; 1 expands nothing", neutral: .highest))
  }

  /// How far neutral thresholds lie beyond the levels that signals have: equalisers before it may lift them.
  private static let clearanceDB = 40.0

  package func validate(sampleRate _: Double) throws {
    try requireOrdered(compressorRatio, key: "ratio", of: name)
    try require(
      compressorRatio.lower >= 1,
      "`ratio` of \(name) is \(compressorRatio.plainText): a compression ratio is at least 1, raise the lower bound"
    )
    if let period = maximumLookaheadMilliseconds {
      try require(
        period > 0 && period <= 1000,
        "`maximum_lookahead_ms` of \(name) is \(period.plainText): give a time between 0 and 1000, or `none`")
    }
  }

  /// Ratios hardly matter where their threshold is out of reach, and the times where both are.
  package func symmetries(at place: PlacedEffect<Slots>) -> EffectSymmetries {
    let slots = place.slots
    let isAbove = place.condition(slots.threshold, .above(NearInvarianceCriterion.ceilingDBFS))
    let isBelow = place.condition(slots.expanderThreshold, .below(NearInvarianceCriterion.floorDBFS))
    return EffectSymmetries(nearInvariances: [
      place.motion("\(name) never reached", of: [slots.ratio], where: [isAbove]),
      place.motion("\(name) expander never reached", of: [slots.expanderRatio], where: [isBelow]),
      place.motion(
        "\(name) idle", of: [slots.attack, slots.release, slots.averaging], where: [isAbove, isBelow]),
    ])
  }
}
