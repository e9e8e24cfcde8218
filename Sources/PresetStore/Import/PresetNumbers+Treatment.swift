import FXParams
import Foundation

extension PresetNumbers {
  /// Carries out a treatment and says what it did, in a line for each rule that touched a value.
  mutating func treat(_ treatment: ValueTreatment) throws -> [String] {
    guard scale == .physical else {
      guard treatment == ValueTreatment() else {
        throw DataError(
          .malformed, path,
          "\(path) holds logits, which have neither bounds nor rounding: leave the treatment of such values out.")
      }
      return []
    }
    let kinds = chain.parameterKinds
    var done: [String] = []
    if treatment.atBounds == .widen { done += try widen(kinds) }
    if let seed = treatment.ditherSeed { done.append(dither(kinds, seed: seed)) }
    if treatment.atBounds == .clamp { done += clamp(kinds) }
    return done
  }

  // MARK: - Widening

  private mutating func widen(_ kinds: [ParameterKind]) throws -> [String] {
    let space = chain.parameterSpace
    var parts: [String] = []
    var total = 0
    for kind in kinds where kind.hasBounds {
      guard case .sigmoid(let lower, let upper) = space.parameters[kind.positions[0]].bijector else { continue }
      let own = kind.positions.flatMap { indices(of: $0) }
      let (low, high) = (own.filter { value($0) <= lower.nextUp }, own.filter { value($0) >= upper.nextDown })
      guard !low.isEmpty || !high.isEmpty else { continue }
      let isFrequency = space.parameters[kind.positions[0]].unit == .hertz
      let ceiling = isFrequency ? chain.sampleRate / 2 : .infinity
      if let bad = own.first(where: { !(value($0) > 0 && value($0) < ceiling) }) {
        throw unusable(bad, ceiling: ceiling)
      }
      let values = own.map(value)
      let bounds = Self.widened(
        ParameterBounds(lower, upper), over: values, below: !low.isEmpty, above: !high.isEmpty, ceiling: ceiling)
      chain.setBounds(bounds, of: kind)
      total += low.count + high.count
      parts.append(
        "\(kind.words(in: space)) from \(Self.text(lower)) .. \(Self.text(upper)) to \(Self.text(bounds.lower)) .. "
          + "\(Self.text(bounds.upper)) (\(low.count + high.count))")
    }
    guard total > 0 else { return [] }
    return ["ranges widened for \(Self.counted(total)) at or beyond a bound: \(parts.joined(separator: "; "))"]
  }

  private static func widened(
    _ bounds: ParameterBounds, over values: [Double], below: Bool, above: Bool, ceiling: Double
  ) -> ParameterBounds {
    let lowest = min(bounds.lower, values.min() ?? bounds.lower)
    let highest = max(bounds.upper, values.max() ?? bounds.upper)
    let margin = (highest - lowest) / 20
    var result = bounds
    if below { result.lower = rounded(max(lowest - margin, lowest / 2), .down) }
    if above {
      let upper = min(highest + margin, ceiling.isFinite ? (highest + ceiling) / 2 : .infinity)
      let outward = rounded(upper, .up)
      result.upper = outward < ceiling ? outward : upper
    }
    return result
  }

  /// To four significant digits.
  private static func rounded(_ value: Double, _ rule: FloatingPointRoundingRule) -> Double {
    let exponent = Int(log10(value).rounded(.down)) - 3
    // A power of ten with a positive exponent is exact.
    let power = pow(10, Double(abs(exponent)))
    return exponent < 0 ? (value * power).rounded(rule) / power : (value / power).rounded(rule) * power
  }

  private func unusable(_ index: Int, ceiling: Double) -> DataError {
    let (row, position) = (index / columns.count, index % columns.count)
    let isHigh = value(index) > 0
    return DataError(
      .invalidValue, path,
      "\(places[row]) has \(columns[position].name) = \(numbers[index]), which no range can hold: "
        + (isHigh
          ? "correct it, or give a chain whose sample rate is above \(Self.text(2 * value(index))) Hz."
          : "it must be above 0, so correct it."))
  }

  // MARK: - Moving inside

  private mutating func clamp(_ kinds: [ParameterKind]) -> [String] {
    let space = chain.parameterSpace
    var parts: [String] = []
    var total = 0
    for kind in kinds {
      guard case .sigmoid(let lower, let upper) = space.parameters[kind.positions[0]].bijector else { continue }
      let own = kind.positions.flatMap { indices(of: $0) }
      let inside = own.map(value).filter { $0 > lower.nextUp && $0 < upper.nextDown }
      for (bound, isOn) in [
        (lower, { (value: Double) in (lower...lower.nextUp).contains(value) }),
        (upper, { (value: Double) in (upper.nextDown...upper).contains(value) }),
      ] {
        let moved = own.filter { isOn(value($0)) }
        guard !moved.isEmpty else { continue }
        let nearest = inside.map { ($0 - bound).magnitude }.min() ?? .infinity
        let step = min((upper - lower) / 1000, nearest / 2)
        for index in moved { set(index, to: bound == lower ? lower + step : upper - step) }
        total += moved.count
        parts.append(
          "\(kind.words(in: space)) from \(Self.text(bound)) by \(Self.text(step)) (\(moved.count))")
      }
    }
    guard total > 0 else { return [] }
    return ["\(Self.counted(total)) on a bound moved inside: \(parts.joined(separator: "; "))"]
  }

  // MARK: - Words

  static func counted(_ count: Int) -> String { "\(count) value\(count == 1 ? "" : "s")" }

  static func text(_ value: Double) -> String { String(format: "%.6g", value) }
}
