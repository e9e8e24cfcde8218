/// Rounds every sample to one of few levels: the sound of early samplers, and an effect without a gradient.
///
/// Parameter: `bits`, the resolution. It acts in whole bits, the nearest integer b to its value: a sample x becomes the
/// multiple of 2^(1 - b) nearest to it. Between two steps neither sample nor parameter changes the output, so that no
/// gradient says where to go.
public struct BitCrusher: Sendable, Hashable, Codable {
  public var name: String
  /// Range of the resolution in bits, inside 1...24.
  public var bits: BiquadBand.Range

  public init(name: String = "crusher", bits: BiquadBand.Range = .init(2, 16)) {
    self.name = name
    self.bits = bits
  }

  public func parameters() -> [Parameter] {
    [Parameter(name: name + ".bits", unit: .one, bijector: bits.bijector)]
  }
}
