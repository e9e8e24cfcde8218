import Foundation

/// Stereo feedback-delay-network reverb with frequency-dependent decay and a tone equaliser (arXiv 2504.14735).
///
/// Parameters, in order: input gains b [lines, 2], output gains c [2, lines], attenuations gamma [decayPoints] and
/// the strictly upper triangle of the generator W [lines, lines], each row-major, then the tone bands.
/// The mixing matrix is U = expm(W - W^T), orthogonal.
public struct FeedbackDelayNetwork: Sendable, Hashable, Codable {
  /// Most delay lines a network can have: what the reverb's kernel has room for.
  public static let maximumLines = 16

  public var name: String
  /// Delay of each line, at least 1 sample; any order, mutually prime for a dense response.
  public var delaySamples: [Int]
  /// Number of points, evenly spaced over 0 .. pi, between which gamma is interpolated linearly.
  public var decayPoints: Int
  /// Length of the modelled impulse response.
  public var responseSeconds: Double
  /// Longest decay time: bounds gamma from above.
  public var maximumT60Seconds: Double
  /// Biquads in series on the response.
  public var tone: [BiquadBand]

  public init(
    name: String = "reverb", delaySamples: [Int] = [997, 1153, 1327, 1559, 1801, 2099], decayPoints: Int = 49,
    responseSeconds: Double = 12, maximumT60Seconds: Double = 9, tone: [BiquadBand]
  ) {
    self.name = name
    self.delaySamples = delaySamples
    self.decayPoints = decayPoints
    self.responseSeconds = responseSeconds
    self.maximumT60Seconds = maximumT60Seconds
    self.tone = tone
  }

  /// Upper bound of gamma, the attenuation of the shortest line: -60 dB after ``maximumT60Seconds``.
  public func maximumAttenuation(sampleRate: Double) -> Double {
    pow(10, -60 * Double(delaySamples.min() ?? 1) / sampleRate / maximumT60Seconds / 20)
  }

  /// Its parameters in flat order; the sample rate decides the bound of gamma.
  public func parameters(sampleRate: Double) -> [Parameter] { onSend.parameters(sampleRate: sampleRate) }
}

extension FeedbackDelayNetwork: SendEffectDescription {
  /// Matrices are row-major.
  package struct Slots: Sendable {
    /// b [lines, 2].
    package let inputGains: Range<Int>
    /// c [2, lines].
    package let outputGains: Range<Int>
    /// gamma [decayPoints].
    package let attenuations: Range<Int>
    /// The strictly upper triangle of W [lines, lines].
    package let generator: Range<Int>
    package let tone: [BiquadBand.Slots]
  }

  package var onSend: SendEffect { .feedbackDelayNetwork(self) }
  package var kind: String { "feedback_delay_network" }
  package var fields: [EffectField<FeedbackDelayNetwork>] {
    [
      .integers("delay_samples", \.delaySamples), .integer("decay_points", \.decayPoints),
      .number("response_seconds", \.responseSeconds), .number("maximum_t60_seconds", \.maximumT60Seconds),
      .bands("tone", \.tone),
    ]
  }

  package func declare(in list: inout ParameterDeclarations) -> Slots {
    let lines = delaySamples.count
    let gamma = Bijector.sigmoid(lower: 0, upper: maximumAttenuation(sampleRate: list.sampleRate))
    let decay = DerivedQuantity.decayTime(delaySamples: delaySamples.min() ?? 1)
    func pairs(_ rows: Int, _ columns: Int) -> [String] {
      (0..<rows).flatMap { row in (0..<columns).map { "\(row + 1).\($0 + 1)" } }
    }
    let upper = (0..<lines).flatMap { row in (row + 1..<max(lines, row + 1)).map { "\(row + 1).\($0 + 1)" } }
    list.part = "b"
    let inputGains = list.add(
      all: pairs(lines, 2).map { "b." + $0 }, meaning: "gain from an input channel into a delay line")
    list.part = "c"
    let outputGains = list.add(
      all: pairs(2, lines).map { "c." + $0 }, meaning: "gain from a delay line to an output channel",
      neutral: .at(0))
    list.part = "gamma"
    let attenuations = list.add(
      all: (0..<decayPoints).map { "gamma.\($0 + 1)" }, .one, gamma, derived: decay,
      meaning: "decay: gain of a pass through the shortest line, at points from 0 Hz to half the rate")
    list.part = "w"
    let generator = list.add(
      all: upper.map { "w." + $0 }, meaning: "mixing of two lines: an entry of the generator of the rotation")
    list.part = "tone"
    return Slots(
      inputGains: inputGains, outputGains: outputGains, attenuations: attenuations, generator: generator,
      tone: tone.map { list.add($0, isSilenced: true) })
  }

  package func validate(sampleRate: Double) throws {
    try require(
      (1...Self.maximumLines).contains(delaySamples.count),
      "`delay_samples` of \(name) has \(delaySamples.count) lines: give between 1 and \(Self.maximumLines)")
    try requireDuration(responseSeconds, key: "response_seconds", of: name)
    for samples in delaySamples {
      try require(
        samples > 0 && Double(samples) < responseSeconds * sampleRate,
        "`delay_samples` of \(name) contains \(samples): a line is at least 1 sample and shorter than the response "
          + "of \(responseSeconds.plainText) s")
    }
    try require(
      (2...4096).contains(decayPoints),
      "`decay_points` of \(name) is \(decayPoints): give between 2 and 4096 points")
    try requireDuration(maximumT60Seconds, key: "maximum_t60_seconds", of: name)
    try require(
      maximumAttenuation(sampleRate: sampleRate) > 1e-6,
      "`maximum_t60_seconds` of \(name) is \(maximumT60Seconds.plainText), gone within one pass of its shortest "
        + "line: give a longer time")
    for band in tone {
      try requireName(band.name)
      try band.validate(sampleRate: sampleRate, label: "\(band.name) of \(name)")
    }
    try requireDistinct(tone.map(\.name), in: "the tone of \(name)")
  }

  /// Those of the lines (``NetworkSymmetries``) and of the bands of the tone.
  package func symmetries(at place: PlacedEffect<Slots>) -> EffectSymmetries {
    let network = NetworkSymmetries(
      name: name, lineCount: delaySamples.count, start: place.start + place.slots.inputGains.lowerBound,
      generatorStart: place.start + place.slots.generator.lowerBound)
    let bands = zip(tone, place.slots.tone).map { band, slots in
      PlacedBand(band: band, path: name + "." + band.name, place: place.part(slots))
    }
    return EffectSymmetries(
      networks: [network], mirrorEntries: network.mirrorEntries,
      bandRuns: [BandRun(name: name + ".tone", bands: bands)])
  }
}
