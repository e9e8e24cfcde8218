/// One second-order section of an equaliser: which response it has and the ranges of its parameters.
///
/// Parameters, in order: gain in dB (peak and shelves), frequency in Hz, Q; the last two where they are not fixed.
public struct BiquadBand: Sendable, Hashable, Codable {
  /// The shape of the magnitude response over frequency.
  public enum Response: String, Sendable, Hashable, Codable, CaseIterable {
    /// A boost or cut around the centre frequency.
    case peak
    /// A boost or cut below the corner frequency.
    case lowShelf = "low_shelf"
    /// A boost or cut above the corner frequency.
    case highShelf = "high_shelf"
    /// Falls by 12 dB per octave above the corner frequency.
    case lowPass = "low_pass"
    /// Falls by 12 dB per octave below the corner frequency.
    case highPass = "high_pass"

    /// Whether the response has a gain parameter: peaks and shelves.
    public var hasGain: Bool { self == .peak || self == .lowShelf || self == .highShelf }
    /// Whether a description must say what Q is: all but the shelves.
    public var requiresQ: Bool { self == .peak || self == .lowPass || self == .highPass }
  }

  /// Q of the shelves whose description gives none (arXiv 2504.14735).
  public static let shelfQ = 0.707

  /// Name of this instance, the last effect component of its parameters' names.
  public var name: String
  /// Decides which parameters the band has.
  public var response: Response
  /// The centre or corner frequency, above 0 and below half the sample rate.
  public var frequencyHz: ParameterSetting
  /// Q, above 0; nil for a shelf whose Q is ``shelfQ``.
  public var q: ParameterSetting?

  /// A band whose frequency or Q may be fixed.
  public init(name: String, response: Response, frequencyHz: ParameterSetting, q: ParameterSetting?) {
    self.name = name
    self.response = response
    self.frequencyHz = frequencyHz
    self.q = q
  }

  /// A band whose frequency is free, and its Q too unless it is that of a shelf.
  public init(name: String, response: Response, frequencyHz: ParameterBounds, q: ParameterBounds? = nil) {
    self.init(name: name, response: response, frequencyHz: .free(frequencyHz), q: q.map { .free($0) })
  }

  /// Its parameters under a prefix, which is empty or ends with a dot.
  public func parameters(prefix: String = "") -> [Parameter] {
    declared(sampleRate: ParameterDeclarations.usualSampleRate, prefix: prefix).declarations.parameters
  }
}

extension BiquadBand: SeriesEffectDescription {
  /// Gain in dB, which is nil for what has none, frequency in Hz and Q.
  package struct Slots: Sendable {
    package let gain: Int?
    package let frequency: ParameterPlace
    package let q: ParameterPlace

    /// Positions of the parameters there are, in order.
    package var positions: [Int] { [gain, frequency.slot, q.slot].compactMap(\.self) }
  }

  /// One band of every response.
  static let examples = Response.allCases.map {
    BiquadBand(
      name: $0.rawValue, response: $0, frequencyHz: ParameterBounds(33, 5400), q: $0.requiresQ ? exampleQ : nil)
  }
  private static let exampleQ = ParameterBounds(0.2, 20)

  package var inSeries: SeriesEffect { .biquad(self) }
  package var kind: String { response.rawValue }
  package var fields: [EffectField<BiquadBand>] {
    [
      .setting("frequency_hz", \.frequencyHz),
      response.requiresQ ? .setting("q", \.statedQ) : .settingOrNone("q", \.q, example: .free(Self.exampleQ)),
    ]
  }

  /// Q where a description must give it.
  private var statedQ: ParameterSetting {
    get { q ?? .free(Self.exampleQ) }
    set { q = newValue }
  }

  package func declare(in list: inout ParameterDeclarations) -> Slots {
    Slots(
      gain: response.hasGain
        ? list.add("gain", .decibel, meaning: "boost or cut \(response.boostedRange)", neutral: .at(0)) : nil,
      frequency: list.add(
        "frequency", .hertz, frequencyHz, meaning: response.frequencyMeaning, neutral: response.neutralFrequency),
      q: list.add(
        "q", .one, q ?? .fixed(Self.shelfQ), isStated: q != nil, meaning: response.qMeaning,
        neutral: response.hasGain ? .anywhere : .at(Self.butterworthQ)))
  }

  /// Q of a pass without a resonance, whose corner is at -3 dB.
  private static let butterworthQ = 0.5.squareRoot()

  /// Positions of the parameters of bands that follow one another, the first of them 0.
  package static func slots(of bands: [BiquadBand]) -> [Slots] {
    var list = ParameterDeclarations(sampleRate: ParameterDeclarations.usualSampleRate)
    return bands.map { list.add($0) }
  }

  package func validate(sampleRate: Double) throws { try validate(sampleRate: sampleRate, label: name) }

  /// - Parameter label: what errors call the band.
  func validate(sampleRate: Double, label: String) throws {
    switch frequencyHz {
    case .free(let bounds):
      try requireFrequencies(bounds, key: "frequency_hz", of: label, sampleRate: sampleRate)
    case .fixed(let frequency):
      try require(
        frequency > 0 && frequency < sampleRate / 2,
        "`frequency_hz` of \(label) is fixed at \(frequency.plainText): give a frequency above 0 and below "
          + "\((sampleRate / 2).plainText) Hz, half of `sample_rate`")
    }
    switch q {
    case .free(let bounds): try requirePositive(bounds, key: "q", of: label)
    case .fixed(let q):
      try require(
        q > 0 && q.isFinite, "`q` of \(label) is fixed at \(q.plainText): give a finite number above 0")
    case nil:
      try require(!response.requiresQ, "`q` is missing from \(label): add it, for example `q: [0.2, 20]`")
    }
  }
}

// MARK: - Words

extension BiquadBand.Response {
  /// Where the gain of a peak or shelf acts.
  fileprivate var boostedRange: String {
    switch self {
    case .lowShelf: "below the corner frequency"
    case .highShelf: "above the corner frequency"
    case .peak, .lowPass, .highPass: "around the centre frequency"
    }
  }

  fileprivate var frequencyMeaning: String {
    switch self {
    case .peak: "centre frequency"
    case .lowShelf, .highShelf: "corner frequency"
    case .lowPass: "corner frequency, above which the sound is cut"
    case .highPass: "corner frequency, below which the sound is cut"
    }
  }

  fileprivate var qMeaning: String {
    switch self {
    case .peak: "centre frequency over bandwidth"
    case .lowShelf, .highShelf: "steepness at the corner; above 0.707 it overshoots"
    case .lowPass, .highPass: "resonance at the corner; 0.707 has none"
    }
  }

  /// A pass is as open as its bounds allow.
  fileprivate var neutralFrequency: NeutralSetting {
    switch self {
    case .lowPass: .highest
    case .highPass: .lowest
    case .peak, .lowShelf, .highShelf: .anywhere
    }
  }
}
