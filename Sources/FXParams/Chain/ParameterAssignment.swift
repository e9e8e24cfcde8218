import Foundation

/// The value of one parameter as people write it: `lowshelf.gain=3 dB`, `compressor.attack=12 ms`,
/// `peak1.frequency=1.2 kHz`.
///
/// The unit may be that of the parameter, a multiple of it (kHz, s and ms), or that of its derived quantity
/// (``DerivedQuantity``); without one, the parameter's own is meant.
public struct ParameterAssignment: Sendable, Hashable {
  /// Position in the flat order.
  public let position: Int
  /// In the parameter's own unit; not checked against its range.
  public let value: Double

  /// - Throws: ``ParameterError`` for text that is no assignment, an unknown parameter, or a unit that it does not
  ///   have.
  public init(_ text: String, chain: ChainDescription) throws {
    let parts = text.split(separator: "=", maxSplits: 1).map { $0.trimmingCharacters(in: .whitespaces) }
    guard parts.count == 2, !parts[0].isEmpty else { throw ParameterError.malformedAssignment(text: text) }
    let space = chain.parameterSpace
    guard let position = space.index(of: parts[0]) else {
      if let fixed = chain.fixedParameters.first(where: { $0.name == parts[0] }) {
        throw ParameterError.fixedParameter(fixed)
      }
      throw ParameterError.unknownParameter(name: parts[0], known: space.names)
    }
    let parameter = space.parameters[position]
    guard let (number, unit) = Self.quantity(parts[1]), number.isFinite else {
      throw ParameterError.malformedAssignment(text: text)
    }
    self.position = position
    let derived = chain.derivedQuantities[parameter.name]
    guard
      let scale = ParameterUnit(unit, unit: parameter.unit, derived: derived, sampleRate: chain.sampleRate)
    else {
      throw ParameterError.wrongUnit(
        parameter: parameter, found: unit,
        known: ([parameter.unit] + (derived.map { [$0.unit] } ?? [])).map(\.rawValue))
    }
    value = scale.value(of: number)
  }

  /// A number and the text after it.
  private static func quantity(_ text: String) -> (Double, String)? {
    var end = text.endIndex
    while end > text.startIndex {
      if let number = Double(text[..<end].trimmingCharacters(in: .whitespaces)) {
        return (number, text[end...].trimmingCharacters(in: .whitespaces))
      }
      end = text.index(before: end)
    }
    return nil
  }
}
