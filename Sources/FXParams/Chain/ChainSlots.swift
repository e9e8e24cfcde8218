/// The positions of the parameters of a chain's parts in its flat order.
package struct ChainSlots: Sendable {
  /// Positions of the parameters of each series effect.
  package fileprivate(set) var series: [Range<Int>] = []
  /// Positions of the gains of ``ChainDescription/crossSends``.
  package fileprivate(set) var crossSends = 0..<0
  /// Positions of the parameters of each send effect.
  package fileprivate(set) var sends: [Range<Int>] = []
  /// Position of the pan of the direct sound, if it has one.
  package fileprivate(set) var directPan: Int?
}

extension ChainDescription {
  package var slots: ChainSlots { declared.slots }

  /// All parameters of the chain. Their flat order is decided here and nowhere else.
  var declared: (slots: ChainSlots, declarations: ParameterDeclarations) {
    var declarations = ParameterDeclarations(sampleRate: sampleRate)
    var slots = ChainSlots()
    func add(_ effect: any EffectDescription) -> Range<Int> {
      let start = declarations.count
      _ = declarations.add(effect)
      return start..<declarations.count
    }
    slots.series = series.map { add($0.description) }
    slots.crossSends = declarations.add(
      all: crossSends.map(crossSendName), .one, .unit, derived: .level,
      meaning: "gain from an earlier send into this one", neutral: .lowest)
    slots.sends = sends.map { add($0.description) }
    if hasDirectPan {
      slots.directPan = declarations.add(
        Self.directPanName, .one, .unit, derived: .position, meaning: "pan of the direct sound; 0 is left",
        neutral: .at(0.5))
    }
    return (slots, declarations)
  }
}
