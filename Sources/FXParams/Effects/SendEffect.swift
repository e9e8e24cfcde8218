/// A mono- or stereo-to-stereo effect on a send.
///
/// A new one is declared in a file of its own (`SendEffectDescription`) and has three lines here: its case, its
/// example and its description.
public enum SendEffect: Sendable, Hashable {
  /// Echoes that alternate between two pan positions.
  case pingPongDelay(PingPongDelay)
  /// A reverb of delay lines with frequency-dependent decay.
  case feedbackDelayNetwork(FeedbackDelayNetwork)

  /// One of every kind that a chain file can name; errors list the kinds in this order.
  package static let examples: [SendEffect] = [
    .pingPongDelay(PingPongDelay()),
    .feedbackDelayNetwork(FeedbackDelayNetwork(tone: [])),
  ]

  /// The description of the effect in the case.
  package var description: any SendEffectDescription {
    get {
      switch self {
      case .pingPongDelay(let effect): effect
      case .feedbackDelayNetwork(let effect): effect
      }
    }
    set { self = newValue.onSend }
  }
}

extension SendEffect {
  /// The prefix of its parameters' names; unique in a chain.
  public var name: String {
    get { description.name }
    set { description.name = newValue }
  }

  /// Its parameters in flat order; the sample rate, in Hz, decides some bounds.
  public func parameters(sampleRate: Double) -> [Parameter] {
    description.declared(sampleRate: sampleRate).declarations.parameters
  }

  /// The network, whose response is known at bins; nil for effects whose response is known in time.
  package var network: FeedbackDelayNetwork? {
    switch self {
    case .pingPongDelay: nil
    case .feedbackDelayNetwork(let network): network
    }
  }

  /// Length of the modelled impulse response.
  public var responseSeconds: Double {
    get { description.responseSeconds }
    set { description.responseSeconds = newValue }
  }
}
