import FXParams
import Foundation

extension NeutralFill {
  /// The effects with what was set, `delay (gain -120 dB)`: what a bound keeps from silence can be read off.
  func words(for chain: ChainDescription) -> String {
    let descriptions = chain.parameterDescriptions
    func reading(_ position: Int, of owner: String) -> String {
      let description = descriptions[position]
      let quantity = description.neutralReading
      let name = description.parameter.name
      // The entries of an array share a name.
      let field = (name.hasPrefix(owner + ".") ? String(name.dropFirst(owner.count + 1)) : name)
        .replacing(/(\.[0-9]+)+$/, with: "")
      let unit = quantity.unit == .one ? "" : " " + quantity.unit.rawValue
      return "\(field) \(String(format: "%.7g", quantity.value))\(unit)"
    }
    var parts = absentEffects.map { effect in
      var readings: [String] = []
      for position in effect.positions where descriptions[position].isDecisive {
        let text = reading(position, of: effect.name)
        if !readings.contains(text) { readings.append(text) }
      }
      return "\(effect.name) (\(readings.joined(separator: ", ")))"
    }
    let owned = Set(absentEffects.flatMap(\.positions))
    parts += positions.filter { !owned.contains($0) }.map { reading($0, of: "") }
    return parts.joined(separator: ", ")
  }
}
