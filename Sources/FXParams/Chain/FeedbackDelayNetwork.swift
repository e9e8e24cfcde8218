import Foundation

/// Stereo feedback-delay-network reverb with frequency-dependent decay and a tone equaliser (arXiv 2504.14735).
///
/// Parameters, in order: input gains b [lines, 2], output gains c [2, lines], attenuations gamma [decayPoints] and
/// the strictly upper triangle of the generator W [lines, lines], each row-major, then the tone bands.
/// The mixing matrix is U = expm(W - W^T), orthogonal.
public struct FeedbackDelayNetwork: Sendable, Hashable, Codable {
  /// Most delay lines a network can have: what the reverb's kernel has room for.
  public static let maximumLines = 16

  public var name: String
  /// Delay of each line, at least 1 sample; any order, mutually prime for a dense response.
  public var delaySamples: [Int]
  /// Number of points, evenly spaced over 0 .. pi, between which gamma is interpolated linearly.
  public var decayPoints: Int
  /// Length of the modelled impulse response.
  public var responseSeconds: Double
  /// Longest decay time: bounds gamma from above.
  public var maximumT60Seconds: Double
  /// Biquads in series on the response.
  public var tone: [BiquadBand]

  public init(
    name: String = "reverb", delaySamples: [Int] = [997, 1153, 1327, 1559, 1801, 2099], decayPoints: Int = 49,
    responseSeconds: Double = 12, maximumT60Seconds: Double = 9, tone: [BiquadBand]
  ) {
    self.name = name
    self.delaySamples = delaySamples
    self.decayPoints = decayPoints
    self.responseSeconds = responseSeconds
    self.maximumT60Seconds = maximumT60Seconds
    self.tone = tone
  }

  /// Upper bound of gamma, the attenuation of the shortest line: -60 dB after ``maximumT60Seconds``.
  public func maximumAttenuation(sampleRate: Double) -> Double {
    pow(10, -60 * Double(delaySamples.min() ?? 1) / sampleRate / maximumT60Seconds / 20)
  }

  /// Its parameters in flat order; the sample rate decides the bound of gamma.
  public func parameters(sampleRate: Double) -> [Parameter] {
    let lines = delaySamples.count
    let gamma = Bijector.sigmoid(lower: 0, upper: maximumAttenuation(sampleRate: sampleRate))
    var parameters: [Parameter] = []
    func add(_ field: String, _ bijector: Bijector = .identity) {
      parameters.append(Parameter(name: name + "." + field, unit: .one, bijector: bijector))
    }
    for line in 1...lines { for channel in 1...2 { add("b.\(line).\(channel)") } }
    for channel in 1...2 { for line in 1...lines { add("c.\(channel).\(line)") } }
    for point in 1...decayPoints { add("gamma.\(point)", gamma) }
    for row in 1..<max(lines, 1) { for column in (row + 1)...lines { add("w.\(row).\(column)") } }
    return parameters + tone.flatMap { $0.parameters(prefix: name + ".") }
  }

  /// Decay time at each point of gamma.
  var derivedQuantities: [String: DerivedQuantity] {
    let shortest = delaySamples.min() ?? 1
    return Dictionary(
      uniqueKeysWithValues: (1...decayPoints).map { ("\(name).gamma.\($0)", .decayTime(delaySamples: shortest)) })
  }
}
