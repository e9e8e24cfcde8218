import FXParams
import NumericCore

/// The smallest and largest physical value of each parameter in a collection.
public struct ObservedRange: Sendable, Hashable {
  /// The smallest values, in flat order and in the unit of each parameter.
  public let lower: [Double]
  /// The largest values, likewise.
  public let upper: [Double]

  /// - Precondition: the bounds match, and none is above its partner.
  public init(lower: [Double], upper: [Double]) {
    precondition(lower.count == upper.count && zip(lower, upper).allSatisfy { $0 <= $1 }, "Bounds do not match")
    self.lower = lower
    self.upper = upper
  }

  /// The range over the presets that have each parameter; that of its bounds where none has.
  ///
  /// - Precondition: there is a preset.
  public init(of presets: PresetCollection) {
    precondition(presets.count > 0, "The range of no presets")
    let space = presets.chain.parameterSpace
    var lower = [Double](repeating: .infinity, count: space.count)
    var upper = [Double](repeating: -.infinity, count: space.count)
    for row in 0..<presets.count {
      for (index, value) in space.values(ofLogits: presets.theta.row(row)).enumerated() where !value.isNaN {
        lower[index] = min(lower[index], value)
        upper[index] = max(upper[index], value)
      }
    }
    for index in lower.indices where lower[index] > upper[index] {
      let bounds = space.parameters[index].bijector.bounds
      (lower[index], upper[index]) = (bounds.lowerBound, bounds.upperBound)
    }
    self.init(lower: lower, upper: upper)
  }

  /// That of some parameters, by their positions, in the order given.
  package func selecting(_ positions: [Int]) -> ObservedRange {
    ObservedRange(lower: positions.map { lower[$0] }, upper: positions.map { upper[$0] })
  }

  /// The first parameter whose value lies outside, or nil if all are inside; the ends are inside.
  public func firstOutside(_ values: [Double]) -> Int? {
    values.indices.first { values[$0] < lower[$0] || values[$0] > upper[$0] }
  }
}
