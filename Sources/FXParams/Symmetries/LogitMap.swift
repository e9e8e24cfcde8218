import Foundation

/// A smooth invertible map of one logit: steps, one after another.
///
/// Every symmetry that effects declare makes each new logit from one old one, so a ``Symmetry`` consists of maps of
/// single logits and of the positions that these go to.
public struct LogitMap: Sendable, Hashable, Codable {
  /// One elementary map; each has an inverse of its own kind.
  public enum Step: Sendable, Hashable, Codable {
    /// x -> factor x.
    case scaled(by: Double)
    /// x -> x + offset.
    case translated(by: Double)
    /// x -> sign(x) (|x| + length), where |x| + length is at least 0: |x| mod period keeps its value if length is a
    /// multiple of the period.
    case lengthened(by: Double)
    /// The logit, under `to`, of the value that x has under `from`, where `to` reaches that value.
    case revalued(from: Bijector, to: Bijector)
  }

  /// The first is applied first.
  public private(set) var steps: [Step]

  public init(_ steps: [Step] = []) { self.steps = steps }

  /// Whether there are no steps; those that do nothing count as steps.
  public var isIdentity: Bool { steps.isEmpty }

  /// The image of a logit with what densities need of the map.
  public struct Image: Sendable, Hashable {
    /// The new logit.
    public var value: Double
    /// d value / d x.
    public var derivative: Double
    /// log |derivative|.
    public var logDerivative: Double
    /// d logDerivative / d x.
    public var logDerivativeSlope: Double
  }

  /// The image of `x`, or nil outside the domain.
  public func image(of x: Double) -> Image? {
    var image = Image(value: x, derivative: 1, logDerivative: 0, logDerivativeSlope: 0)
    for step in steps {
      guard let next = step.image(of: image.value) else { return nil }
      // The chain rule for log |f'|, whose slope is taken where the step stands.
      image.logDerivativeSlope += next.logDerivativeSlope * image.derivative
      image.logDerivative += next.logDerivative
      image.derivative *= next.derivative
      image.value = next.value
    }
    return image
  }

  /// The inverse steps in reverse order.
  public var inverse: LogitMap { LogitMap(steps.reversed().map(\.inverse)) }

  /// This map, then another. Neighbouring steps of one kind become one, and steps that do nothing go.
  public func followed(by other: LogitMap) -> LogitMap {
    var joined = steps
    for step in other.steps {
      if let last = joined.last, let merged = last.merged(with: step) {
        joined.removeLast()
        if !merged.isIdentity { joined.append(merged) }
      } else {
        joined.append(step)
      }
    }
    return LogitMap(joined)
  }

  /// The same motion, `exponent` times as far: defined for scalings by a positive factor and for translations.
  func raised(to exponent: Double) -> LogitMap {
    LogitMap(
      steps.map { step in
        switch step {
        case .scaled(let factor):
          precondition(factor > 0, "A scaling by \(factor) has no real powers")
          return .scaled(by: pow(factor, exponent))
        case .translated(let offset): return .translated(by: exponent * offset)
        case .lengthened, .revalued: preconditionFailure("\(step) has no real powers")
        }
      })
  }
}

extension LogitMap.Step {
  fileprivate func image(of x: Double) -> LogitMap.Image? {
    switch self {
    case .scaled(let factor):
      return LogitMap.Image(
        value: factor * x, derivative: factor, logDerivative: log(factor.magnitude), logDerivativeSlope: 0)
    case .translated(let offset):
      return LogitMap.Image(value: x + offset, derivative: 1, logDerivative: 0, logDerivativeSlope: 0)
    case .lengthened(let length):
      guard x.magnitude + length >= 0 else { return nil }
      let value = x.sign == .minus ? x - length : x + length
      return LogitMap.Image(value: value, derivative: 1, logDerivative: 0, logDerivativeSlope: 0)
    case .revalued(let from, let to):
      // A round trip through the value would cost digits.
      guard from != to else {
        return LogitMap.Image(value: x, derivative: 1, logDerivative: 0, logDerivativeSlope: 0)
      }
      let source = from.forwardAndLogDerivative(x)
      guard let y = to.inverse(source.value) else { return nil }
      let target = to.forwardAndLogDerivative(y)
      let derivative = source.derivative / target.derivative
      return LogitMap.Image(
        value: y, derivative: derivative, logDerivative: source.logDerivative - target.logDerivative,
        logDerivativeSlope: from.logDerivativeSlope(at: x) - derivative * to.logDerivativeSlope(at: y))
    }
  }

  fileprivate var inverse: LogitMap.Step {
    switch self {
    case .scaled(let factor): .scaled(by: 1 / factor)
    case .translated(let offset): .translated(by: -offset)
    case .lengthened(let length): .lengthened(by: -length)
    case .revalued(let from, let to): .revalued(from: to, to: from)
    }
  }

  fileprivate var isIdentity: Bool {
    switch self {
    case .scaled(let factor): factor == 1
    case .translated(let offset): offset == 0
    case .lengthened(let length): length == 0
    case .revalued(let from, let to): from == to
    }
  }

  fileprivate func merged(with next: LogitMap.Step) -> LogitMap.Step? {
    switch (self, next) {
    case (.scaled(let first), .scaled(let second)): .scaled(by: first * second)
    case (.translated(let first), .translated(let second)): .translated(by: first + second)
    case (.lengthened(let first), .lengthened(let second)): .lengthened(by: first + second)
    case (.revalued(let from, let middle), .revalued(let same, let to)) where middle == same:
      .revalued(from: from, to: to)
    default: nil
    }
  }
}

extension Bijector {
  /// d log |d value / d x| / d x: 1 - 2 sigmoid(x) for `sigmoid`, else 0.
  fileprivate func logDerivativeSlope(at x: Double) -> Double {
    if case .sigmoid = self { -tanh(x / 2) } else { 0 }
  }
}
