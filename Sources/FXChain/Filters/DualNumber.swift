import Foundation

/// A value with its derivatives with respect to up to four inputs: forward-mode differentiation of small scalar
/// maps.
struct DualNumber {
  var value: Double
  var partials: SIMD4<Double>

  init(_ value: Double, partials: SIMD4<Double> = .zero) {
    self.value = value
    self.partials = partials
  }

  /// The input number `index`: derivative one with respect to itself.
  init(input value: Double, index: Int) {
    self.init(value)
    partials[index] = 1
  }

  static func + (a: Self, b: Self) -> Self { Self(a.value + b.value, partials: a.partials + b.partials) }
  static func - (a: Self, b: Self) -> Self { Self(a.value - b.value, partials: a.partials - b.partials) }
  static func * (a: Self, b: Self) -> Self {
    Self(a.value * b.value, partials: a.partials * b.value + b.partials * a.value)
  }
  static func / (a: Self, b: Self) -> Self {
    let quotient = a.value / b.value
    return Self(quotient, partials: (a.partials - b.partials * quotient) / b.value)
  }
  static prefix func - (a: Self) -> Self { Self(-a.value, partials: -a.partials) }

  func sine() -> Self { Self(sin(value), partials: partials * cos(value)) }
  func cosine() -> Self { Self(cos(value), partials: partials * -sin(value)) }
  func exponential() -> Self { Self(exp(value), partials: partials * exp(value)) }
  func squareRoot() -> Self { Self(value.squareRoot(), partials: partials / (2 * value.squareRoot())) }
}

extension DualNumber: ExpressibleByFloatLiteral {
  init(floatLiteral value: Double) { self.init(value) }
}
