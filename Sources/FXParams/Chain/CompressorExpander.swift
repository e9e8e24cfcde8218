/// Feed-forward compressor and downward expander with lookahead (arXiv 2504.14735).
public struct CompressorExpander: Sendable, Hashable, Codable {
  public var name: String
  /// Period of the folded lookahead map; nil leaves lookahead out.
  public var maximumLookaheadMilliseconds: Double?
  /// Range of the compression ratio.
  public var compressorRatio: BiquadBand.Range

  public init(
    name: String = "compressor", maximumLookaheadMilliseconds: Double? = 15,
    compressorRatio: BiquadBand.Range = .init(1, 20)
  ) {
    self.name = name
    self.maximumLookaheadMilliseconds = maximumLookaheadMilliseconds
    self.compressorRatio = compressorRatio
  }

  /// Attack, release and averaging are one-pole coefficients in (0, 1); see ``OnePole`` for milliseconds.
  public func parameters() -> [Parameter] {
    let unit = Bijector.sigmoid(lower: 0, upper: 1)
    var parameters = [
      Parameter(name: name + ".threshold", unit: .decibel, bijector: .identity),
      Parameter(name: name + ".expander_threshold", unit: .decibel, bijector: .identity),
      Parameter(name: name + ".makeup", unit: .decibel, bijector: .identity),
    ]
    if let period = maximumLookaheadMilliseconds {
      parameters.append(
        Parameter(name: name + ".lookahead", unit: .millisecond, bijector: .folded(period: period)))
    }
    return parameters + [
      Parameter(name: name + ".attack_coefficient", unit: .one, bijector: unit),
      Parameter(name: name + ".release_coefficient", unit: .one, bijector: unit),
      Parameter(name: name + ".averaging_coefficient", unit: .one, bijector: unit),
      Parameter(name: name + ".ratio", unit: .one, bijector: compressorRatio.bijector),
      Parameter(name: name + ".expander_ratio", unit: .one, bijector: unit),
    ]
  }

  /// Rise times of the three coefficients.
  var derivedQuantities: [String: DerivedQuantity] {
    Dictionary(
      uniqueKeysWithValues: ["attack", "release", "averaging"].map { ("\(name).\($0)_coefficient", .onePoleTime) })
  }
}
