/// The description of an effect, in one file: its parameters, its settings in chain files, the checks on them, and
/// its symmetries. All code that reads, writes, checks, orders or explains chains takes these from here.
package protocol EffectDescription: Sendable, Hashable {
  /// Positions of the effect's parameters by name, the first of them 0: renderers read `values[slots.feedback]`.
  associatedtype Slots: Sendable

  /// The word that `effect:` of a chain file has for it.
  var kind: String { get }
  /// Name of this instance, the first part of its parameters' names.
  var name: String { get set }
  /// The settings that a chain file gives beside `effect` and `name`, in this order.
  var fields: [EffectField<Self>] { get }

  /// Declares every parameter, in flat order.
  func declare(in list: inout ParameterDeclarations) -> Slots

  /// Checks the settings; the name is checked by the chain.
  ///
  /// - Parameter sampleRate: in Hz.
  /// - Throws: ``ParameterError/invalidChain(reason:)`` naming the first key at fault, its value and the remedy.
  func validate(sampleRate: Double) throws

  /// Whether the output has a useful gradient with respect to input and parameters; true unless the effect says
  /// otherwise.
  var isDifferentiable: Bool { get }

  /// Motions of the parameters that leave the sound as it is, nearly, or mirrored; none unless the effect says
  /// otherwise. The copies of folded parameters are known from their bijector.
  func symmetries(at place: PlacedEffect<Slots>) -> EffectSymmetries
}

extension EffectDescription {
  package var isDifferentiable: Bool { true }

  package func symmetries(at _: PlacedEffect<Slots>) -> EffectSymmetries { EffectSymmetries() }

  /// The positions of the parameters among the effect's own; the sample rate does not change them.
  package var slots: Slots { declared(sampleRate: ParameterDeclarations.usualSampleRate).slots }

  /// The number of parameters.
  package var parameterCount: Int { declared(sampleRate: ParameterDeclarations.usualSampleRate).declarations.count }

  func declared(sampleRate: Double, prefix: String = "") -> (slots: Slots, declarations: ParameterDeclarations) {
    var declarations = ParameterDeclarations(sampleRate: sampleRate, prefix: prefix)
    let slots = declarations.add(self)
    return (slots, declarations)
  }

  /// The symmetries of the effect where its parameters begin at a position of the flat order.
  func symmetries(startingAt start: Int, sampleRate: Double) -> EffectSymmetries {
    let (slots, declarations) = declared(sampleRate: sampleRate)
    return symmetries(at: PlacedEffect(start: start, slots: slots, parameters: declarations.parameters))
  }
}

/// A mono-to-mono effect.
package protocol SeriesEffectDescription: EffectDescription {
  /// The effect as one of a chain's series.
  var inSeries: SeriesEffect { get }
}

/// A mono- or stereo-to-stereo effect on a send.
package protocol SendEffectDescription: EffectDescription {
  /// Length of the modelled impulse response.
  var responseSeconds: Double { get set }
  /// The effect as one of a chain's sends.
  var onSend: SendEffect { get }
}
