import ArgumentParser

/// A number that an option takes from a range: `@Option(within: 1...1000, help: "...") var restarts = 1`.
///
/// Every numeric option has one. The ends follow from the option's meaning, not from its type: arithmetic with a
/// value inside does not overflow, and the work that it asks for ends.
protocol RangedNumber: Comparable, LosslessStringConvertible, Sendable {
  /// "a whole number" or "a number".
  static var kind: String { get }
  var optionText: String { get }
}

extension Int: RangedNumber {
  static var kind: String { "a whole number" }
  var optionText: String { description }
}

extension UInt64: RangedNumber {
  static var kind: String { "a whole number" }
  var optionText: String { description }
}

extension Double: RangedNumber {
  static var kind: String { "a number" }
  var optionText: String { self == rounded() && abs(self) < 1e15 ? "\(Int(self))" : description }
}

extension Option where Value: RangedNumber {
  /// An option with a default, which the help shows.
  init(
    wrappedValue: Value, within range: ClosedRange<Value>, name: NameSpecification = .long, help: ArgumentHelp
  ) {
    var help = help
    help.abstract += " (default: \(wrappedValue.optionText))"
    let reader = OptionRange(range)
    self.init(
      wrappedValue: wrappedValue, name: name, parsing: reader.parsing, help: help, transform: reader.number)
  }
}

extension Option {
  /// An option that may be left out.
  init<Number: RangedNumber>(
    within range: ClosedRange<Number>, name: NameSpecification = .long, help: ArgumentHelp
  ) where Value == Number? {
    let reader = OptionRange(range)
    self.init(name: name, parsing: reader.parsing, help: help, transform: reader.number)
  }
}

/// Reads a number and holds it to a range.
private struct OptionRange<Number: RangedNumber>: Sendable {
  let range: ClosedRange<Number>

  init(_ range: ClosedRange<Number>) { self.range = range }

  /// The parser takes -20 for an option unless told that a number may follow.
  var parsing: SingleValueParsingStrategy {
    range.lowerBound.optionText.hasPrefix("-") ? .unconditional : .next
  }

  /// - Throws: ``OutsideRange``, also for text that is no number, and for NaN, which is in no range.
  @Sendable func number(_ text: String) throws -> Number {
    guard let number = Number(text), range.contains(number) else {
      throw OutsideRange(
        description:
          "must be \(Number.kind) between \(range.lowerBound.optionText) and \(range.upperBound.optionText).")
    }
    return number
  }
}

/// The end of a sentence whose beginning, option and value, the parser knows (``Launch``).
struct OutsideRange: Error, CustomStringConvertible {
  let description: String
}
