/// Stereo ping-pong delay with a low-pass in its feedback path (arXiv 2504.14735).
public struct PingPongDelay: Sendable, Hashable, Codable {
  public var name: String
  /// Range of the time between one echo and the next.
  public var delayMilliseconds: ParameterBounds
  /// Length of the modelled impulse response.
  public var responseSeconds: Double
  /// Range of the corner frequency of the low-pass.
  public var lowPassFrequencyHz: ParameterBounds
  /// Range of the Q of the low-pass.
  public var lowPassQ: ParameterBounds

  public init(
    name: String = "delay", delayMilliseconds: ParameterBounds = .init(100, 1000), responseSeconds: Double = 4,
    lowPassFrequencyHz: ParameterBounds = .init(200, 16000), lowPassQ: ParameterBounds = .init(0.5, 2)
  ) {
    self.name = name
    self.delayMilliseconds = delayMilliseconds
    self.responseSeconds = responseSeconds
    self.lowPassFrequencyHz = lowPassFrequencyHz
    self.lowPassQ = lowPassQ
  }

  /// The low-pass in the feedback path as a band, whose parameters are prefixed by the delay's name.
  public var lowPass: BiquadBand {
    BiquadBand(name: "lowpass", response: .lowPass, frequencyHz: lowPassFrequencyHz, q: lowPassQ)
  }

  /// Its parameters in flat order.
  public func parameters() -> [Parameter] {
    onSend.parameters(sampleRate: ParameterDeclarations.usualSampleRate)
  }
}

extension PingPongDelay: SendEffectDescription {
  /// Time between echoes in ms, gains, and positions of the panners: odd echoes go to one, even ones to the other.
  package struct Slots: Sendable {
    package let time: Int
    package let feedback: Int
    package let gain: Int
    package let lowPass: BiquadBand.Slots
    package let oddPan: Int
    package let evenPan: Int
  }

  package var onSend: SendEffect { .pingPongDelay(self) }
  package var kind: String { "ping_pong_delay" }
  package var fields: [EffectField<PingPongDelay>] {
    [
      .range("time_ms", \.delayMilliseconds), .number("response_seconds", \.responseSeconds),
      .range("lowpass_frequency_hz", \.lowPassFrequencyHz), .range("lowpass_q", \.lowPassQ),
    ]
  }

  package func declare(in list: inout ParameterDeclarations) -> Slots {
    Slots(
      time: list.add(
        "time", .millisecond, delayMilliseconds.bijector, meaning: "time from one echo to the next",
        isOscillatory: true),
      feedback: list.add(
        "feedback", .one, .unit, derived: .level, meaning: "gain from one echo to the next"),
      gain: list.add("gain", .one, .unit, derived: .level, meaning: "gain of the echoes", neutral: .lowest),
      lowPass: list.add(lowPass, isSilenced: true),
      oddPan: list.add(
        "odd_pan", .one, .unit, derived: .position, meaning: "pan of the first, third, ... echo; 0 is left"),
      evenPan: list.add(
        "even_pan", .one, .unit, derived: .position, meaning: "pan of the second, fourth, ... echo; 0 is left"))
  }

  package func validate(sampleRate: Double) throws {
    try requirePositive(delayMilliseconds, key: "time_ms", of: name)
    try requireDuration(responseSeconds, key: "response_seconds", of: name)
    try require(
      responseSeconds * 1000 > delayMilliseconds.upper,
      "`response_seconds` of \(name) is \(responseSeconds.plainText), shorter than its longest delay of "
        + "\(delayMilliseconds.upper.plainText) ms: give a longer response or a shorter `time_ms`")
    try requireFrequencies(lowPassFrequencyHz, key: "lowpass_frequency_hz", of: name, sampleRate: sampleRate)
    try requirePositive(lowPassQ, key: "lowpass_q", of: name)
  }

  /// All of a delay without gain hardly matters; the mirror exchanges left and right of both panners.
  package func symmetries(at place: PlacedEffect<Slots>) -> EffectSymmetries {
    let slots = place.slots
    return EffectSymmetries(
      nearInvariances: [
        place.motion(
          "\(name) closed",
          of: [
            slots.time, slots.feedback, slots.lowPass.frequency.slot, slots.lowPass.q.slot, slots.oddPan,
            slots.evenPan,
          ], closing: [slots.gain],
          where: [place.condition(slots.gain, .below(NearInvarianceCriterion.closedGain))])
      ], mirrorEntries: [place.mirroredPan(slots.oddPan), place.mirroredPan(slots.evenPan)])
  }
}
