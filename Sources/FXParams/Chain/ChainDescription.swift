/// The effects of a chain: a series of mono effects, then a stereo stage of direct sound and sends.
///
/// The description decides the parameter space (its flat order is: series effects in order, cross-send gains, send
/// effects in order, direct pan), and the chain that FXChain builds. It carries no parameter values.
public struct ChainDescription: Sendable, Hashable {
  /// In Hz; some bounds of parameters depend on it.
  public var sampleRate: Double
  /// Mono effects, in series.
  public var series: [SeriesEffect]
  /// Effects fed by the mono signal in parallel, each with a stereo output that is added to the direct sound.
  public var sends: [SendEffect]
  /// Whether each send also feeds every later one, with a gain of its own.
  public var hasCrossSends: Bool
  /// Whether the direct sound has a pan parameter; without one it is centred at unit gain.
  public var hasDirectPan: Bool
  /// Names of the effects, of series and sends, that a preset may lack (``ChainPattern``).
  public var optionalEffects: Set<String> = []
  /// Orders of the series that a preset may have in place of the listed one: each has the names of all its effects.
  public var furtherOrders: [[String]] = []

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

  /// Whether every effect has a gradient.
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
  var flatParameters: [Parameter] { declared.declarations.parameters }
}
