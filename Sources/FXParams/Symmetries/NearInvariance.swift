// Settings that hardly matter, as approximate symmetries: a criterion on the preset, and a motion of the logits that
// then identify nothing. The motion is one step of 1 (gains at zero: down by 1); any other length is a power of it.

/// When a setting hardly matters.
public enum NearInvarianceCriterion {
  /// A peak or shelf of a gain of g dB lies between 0 and g dB everywhere, so that moving its frequency and Q changes
  /// the response by at most |g| dB.
  public static let inactiveGainDB = 0.1
  /// A gain below -60 dB: what it lets through, and everything behind it, is 60 dB below its input.
  public static let closedGain = 0.001
  /// The level in the compressor, an RMS, stays below full scale unless an equaliser before it lifts it there.
  public static let ceilingDBFS = 0.0
  /// The floor that the level detector itself has (squares are at least 1e-8): an expander below it does not act.
  public static let floorDBFS = -80.0
}

/// Parameters of one effect and where they begin in the flat order.
struct PlacedParameters {
  let start: Int
  let parameters: [Parameter]

  func index(_ suffix: String) -> Int? {
    parameters.firstIndex { $0.name.hasSuffix("." + suffix) }.map { $0 + start }
  }

  func condition(_ suffix: String, _ bound: ParameterCondition.Bound) -> ParameterCondition? {
    index(suffix).map { ParameterCondition(index: $0, parameter: parameters[$0 - start], bound: bound) }
  }

  /// The approximate symmetry that moves some parameters, or nil if there are none of these names.
  func motion(
    _ name: String, of suffixes: [String], closing: [String] = [], where conditions: [ParameterCondition?]
  ) -> Symmetry? {
    let conditions = conditions.compactMap(\.self)
    let moved =
      suffixes.compactMap { index($0) }.map { ($0, 1.0) } + closing.compactMap { index($0) }.map { ($0, -1.0) }
    guard !conditions.isEmpty, !moved.isEmpty else { return nil }
    return Symmetry(
      name: name, kind: .approximate,
      entries: moved.map { .init(target: $0.0, source: $0.0, map: LogitMap([.translated(by: $0.1)])) },
      conditions: conditions)
  }
}

extension BiquadBand {
  /// Frequency and Q of a band without gain.
  func nearInvariances(at start: Int, prefix: String = "") -> [Symmetry] {
    guard response.hasGain else { return [] }
    let placed = PlacedParameters(start: start, parameters: parameters(prefix: prefix))
    return [
      placed.motion(
        "\(prefix)\(name) inactive", of: ["frequency", "q"],
        where: [placed.condition("gain", .magnitudeBelow(NearInvarianceCriterion.inactiveGainDB))])
    ].compactMap(\.self)
  }
}

extension CompressorExpander {
  /// Ratios where their threshold is out of reach, and the times where both are.
  func nearInvariances(at start: Int) -> [Symmetry] {
    let placed = PlacedParameters(start: start, parameters: parameters())
    let isAbove = placed.condition("threshold", .above(NearInvarianceCriterion.ceilingDBFS))
    let isBelow = placed.condition("expander_threshold", .below(NearInvarianceCriterion.floorDBFS))
    return [
      placed.motion("\(name) never reached", of: ["ratio"], where: [isAbove]),
      placed.motion("\(name) expander never reached", of: ["expander_ratio"], where: [isBelow]),
      placed.motion(
        "\(name) idle", of: ["attack_coefficient", "release_coefficient", "averaging_coefficient"],
        where: [isAbove, isBelow]),
    ].compactMap(\.self)
  }
}

extension PingPongDelay {
  /// All of a delay without gain.
  func nearInvariances(at start: Int) -> [Symmetry] {
    let placed = PlacedParameters(start: start, parameters: parameters())
    return [
      placed.motion(
        "\(name) closed",
        of: ["time", "feedback", "lowpass.frequency", "lowpass.q", "odd_pan", "even_pan"], closing: ["gain"],
        where: [placed.condition("gain", .below(NearInvarianceCriterion.closedGain))])
    ].compactMap(\.self)
  }
}

extension Parameter {
  /// The gain of a send that is closed.
  func closedSend(at index: Int) -> Symmetry {
    Symmetry(
      name: "\(name) closed", kind: .approximate,
      entries: [.init(target: index, source: index, map: LogitMap([.translated(by: -1)]))],
      conditions: [.init(index: index, parameter: self, bound: .below(NearInvarianceCriterion.closedGain))])
  }
}
