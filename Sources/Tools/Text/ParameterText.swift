import FXParams
import Workflows

extension FXParams.Parameter {
  /// The ends of its range in its unit; nil where it has none.
  var ends: (lower: Double?, upper: Double?) {
    let bounds = bijector.bounds
    return (
      bounds.lowerBound.isFinite ? bounds.lowerBound : nil, bounds.upperBound.isFinite ? bounds.upperBound : nil
    )
  }
}

/// Values of a parameter in tables for people: in the unit that an engineer reads it in.
struct ParameterText {
  private let derived: [String: DerivedQuantity]
  private let sampleRate: Double

  init(_ chain: ChainDescription) {
    derived = chain.derivedQuantities
    sampleRate = chain.sampleRate
  }

  /// The unit of ``value(_:of:)``: dB for a gain, ms for a coefficient, s for a T60, nothing for a pure number.
  func unit(of parameter: FXParams.Parameter) -> String {
    let unit = derived[parameter.name]?.unit ?? parameter.unit
    return unit == .one ? "" : unit.rawValue
  }

  /// A constrained value in that unit; a level of nothing is -inf.
  func value(_ value: Double, of parameter: FXParams.Parameter) -> String {
    guard let derived = derived[parameter.name] else { return NumberText.short(value) }
    let quantity = derived.quantity(of: value, sampleRate: sampleRate)
    return quantity.map { NumberText.short($0.value) } ?? (derived == .level ? "-inf" : NumberText.short(value))
  }

  /// Constrained values in ascending order, in that unit and in its order: the attack of a large coefficient is
  /// short.
  func values(_ ascending: [Double], of parameter: FXParams.Parameter) -> [String] {
    let texts = ascending.map { value($0, of: parameter) }
    guard let derived = derived[parameter.name], let first = ascending.first, let last = ascending.last,
      let start = derived.quantity(of: first, sampleRate: sampleRate)?.value,
      let end = derived.quantity(of: last, sampleRate: sampleRate)?.value, start > end
    else { return texts }
    return texts.reversed()
  }

  /// The parameters that a table lists: of long vectors, such as the decay of a reverb, the ends and the middle.
  static func shown(_ names: [String], all: Bool) -> [(index: Int, left: Int)] {
    guard !all else { return names.indices.map { ($0, 0) } }
    var shown: [(index: Int, left: Int)] = []
    var start = 0
    while start < names.count {
      let stem = Self.stem(names[start])
      let end = names[start...].firstIndex { Self.stem($0) != stem } ?? names.count
      if stem == nil || end - start <= 4 {
        shown += (start..<end).map { ($0, 0) }
      } else {
        shown += [(start, 0), ((start + end) / 2, 0), (end - 1, end - start - 3)]
      }
      start = max(end, start + 1)
    }
    return shown
  }

  /// `reverb.b` of `reverb.b.1.2`; nil for a parameter that is no entry of a vector.
  private static func stem(_ name: String) -> String? {
    let parts = name.split(separator: ".")
    let numbers = parts.reversed().prefix { Int($0) != nil }.count
    return numbers > 0 ? parts.dropLast(numbers).joined(separator: ".") : nil
  }
}
