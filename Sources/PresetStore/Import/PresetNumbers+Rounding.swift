import FXParams
import Foundation
import NumericCore

extension PresetNumbers {
  /// Different numbers that a step is found from.
  private static let fewestNumbers = 5

  /// Parameters whose numbers are in one unit and of one step: what the numbers of a single preset tell
  /// of its own rounding.
  private struct Rounding: Hashable {
    let unit: String
    let step: Double
  }

  /// Undoes rounding by noise, and says so.
  mutating func dither(_ kinds: [ParameterKind], seed: UInt64) -> String {
    let space = chain.parameterSpace
    var roundings = [Rounding?](repeating: nil, count: columns.count)
    var found: [(words: String, rounding: Rounding)] = []
    for kind in kinds {
      for (unit, positions) in Dictionary(grouping: kind.positions, by: { unit(of: $0, space) })
        .sorted(by: { $0.key < $1.key })
      {
        let own = positions.flatMap { indices(of: $0) }.map { numbers[$0] }
        guard Set(own).count >= Self.fewestNumbers, let step = RoundingStep.of(own) else { continue }
        let rounding = Rounding(unit: unit, step: step)
        for position in positions { roundings[position] = rounding }
        found.append((kind.words(in: space), rounding))
      }
    }
    guard !found.isEmpty else { return "rounding left as it is: no step found" }
    let coarse = coarseSteps(roundings)
    let count = addNoise(seed: seed, space) { row, position in
      roundings[position].map { coarse[$0]?[row] ?? $0.step }
    }
    let parts = found.map { words, rounding in
      let unit = rounding.unit.isEmpty ? "" : " " + rounding.unit
      let rows = Dictionary(grouping: coarse[rounding, default: [:]].values, by: \.self).sorted { $0.key < $1.key }
      let others = rows.map { "\(Self.text($0.key)) in \($0.value.count) of \(places.count) presets" }
      return "\(words) \(Self.text(rounding.step))\(unit)"
        + (others.isEmpty ? "" : " (\(others.joined(separator: ", ")))")
    }
    return "rounding undone in \(Self.counted(count)) by uniform noise of half a step either way, seed \(seed); "
      + "steps: \(parts.joined(separator: "; "))"
  }

  /// Presets whose own numbers were rounded to ten, a hundred, ... times a step, by row.
  ///
  /// Five numbers of a finer step are all multiples of ten times it once in 10^5 times.
  private func coarseSteps(_ roundings: [Rounding?]) -> [Rounding: [Int: Double]] {
    var result: [Rounding: [Int: Double]] = [:]
    for rounding in Set(roundings.compactMap(\.self)) {
      let positions = roundings.indices.filter { roundings[$0] == rounding }
      for row in places.indices {
        let own = Set(positions.map { numbers[row * columns.count + $0] }.filter { !$0.isNaN && $0 != 0 })
        guard own.count >= Self.fewestNumbers, let step = RoundingStep.of(own) else { continue }
        let power = (log10(step / rounding.step) + 1e-9).rounded(.down)
        if power >= 1 { result[rounding, default: [:]][row] = rounding.step * pow(10, power) }
      }
    }
    return result
  }

  /// Adds noise to the numbers that have a step, inside the bounds, and counts them.
  private mutating func addNoise(
    seed: UInt64, _ space: ParameterSpace, step: (_ row: Int, _ position: Int) -> Double?
  ) -> Int {
    let ends = columns.indices.map { self.ends(of: $0, space) }
    var source = RandomSource(seed: seed)
    var count = 0
    for index in numbers.indices where !numbers[index].isNaN {
      let (row, position) = (index / columns.count, index % columns.count)
      guard let step = step(row, position) else { continue }
      let low = max(numbers[index] - step / 2, ends[position].lowerBound)
      let high = min(numbers[index] + step / 2, ends[position].upperBound)
      guard low < high else { continue }
      let moved = Double.random(in: low..<high, using: &source)
      setNumber(index, to: moved <= low ? low.nextUp : moved)
      count += 1
    }
    return count
  }

  private func unit(of position: Int, _ space: ParameterSpace) -> String {
    if let symbol = columns[position].unit?.symbol, !symbol.isEmpty { return symbol }
    let unit = space.parameters[position].unit
    return unit == .one ? "" : unit.rawValue
  }

  /// The bounds of a parameter in the unit of its column, with the last rounding steps, where logits are lost, left
  /// out.
  private func ends(of position: Int, _ space: ParameterSpace) -> ClosedRange<Double> {
    let bounds = space.parameters[position].bijector.bounds
    let unit = columns[position].unit
    let ends = [bounds.lowerBound, bounds.upperBound].map { unit?.number(of: $0) ?? $0 }.sorted()
    let inset = (ends[1] - ends[0]) * 1e-12
    return inset.isFinite ? (ends[0] + inset)...(ends[1] - inset) : ends[0]...ends[1]
  }
}
