/// A map of logits to logits of the same sound: an action of a chain's symmetries on its presets.
///
/// Each new logit is made from one old one: theta'[target] = map(theta[source]), and the logits that no entry names
/// stay. Sources are a permutation of targets, so that symmetries have inverses and compose, and log |det| of the
/// Jacobian is the sum of log |map'| over the entries (a permutation has determinant +1 or -1).
public struct Symmetry: Sendable, Hashable, Codable {
  /// The sense in which a symmetry holds, the strongest first.
  public enum Kind: String, Sendable, Hashable, Codable, CaseIterable, Comparable {
    /// For every preset, to rounding.
    case exact
    /// Exact for every preset, and one of a continuous family of such maps (``Symmetry/raised(to:)``).
    case continuous
    /// Exact wherever the values lie inside the ranges of the parameters that are to hold them.
    case domainLimited = "domain-limited"
    /// Where a stated criterion holds, and up to a change that the criterion bounds.
    case approximate

    public static func < (first: Kind, second: Kind) -> Bool {
      (allCases.firstIndex(of: first) ?? 0) < (allCases.firstIndex(of: second) ?? 0)
    }
  }

  /// The change of the sound.
  public enum Effect: String, Sendable, Hashable, Codable {
    case unchanged
    /// Left and right are exchanged.
    case mirrored
  }

  /// theta'[target] = map(theta[source]).
  public struct Entry: Sendable, Hashable, Codable {
    /// Position of the new logit.
    public let target: Int
    /// Position of the old logit.
    public let source: Int
    /// Acts on the old logit; the identity where a logit only moves.
    public let map: LogitMap

    public init(target: Int, source: Int, map: LogitMap = LogitMap()) {
      self.target = target
      self.source = source
      self.map = map
    }

    var isIdentity: Bool { target == source && map.isIdentity }
  }

  /// As reports name it: `reverb sign of line 1`.
  public let name: String
  /// Of a composition, the weakest of its parts.
  public let kind: Kind
  /// Whether left and right are exchanged.
  public let effect: Effect
  /// Those that move something, by target.
  public let entries: [Entry]
  /// The criterion of an approximate symmetry: all hold.
  public let conditions: [ParameterCondition]

  /// - Precondition: no target is named twice, and the sources are the targets in another order.
  public init(
    name: String, kind: Kind, effect: Effect = .unchanged, entries: [Entry], conditions: [ParameterCondition] = []
  ) {
    let moving = entries.filter { !$0.isIdentity }.sorted { $0.target < $1.target }
    let targets = moving.map(\.target)
    precondition(zip(targets, targets.dropFirst()).allSatisfy(<), "\(name) names a target twice")
    precondition(moving.map(\.source).sorted() == targets, "The sources of \(name) are not its targets")
    self.name = name
    self.kind = kind
    self.effect = effect
    self.entries = moving
    self.conditions = conditions
  }

  /// Moves nothing.
  public static let identity = Symmetry(name: "identity", kind: .exact, entries: [])

  /// Positions of the logits that the symmetry may change, ascending.
  public var touched: [Int] { entries.map(\.target) }

  // MARK: - Action

  /// A preset moved by a symmetry.
  public struct Image: Sendable, Hashable {
    /// The logits of the moved preset, in flat order.
    public var theta: [Double]
    /// log |det d theta' / d theta|.
    public var logDeterminant: Double
  }

  /// Whether the preset lies in the domain.
  public func applies(to theta: [Double]) -> Bool {
    conditions.allSatisfy { $0.holds(for: theta) }
      && entries.allSatisfy { $0.map.image(of: theta[$0.source]) != nil }
  }

  /// The preset moved, or nil outside the domain.
  public func image(of theta: [Double]) -> Image? {
    guard conditions.allSatisfy({ $0.holds(for: theta) }) else { return nil }
    var image = Image(theta: theta, logDeterminant: 0)
    for entry in entries {
      guard let point = entry.map.image(of: theta[entry.source]) else { return nil }
      image.theta[entry.target] = point.value
      image.logDeterminant += point.logDerivative
    }
    return image
  }

  /// The gradient with respect to theta of f(image(theta)) + log |det|, given the gradient of f at the image.
  ///
  /// - Precondition: the symmetry applies to `theta`.
  public func pullback(_ gradient: [Double], at theta: [Double]) -> [Double] {
    var result = gradient
    for entry in entries {
      guard let point = entry.map.image(of: theta[entry.source]) else {
        preconditionFailure("\(name) was pulled back outside its domain")
      }
      result[entry.source] = gradient[entry.target] * point.derivative + point.logDerivativeSlope
    }
    return result
  }

  /// The matrix of a linear symmetry as (target, source, factor), or nil if some map is not a scaling.
  public var linearEntries: [(target: Int, source: Int, factor: Double)]? {
    var linear: [(target: Int, source: Int, factor: Double)] = []
    for entry in entries {
      switch entry.map.steps.first {
      case nil: linear.append((entry.target, entry.source, 1))
      case .scaled(let factor)? where entry.map.steps.count == 1:
        linear.append((entry.target, entry.source, factor))
      default: return nil
      }
    }
    return linear
  }
}
