/// Rounds every sample to one of few levels: the sound of early samplers, and an effect without a gradient.
///
/// Parameter: `bits`, the resolution. It acts in whole bits, the nearest integer b to its value: a sample x becomes
/// the multiple of 2^(1 - b) nearest to it. Between two steps neither sample nor parameter changes the output, so
/// that no gradient says where to go.
public struct BitCrusher: Sendable, Hashable, Codable {
  public var name: String
  /// Range of the resolution in bits, inside 1...24.
  public var bits: ParameterBounds

  public init(name: String = "crusher", bits: ParameterBounds = .init(2, 16)) {
    self.name = name
    self.bits = bits
  }

  /// `bits`, its only parameter.
  public func parameters() -> [Parameter] { inSeries.parameters() }
}

extension BitCrusher: SeriesEffectDescription {
  package struct Slots: Sendable {
    package let bits: Int
  }

  package var inSeries: SeriesEffect { .bitCrusher(self) }
  package var kind: String { "bit_crusher" }
  package var fields: [EffectField<BitCrusher>] { [.range("bits", \.bits)] }
  package var isDifferentiable: Bool { false }

  package func declare(in list: inout ParameterDeclarations) -> Slots {
    Slots(
      bits: list.add(
        "bits", .one, bits.bijector, meaning: "resolution of a sample, in whole bits", neutral: .highest))
  }

  package func validate(sampleRate _: Double) throws {
    try requireOrdered(bits, key: "bits", of: name)
    try require(
      bits.lower >= 1 && bits.upper <= 24, "`bits` of \(name) is \(bits.plainText): give a range inside [1, 24]")
  }
}
