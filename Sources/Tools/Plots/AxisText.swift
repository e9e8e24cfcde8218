import FXParams
import Foundation
import Workflows

/// Words and numbers of axes.
enum AxisText {
  /// A unit as an axis has it; nothing for pure numbers.
  static func unit(_ unit: FXParams.Unit) -> String { unit == .one ? "" : unit.rawValue }

  /// A name in at most so many characters, the middle left out.
  static func shortened(_ name: String, to most: Int) -> String {
    name.count > most ? name.prefix(most - 18) + "..." + name.suffix(15) : name
  }

  /// The command that sets about `count` ticks at round steps over the range of some positions.
  static func ticks(of positions: [Double], count: Int, alongY: Bool = false) -> [String] {
    guard let least = positions.min(), let most = positions.max(), least < most, (most - least).isFinite else {
      return []
    }
    let rough = (most - least) / Double(count)
    let power = pow(10, floor(log10(rough)))
    let step = ([1, 2, 5].map { $0 * power }.first { $0 >= rough }) ?? 10 * power
    return ["set \(alongY ? "y" : "x")tics \(step)"]
  }

  /// A tick in the middle of each block of parameters, with its name, along their positions. A name that would
  /// lie on the one before is left out.
  static func blockTicks(_ blocks: [ParameterBlock]) -> String {
    let count = (blocks.compactMap(\.indices.last).max() ?? 0) + 1
    var last = -Double.infinity
    return blocks.compactMap { block -> String? in
      let centre = Double(block.indices.reduce(0, +)) / Double(block.indices.count)
      guard centre - last > 0.045 * Double(count) else { return nil }
      last = centre
      return "'\(block.name.replacing("'", with: "''"))' \(centre)"
    }.joined(separator: ", ")
  }

  /// Ticks at the usual frequencies, for an axis of log10 Hz.
  static let logarithmicHz: String = {
    let labels = [20, 50, 100, 200, 500, 1000, 2000, 5000, 10_000, 20_000].map { hertz in
      "'\(hertz >= 1000 ? "\(hertz / 1000)k" : "\(hertz)")' \(log10(Double(hertz)))"
    }
    return "set xtics (" + labels.joined(separator: ", ") + ")"
  }()
}

/// How the values of a parameter lie along an axis, in the unit that an engineer reads it in: frequencies and
/// attack times by their logarithm, the rest as they are.
struct ParameterAxis {
  let name: String
  let label: String
  let isLogarithmic: Bool
  private let parameter: Parameter
  private let derived: DerivedQuantity?
  private let sampleRate: Double

  /// The axes of all parameters of a chain, in flat order.
  static func all(of chain: ChainDescription) -> [ParameterAxis] {
    let derived = chain.derivedQuantities
    return chain.parameterSpace.parameters.map { parameter in
      ParameterAxis(parameter, derived[parameter.name], sampleRate: chain.sampleRate)
    }
  }

  private init(_ parameter: Parameter, _ derived: DerivedQuantity?, sampleRate: Double) {
    self.parameter = parameter
    self.derived = derived
    self.sampleRate = sampleRate
    name = parameter.name
    let unit = derived?.unit ?? parameter.unit
    isLogarithmic = unit == .hertz || derived == .onePoleTime
    label = AxisText.unit(unit)
  }

  /// The name with the unit.
  var title: String { name + (label.isEmpty ? "" : " (\(label))") }

  /// Levels of nothing, and of less than anyone hears.
  private static let quietestDB = -100.0

  /// Where a constrained value lies.
  func position(_ value: Double) -> Double {
    guard let derived else { return isLogarithmic ? log10(max(value, 1)) : value }
    let quantity = derived.quantity(of: value, sampleRate: sampleRate)?.value
    switch derived {
    case .level: return max(quantity ?? Self.quietestDB, Self.quietestDB)
    case .onePoleTime: return log10(max(quantity ?? 0, 1e-3))
    case .decayTime, .position: return quantity ?? 0
    }
  }

  /// Where a logit lies.
  func position(ofLogit logit: Double) -> Double { position(parameter.bijector.forward(logit)) }

  /// The commands that set ticks for positions along x, or along y; few enough to be read.
  func ticks(of positions: [Double], count: Int, alongY: Bool = false) -> [String] {
    guard isLogarithmic else { return AxisText.ticks(of: positions, count: count, alongY: alongY) }
    guard let least = positions.min(), let most = positions.max(), least < most else { return [] }
    let margin = 0.04 * (most - least)
    // A label outside the range would take the plot's room all the same.
    let range = (least - margin)...(most + margin)
    let labels = Self.roundNumbers(from: pow(10, range.lowerBound), to: pow(10, range.upperBound)).map { value in
      let text = value >= 1000 && label == "Hz" ? NumberText.short(value / 1000) + "k" : NumberText.short(value)
      return "'\(text)' \(log10(value))"
    }
    let axis = alongY ? "y" : "x"
    return [
      "set \(axis)tics (\(labels.joined(separator: ", ")))",
      "set \(axis)range [\(range.lowerBound):\(range.upperBound)]",
    ]
  }

  /// The numbers 1, 2 and 5 of each decade, or where a range has fewer than three of them some at equal steps.
  private static func roundNumbers(from lower: Double, to upper: Double) -> [Double] {
    let decades: [Double] = [0.01, 0.1, 1, 10, 100, 1000, 10_000]
    let round = decades.flatMap { decade in [decade, 2 * decade, 5 * decade] }
    let inDecades = round.filter { $0 >= lower && $0 <= upper }
    guard inDecades.count < 3, lower < upper else { return inDecades }
    let rough = (upper - lower) / 3
    let power = pow(10, floor(log10(rough)))
    let step = [power, 2 * power, 5 * power].first { $0 >= rough } ?? 10 * power
    return stride(from: (lower / step).rounded(.up) * step, through: upper, by: step).map { $0 }
  }
}
