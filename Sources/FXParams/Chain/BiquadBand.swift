/// One second-order section of an equaliser: which response it has and the ranges of its parameters.
///
/// Parameters, in order: gain in dB (peak and shelves), frequency in Hz, Q (where it is not fixed).
public struct BiquadBand: Sendable, Hashable, Codable {
  public enum Response: String, Sendable, Hashable, Codable, CaseIterable {
    case peak
    case lowShelf = "low_shelf"
    case highShelf = "high_shelf"
    case lowPass = "low_pass"
    case highPass = "high_pass"

    /// Whether the response has a gain parameter: peaks and shelves.
    public var hasGain: Bool { self == .peak || self == .lowShelf || self == .highShelf }
    /// Whether Q is a parameter: all but the shelves.
    public var hasFreeQ: Bool { self == .peak || self == .lowPass || self == .highPass }
  }

  /// Q of the shelves, which have no free Q (arXiv 2504.14735).
  public static let shelfQ = 0.707

  /// Name of this instance, the last effect component of its parameters' names.
  public var name: String
  public var response: Response
  /// Range of the centre or corner frequency, above 0 and below half the sample rate.
  public var frequencyHz: Range
  /// Range of Q, or nil for a shelf, whose Q is fixed at ``shelfQ``.
  public var q: Range?

  /// Bounds of a sigmoid-mapped parameter, lower < upper: the value stays strictly inside.
  public struct Range: Sendable, Hashable, Codable {
    public var lower: Double
    public var upper: Double

    public init(_ lower: Double, _ upper: Double) {
      self.lower = lower
      self.upper = upper
    }

    var bijector: Bijector { .sigmoid(lower: lower, upper: upper) }
  }

  public init(name: String, response: Response, frequencyHz: Range, q: Range? = nil) {
    self.name = name
    self.response = response
    self.frequencyHz = frequencyHz
    self.q = q
  }

  /// Its parameters under a prefix, which is empty or ends with a dot.
  public func parameters(prefix: String = "") -> [Parameter] {
    let path = prefix + name + "."
    var parameters: [Parameter] = []
    if response.hasGain { parameters.append(Parameter(name: path + "gain", unit: .decibel, bijector: .identity)) }
    parameters.append(Parameter(name: path + "frequency", unit: .hertz, bijector: frequencyHz.bijector))
    if let q { parameters.append(Parameter(name: path + "q", unit: .one, bijector: q.bijector)) }
    return parameters
  }
}
