import Foundation

/// The step that numbers of a text were rounded to: what all of them are whole multiples of.
///
/// Steps are 1, 2, 2.5 or 5 times a power of ten, the largest that serves; zeros fit every step.
enum RoundingStep {
  /// So many digits tell numbers that were not rounded.
  private static let mostDigits = 12

  /// Nil for numbers of which none is other than zero, or that have too many digits to have been rounded.
  static func of(_ numbers: some Sequence<Double>) -> Double? {
    var seen: Set<Double> = []
    for number in numbers where number != 0 { seen.insert(number.magnitude) }
    var decimals: [(digits: Int, exponent: Int)] = []
    for number in seen {
      guard let decimal = decimal(number) else { return nil }
      decimals.append(decimal)
    }
    guard let lowest = decimals.map(\.exponent).min() else { return nil }
    var divisor = 0
    for (digits, exponent) in decimals {
      var scaled = digits
      for _ in lowest..<exponent {
        let (product, overflow) = scaled.multipliedReportingOverflow(by: 10)
        if overflow { return nil }
        scaled = product
      }
      divisor = greatestCommonDivisor(divisor, scaled)
    }
    // The lowest exponent belongs to a number that ten does not divide.
    let factor = [25, 5, 2, 1].first { divisor % $0 == 0 } ?? 1
    return Double("\(factor)e\(lowest)")
  }

  /// The shortest decimal that reads as a number: digits that do not end with a zero, times a power of ten.
  private static func decimal(_ number: Double) -> (digits: Int, exponent: Int)? {
    let parts = number.description.split(separator: "e")
    let halves = parts[0].split(separator: ".")
    var digits = halves.joined()
    var exponent = (parts.count > 1 ? Int(parts[1]) ?? 0 : 0) - (halves.count > 1 ? halves[1].count : 0)
    while digits.hasSuffix("0") {
      digits.removeLast()
      exponent += 1
    }
    guard let value = Int(digits), String(value).count <= mostDigits else { return nil }
    return (value, exponent)
  }

  private static func greatestCommonDivisor(_ first: Int, _ second: Int) -> Int {
    var (a, b) = (first, second)
    while b != 0 { (a, b) = (b, a % b) }
    return a
  }
}
