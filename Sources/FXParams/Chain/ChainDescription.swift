/// What an effects chain is made of: a series of mono effects, then a stereo stage of direct sound and sends.
///
/// The description decides the parameter space (its flat order is: series effects in order, cross-send gains, send
/// effects in order, direct pan), and the chain that FXChain builds. It carries no parameter values.
public struct ChainDescription: Sendable, Hashable {
  public var sampleRate: Double
  /// Mono effects, in series.
  public var series: [SeriesEffect]
  /// Effects fed by the mono signal in parallel, each with a stereo output that is added to the direct sound.
  public var sends: [SendEffect]
  /// Whether each send also feeds every later one, with a gain of its own.
  public var hasCrossSends: Bool
  /// Whether the direct sound has a pan parameter; without one it is centred at unit gain.
  public var hasDirectPan: Bool

  /// A mono-to-mono effect.
  public enum SeriesEffect: Sendable, Hashable {
    case biquad(BiquadBand)
    case compressorExpander(CompressorExpander)
    case bitCrusher(BitCrusher)

    public var name: String {
      get {
        switch self {
        case .biquad(let band): band.name
        case .compressorExpander(let effect): effect.name
        case .bitCrusher(let effect): effect.name
        }
      }
      set {
        switch self {
        case .biquad(var band):
          band.name = newValue
          self = .biquad(band)
        case .compressorExpander(var effect):
          effect.name = newValue
          self = .compressorExpander(effect)
        case .bitCrusher(var effect):
          effect.name = newValue
          self = .bitCrusher(effect)
        }
      }
    }

    public func parameters() -> [Parameter] {
      switch self {
      case .biquad(let band): band.parameters()
      case .compressorExpander(let effect): effect.parameters()
      case .bitCrusher(let effect): effect.parameters()
      }
    }

    /// Whether the output has a useful gradient with respect to input and parameters.
    public var isDifferentiable: Bool {
      switch self {
      case .biquad, .compressorExpander: true
      case .bitCrusher: false
      }
    }
  }

  /// A mono- or stereo-to-stereo effect on a send.
  public enum SendEffect: Sendable, Hashable {
    case pingPongDelay(PingPongDelay)
    case feedbackDelayNetwork(FeedbackDelayNetwork)

    public var name: String {
      get {
        switch self {
        case .pingPongDelay(let effect): effect.name
        case .feedbackDelayNetwork(let effect): effect.name
        }
      }
      set {
        switch self {
        case .pingPongDelay(var effect):
          effect.name = newValue
          self = .pingPongDelay(effect)
        case .feedbackDelayNetwork(var effect):
          effect.name = newValue
          self = .feedbackDelayNetwork(effect)
        }
      }
    }

    public func parameters(sampleRate: Double) -> [Parameter] {
      switch self {
      case .pingPongDelay(let effect): effect.parameters()
      case .feedbackDelayNetwork(let effect): effect.parameters(sampleRate: sampleRate)
      }
    }
  }

  public init(
    sampleRate: Double = 44100, series: [SeriesEffect], sends: [SendEffect], hasCrossSends: Bool = true,
    hasDirectPan: Bool = true
  ) {
    self.sampleRate = sampleRate
    self.series = series
    self.sends = sends
    self.hasCrossSends = hasCrossSends
    self.hasDirectPan = hasDirectPan
  }

  /// Pairs (source, destination) of sends joined by a cross-send gain, in flat order.
  public var crossSends: [(source: Int, destination: Int)] {
    guard hasCrossSends, sends.count > 1 else { return [] }
    return (0..<sends.count).flatMap { source in (source + 1..<sends.count).map { (source, $0) } }
  }

  /// Names of the effects that have no gradient; a chain with one is optimised and sampled by values alone.
  public var nonDifferentiableEffects: [String] { series.filter { !$0.isDifferentiable }.map(\.name) }

  public var isDifferentiable: Bool { nonDifferentiableEffects.isEmpty }

  static let directPanName = "direct.pan"

  /// With one source the gain belongs to the destination alone, as in `reverb.send`.
  func crossSendName(_ send: (source: Int, destination: Int)) -> String {
    let suffix = send.destination == 1 ? "" : "." + sends[send.source].name
    return sends[send.destination].name + ".send" + suffix
  }

  /// The space of the chain's free parameters.
  ///
  /// - Precondition: the names are distinct, as ``validate()`` checks.
  public var parameterSpace: ParameterSpace { ParameterSpace(flatParameters) }

  /// The free parameters of the chain in flat order.
  var flatParameters: [Parameter] {
    let unit = Bijector.sigmoid(lower: 0, upper: 1)
    var parameters = series.flatMap { $0.parameters() }
    for send in crossSends { parameters.append(Parameter(name: crossSendName(send), unit: .one, bijector: unit)) }
    parameters += sends.flatMap { $0.parameters(sampleRate: sampleRate) }
    if hasDirectPan { parameters.append(Parameter(name: Self.directPanName, unit: .one, bijector: unit)) }
    return parameters
  }
}
