import FXParams
import Foundation
import Workflows

/// Words and numbers of axes.
enum AxisText {
  /// A unit as an axis has it; nothing for pure numbers.
  static func unit(_ unit: FXParams.Unit) -> String { unit == .one ? "" : unit.rawValue }

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

  /// Ticks at the usual frequencies, for an axis of log10 Hz.
  static let logarithmicHz: String = {
    let labels = [20, 50, 100, 200, 500, 1000, 2000, 5000, 10_000, 20_000].map { hertz in
      "'\(hertz >= 1000 ? "\(hertz / 1000)k" : "\(hertz)")' \(log10(Double(hertz)))"
    }
    return "set xtics (" + labels.joined(separator: ", ") + ")"
  }()
}

/// How the values of a parameter lie along an axis: frequencies by their logarithm, the rest as they are.
struct ParameterAxis {
  let name: String
  let label: String
  let isLogarithmic: Bool

  init(_ parameter: Parameter) {
    name = parameter.name
    isLogarithmic = parameter.unit == .hertz
    label = AxisText.unit(parameter.unit)
  }

  func position(_ value: Double) -> Double { isLogarithmic ? log10(max(value, 1)) : value }

  /// The commands that set ticks for positions along x, or along y; few enough to be read.
  func ticks(of positions: [Double], count: Int, alongY: Bool = false) -> [String] {
    guard isLogarithmic else { return AxisText.ticks(of: positions, count: count, alongY: alongY) }
    guard let least = positions.min(), let most = positions.max(), least < most else { return [] }
    let margin = 0.04 * (most - least)
    // A label outside the range would take the plot's room all the same.
    let range = (least - margin)...(most + margin)
    let labels = Self.roundHertz(from: pow(10, range.lowerBound), to: pow(10, range.upperBound)).map { hertz in
      let text = hertz >= 1000 ? NumberText.short(hertz / 1000) + "k" : NumberText.short(hertz)
      return "'\(text)' \(log10(hertz))"
    }
    let axis = alongY ? "y" : "x"
    return [
      "set \(axis)tics (\(labels.joined(separator: ", ")))",
      "set \(axis)range [\(range.lowerBound):\(range.upperBound)]",
    ]
  }

  /// The frequencies 1, 2 and 5 of each decade, or where a range has fewer than three of them some at equal steps.
  private static func roundHertz(from lower: Double, to upper: Double) -> [Double] {
    let decades: [Double] = [1, 10, 100, 1000, 10_000]
    let round = decades.flatMap { decade in [decade, 2 * decade, 5 * decade] }
    let inDecades = round.filter { $0 >= lower && $0 <= upper }
    guard inDecades.count < 3 else { return inDecades }
    let rough = (upper - lower) / 3
    let power = pow(10, floor(log10(rough)))
    let step = [power, 2 * power, 5 * power].first { $0 >= rough } ?? 10 * power
    return stride(from: (lower / step).rounded(.up) * step, through: upper, by: step).map { $0 }
  }
}
