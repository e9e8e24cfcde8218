/// A mono-to-mono effect.
///
/// A new one is declared in a file of its own (`SeriesEffectDescription`) and has three lines here: its case, its
/// example and its description.
public enum SeriesEffect: Sendable, Hashable {
  /// One band of an equaliser.
  case biquad(BiquadBand)
  /// A compressor and a downward expander with common attack, release and averaging.
  case compressorExpander(CompressorExpander)
  /// Has no gradient.
  case bitCrusher(BitCrusher)

  /// One of every kind that a chain file can name; errors list the kinds in this order.
  package static let examples: [SeriesEffect] =
    BiquadBand.examples.map { .biquad($0) } + [
      .compressorExpander(CompressorExpander()),
      .bitCrusher(BitCrusher()),
    ]

  /// The description of the effect in the case.
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

extension SeriesEffect {
  /// The prefix of its parameters' names; unique in a chain.
  public var name: String {
    get { description.name }
    set { description.name = newValue }
  }

  /// Its parameters in flat order.
  public func parameters() -> [Parameter] {
    description.declared(sampleRate: ParameterDeclarations.usualSampleRate).declarations.parameters
  }

  /// Whether the output has a useful gradient with respect to input and parameters.
  public var isDifferentiable: Bool { description.isDifferentiable }
}
