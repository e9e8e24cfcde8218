public import FXParams
import Foundation

/// Settings of one LV2 plugin, by the symbols of its control ports.
public struct LV2Preset: Sendable, Hashable {
  /// A control port with its value.
  public struct Port: Sendable, Hashable {
    /// As in the plugin's description.
    public let symbol: String
    /// As the plugin takes it: a gain that its port has as a factor is a factor here.
    public let value: Double
  }

  /// How a port holds a number.
  public enum Scale: Sendable {
    /// As it is.
    case plain
    /// A level in dB as the factor 10^(dB/20).
    case factor
  }

  /// What hosts show after the preset's own name: the part that the plugin plays.
  public let role: String
  /// The plugin.
  public let uri: String
  /// In the order in which they were set.
  public private(set) var ports: [Port] = []
  /// What did not fit the ranges of the ports.
  public private(set) var range: PluginRange

  /// - Parameters:
  ///   - role: the part that the plugin plays.
  ///   - plugin: its name in sentences.
  ///   - uri: its URI.
  public init(role: String, plugin: String, uri: String) {
    self.role = role
    self.uri = uri
    range = PluginRange(plugin: plugin)
  }

  /// Sets a port to a number of its own, such as the place of a choice in its list.
  public mutating func set(_ symbol: String, _ value: Double) { ports.append(Port(symbol: symbol, value: value)) }

  /// Sets ports that are as fixed as their plugin is.
  public mutating func set(_ values: KeyValuePairs<String, Double>) {
    for (symbol, value) in values { set(symbol, value) }
  }

  /// Sets a port to a value of a preset, within the port's range.
  ///
  /// - Parameters:
  ///   - symbol: of the port.
  ///   - value: in `unit`.
  ///   - range: of the port, in `unit`.
  ///   - unit: of the value and the range.
  ///   - parameter: whose value it is.
  ///   - scale: how the port holds it.
  public mutating func set(
    _ symbol: String, _ value: Double, in range: ClosedRange<Double>, _ unit: FXParams.Unit,
    of parameter: String, as scale: Scale = .plain
  ) {
    let written = self.range.value(value, in: range, unit, of: parameter)
    set(symbol, scale == .plain ? written : pow(10, written / 20))
  }

  /// Takes over what was found out of range while a value was prepared.
  public mutating func note(_ found: PluginRange) { range = found }

  /// The value of a port; nil if it was not set.
  public func value(of symbol: String) -> Double? { ports.last { $0.symbol == symbol }?.value }
}
