// The effects that a chain may have. A new one is declared in a file of its own (``EffectDescription``) and has three
// lines here: its case, its example and its description.

extension ChainDescription {
  /// A mono-to-mono effect.
  public enum SeriesEffect: Sendable, Hashable {
    case biquad(BiquadBand)
    case compressorExpander(CompressorExpander)
    case bitCrusher(BitCrusher)

    /// One of every kind that a chain file can name; errors list the kinds in this order.
    package static let examples: [SeriesEffect] =
      BiquadBand.examples.map { .biquad($0) } + [
        .compressorExpander(CompressorExpander()),
        .bitCrusher(BitCrusher()),
      ]

    /// What the effect says of itself, whichever it is.
    package var description: any SeriesEffectDescription {
      get {
        switch self {
        case .biquad(let effect): effect
        case .compressorExpander(let effect): effect
        case .bitCrusher(let effect): effect
        }
      }
      set { self = newValue.inSeries }
    }
  }

  /// A mono- or stereo-to-stereo effect on a send.
  public enum SendEffect: Sendable, Hashable {
    case pingPongDelay(PingPongDelay)
    case feedbackDelayNetwork(FeedbackDelayNetwork)

    /// One of every kind that a chain file can name; errors list the kinds in this order.
    package static let examples: [SendEffect] = [
      .pingPongDelay(PingPongDelay()),
      .feedbackDelayNetwork(FeedbackDelayNetwork(tone: [])),
    ]

    /// What the effect says of itself, whichever it is.
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
}

// MARK: - What every effect has

extension ChainDescription.SeriesEffect {
  public var name: String {
    get { description.name }
    set { description.name = newValue }
  }

  /// Its parameters in flat order.
  public func parameters() -> [Parameter] {
    description.declared(sampleRate: ChainDescription.usualSampleRate).declarations.parameters
  }

  /// Whether the output has a useful gradient with respect to input and parameters.
  public var isDifferentiable: Bool { description.isDifferentiable }
}

extension ChainDescription.SendEffect {
  public var name: String {
    get { description.name }
    set { description.name = newValue }
  }

  /// Its parameters in flat order; the sample rate, in Hz, decides some bounds.
  public func parameters(sampleRate: Double) -> [Parameter] {
    description.declared(sampleRate: sampleRate).declarations.parameters
  }

  /// Length of the modelled impulse response.
  public var responseSeconds: Double {
    get { description.responseSeconds }
    set { description.responseSeconds = newValue }
  }
}
