public import FXParams
import Foundation

/// Values as plugins take them: those outside a plugin's range are brought to its end, and told.
public struct PluginRange: Sendable, Hashable {
  /// The plugin, as sentences call it.
  public let plugin: String
  /// What was outside, a sentence for each value.
  public private(set) var sentences: [String] = []

  /// - Parameter plugin: as sentences call it.
  public init(plugin: String) { self.plugin = plugin }

  /// The value, or the end of the range that is nearer to it.
  ///
  /// - Parameters:
  ///   - value: of the parameter, in `unit`; an infinite one is taken to the end.
  ///   - range: of the plugin, in `unit`.
  ///   - unit: that of the sentence.
  ///   - parameter: what the sentence calls the value.
  public mutating func value(
    _ value: Double, in range: ClosedRange<Double>, _ unit: FXParams.Unit, of parameter: String
  )
    -> Double
  {
    let written = min(max(value, range.lowerBound), range.upperBound)
    // A bound that was converted twice may differ in the last digits.
    if !value.isFinite || abs(written - value) > 1e-6 * max(abs(value), 1e-6) {
      let ends = "\(Self.text(range.lowerBound)) to \(Self.text(range.upperBound, unit))"
      sentences.append(
        "\(parameter) is \(Self.text(value, unit)), but \(plugin) takes \(ends): it is \(Self.text(written, unit)) "
          + "there.")
    }
    return written
  }

  private static func text(_ value: Double, _ unit: FXParams.Unit = .one) -> String {
    // Four digits, and as many before the point as there are.
    let digits = max(4, String(Int(min(abs(value), 1e9))).count)
    let number = value == 0 ? "0" : String(format: "%.*g", digits, value)
    return unit == .one ? number : number + " " + unit.rawValue
  }
}
