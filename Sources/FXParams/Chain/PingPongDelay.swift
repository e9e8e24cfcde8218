/// Stereo ping-pong delay with a low-pass in its feedback path (arXiv 2504.14735).
public struct PingPongDelay: Sendable, Hashable, Codable {
  public var name: String
  /// Range of the time between one echo and the next.
  public var delayMilliseconds: BiquadBand.Range
  /// Length of the modelled impulse response.
  public var responseSeconds: Double
  public var lowPassFrequencyHz: BiquadBand.Range
  public var lowPassQ: BiquadBand.Range

  public init(
    name: String = "delay", delayMilliseconds: BiquadBand.Range = .init(100, 1000), responseSeconds: Double = 4,
    lowPassFrequencyHz: BiquadBand.Range = .init(200, 16000), lowPassQ: BiquadBand.Range = .init(0.5, 2)
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

  /// Its parameters in flat order; odd echoes go to one panner, even ones to the other.
  public func parameters() -> [Parameter] {
    let unit = Bijector.sigmoid(lower: 0, upper: 1)
    return [
      Parameter(name: name + ".time", unit: .millisecond, bijector: delayMilliseconds.bijector),
      Parameter(name: name + ".feedback", unit: .one, bijector: unit),
      Parameter(name: name + ".gain", unit: .one, bijector: unit),
    ] + lowPass.parameters(prefix: name + ".") + [
      Parameter(name: name + ".odd_pan", unit: .one, bijector: unit),
      Parameter(name: name + ".even_pan", unit: .one, bijector: unit),
    ]
  }

  /// Levels of the gains and positions of the two panners.
  var derivedQuantities: [String: DerivedQuantity] {
    [
      name + ".feedback": .level, name + ".gain": .level, name + ".odd_pan": .position,
      name + ".even_pan": .position,
    ]
  }
}
