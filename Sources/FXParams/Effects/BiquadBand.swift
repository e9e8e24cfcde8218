/// One second-order section of an equaliser: which response it has and the ranges of its parameters.
///
/// Parameters, in order: gain in dB (peak and shelves), frequency in Hz, Q (where it is not fixed).
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
    /// Whether Q is a parameter: all but the shelves.
    public var hasFreeQ: Bool { self == .peak || self == .lowPass || self == .highPass }
  }

  /// Q of the shelves, which have no free Q (arXiv 2504.14735).
  public static let shelfQ = 0.707

  /// Name of this instance, the last effect component of its parameters' names.
  public var name: String
  /// Decides which parameters the band has.
  public var response: Response
  /// Range of the centre or corner frequency, above 0 and below half the sample rate.
  public var frequencyHz: ParameterBounds
  /// Range of Q, or nil for a shelf, whose Q is fixed at ``shelfQ``.
  public var q: ParameterBounds?

  public init(name: String, response: Response, frequencyHz: ParameterBounds, q: ParameterBounds? = nil) {
    self.name = name
    self.response = response
    self.frequencyHz = frequencyHz
    self.q = q
  }

  /// Its parameters under a prefix, which is empty or ends with a dot.
  public func parameters(prefix: String = "") -> [Parameter] {
    declared(sampleRate: ParameterDeclarations.usualSampleRate, prefix: prefix).declarations.parameters
  }
}

extension BiquadBand: SeriesEffectDescription {
  /// Gain in dB, frequency in Hz and Q; nil for what the response has not.
  package struct Slots: Sendable {
    package let gain: Int?
    package let frequency: Int
    package let q: Int?

    package init(gain: Int?, frequency: Int, q: Int?) {
      self.gain = gain
      self.frequency = frequency
      self.q = q
    }

    /// Positions of the parameters there are, in order.
    var positions: [Int] { [gain, frequency, q].compactMap(\.self) }
  }

  /// One band of every response.
  static let examples = Response.allCases.map {
    BiquadBand(
      name: $0.rawValue, response: $0, frequencyHz: ParameterBounds(33, 5400), q: $0.hasFreeQ ? exampleQ : nil)
  }
  private static let exampleQ = ParameterBounds(0.2, 20)

  package var inSeries: SeriesEffect { .biquad(self) }
  package var kind: String { response.rawValue }
  package var fields: [EffectField<BiquadBand>] {
    [.range("frequency_hz", \.frequencyHz)] + (q == nil ? [] : [.range("q", \.freeQ)])
  }

  /// Q where it is free.
  private var freeQ: ParameterBounds {
    get { q ?? Self.exampleQ }
    set { q = newValue }
  }

  package func declare(in list: inout ParameterDeclarations) -> Slots {
    Slots(
      gain: response.hasGain
        ? list.add("gain", .decibel, meaning: "boost or cut \(response.boostedRange)", neutral: .at(0)) : nil,
      frequency: list.add(
        "frequency", .hertz, frequencyHz.bijector, meaning: response.frequencyMeaning,
        neutral: response.neutralFrequency),
      q: q.map {
        list.add(
          "q", .one, $0.bijector, meaning: response.qMeaning,
          neutral: response.hasGain ? .anywhere : .at(Self.butterworthQ))
      })
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
    try requireFrequencies(frequencyHz, key: "frequency_hz", of: label, sampleRate: sampleRate)
    if let q {
      try require(response.hasFreeQ, "`q` of \(label) is not free, a shelf has Q \(Self.shelfQ): remove the key")
      try requirePositive(q, key: "q", of: label)
    } else {
      try require(!response.hasFreeQ, "`q` is missing from \(label): add it, for example `q: [0.2, 20]`")
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
    self == .peak ? "centre frequency over bandwidth" : "resonance at the corner; 0.707 has none"
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
