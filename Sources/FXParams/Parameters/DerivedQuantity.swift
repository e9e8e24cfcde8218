import Foundation

/// A number with its unit.
public struct Quantity: Sendable, Hashable, Codable {
  /// In ``unit``.
  public let value: Double
  /// ``Unit/one`` for a ratio.
  public let unit: Unit

  public init(value: Double, unit: Unit) {
    self.value = value
    self.unit = unit
  }
}

/// The quantity that an engineer reads in place of a parameter's raw value.
public enum DerivedQuantity: Sendable, Hashable {
  /// Rise time of a one-pole coefficient in ms (``OnePole``).
  case onePoleTime
  /// Decay to -60 dB in s of a line of that many samples whose gain at each pass is the value.
  case decayTime(delaySamples: Int)
  /// 20 log10 of a linear gain.
  case level
  /// Pan in 0...1 as -100 % (left) ... 100 % (right).
  case position

  /// The quantity for a raw value, or nil where it is not finite (the level of a gain of 0, for instance).
  public func quantity(of value: Double, sampleRate: Double) -> Quantity? {
    let number = number(of: value, sampleRate: sampleRate)
    return number.isFinite ? Quantity(value: number, unit: unit) : nil
  }

  /// The quantity in ``unit``; infinite, or 0, at the ends of a parameter's range.
  func number(of value: Double, sampleRate: Double) -> Double {
    switch self {
    case .onePoleTime: OnePole.milliseconds(coefficient: value, sampleRate: sampleRate)
    case .decayTime(let delaySamples): -3 * Double(delaySamples) / (sampleRate * log10(value))
    case .level: 20 * log10(value)
    case .position: 200 * value - 100
    }
  }

  /// The raw value of a quantity: the inverse of ``quantity(of:sampleRate:)``. It may lie outside the parameter's
  /// range.
  public func value(of quantity: Double, sampleRate: Double) -> Double {
    switch self {
    case .onePoleTime: OnePole.coefficient(milliseconds: quantity, sampleRate: sampleRate)
    case .decayTime(let delaySamples): pow(10, -3 * Double(delaySamples) / (sampleRate * quantity))
    case .level: pow(10, quantity / 20)
    case .position: (quantity + 100) / 200
    }
  }

  /// The unit that it is read in.
  public var unit: Unit {
    switch self {
    case .onePoleTime: .millisecond
    case .decayTime: .second
    case .level: .decibel
    case .position: .percent
    }
  }
}
