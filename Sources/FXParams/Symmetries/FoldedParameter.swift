import Foundation

/// A parameter under the folded bijector, value = |x| mod period: the lookahead. Its logits x, -x, and those a
/// period further from 0 have one value.
public struct FoldedParameter: Sendable, Hashable, Codable {
  /// Position in the flat order.
  public let index: Int
  /// As in the parameter space: `compressor.lookahead`.
  public let name: String
  /// Above 0, in the unit of the parameter.
  public let period: Double

  /// x -> -x.
  public var sign: Symmetry {
    Symmetry(
      name: "\(name) sign", kind: .exact,
      entries: [.init(target: index, source: index, map: LogitMap([.scaled(by: -1)]))])
  }

  /// |x| -> |x| + period: not x -> x + period, which changes the value between -period and 0. Its inverse asks for
  /// a magnitude of at least a period.
  public var lengthening: Symmetry {
    Symmetry(
      name: "\(name) period", kind: .domainLimited,
      entries: [.init(target: index, source: index, map: LogitMap([.lengthened(by: period)]))])
  }

  /// The copy in [0, period).
  public func folded(_ logit: Double) -> Double { fmod(logit.magnitude, period) }

  /// The copy that lies nearest to another logit; of two as near, that of the smaller magnitude.
  public func copy(of logit: Double, nearestTo other: Double) -> Double {
    let value = folded(logit)
    let below = value + max(0, ((other.magnitude - value) / period).rounded(.down)) * period
    let candidates = [below, below + period].flatMap { [$0, -$0] }
    return candidates.min { first, second in
      ((first - other).magnitude, first.magnitude, -first) < ((second - other).magnitude, second.magnitude, -second)
    } ?? value
  }
}
