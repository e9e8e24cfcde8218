/// What can be wrong with parameter values and chain descriptions: each message names the parameter, the value
/// and the remedy.
public enum ParameterError: Error, CustomStringConvertible {
  case wrongCount(expected: Int, found: Int)
  case valueOutOfRange(parameter: Parameter, value: Double)
  case unknownParameter(name: String, known: [String])
  case invalidChain(reason: String)

  public var description: String {
    switch self {
    case .wrongCount(let expected, let found):
      "The parameter space has \(expected) parameters but \(found) values were given: use presets of the same chain."
    case .valueOutOfRange(let parameter, let value):
      "Parameter \(parameter.name) is \(value) \(parameter.unit.rawValue): it must lie inside "
        + "\(parameter.bijector.bounds.lowerBound) .. \(parameter.bijector.bounds.upperBound)."
    case .unknownParameter(let name, let known):
      "There is no parameter \(name): the chain has \(known.prefix(6).joined(separator: ", ")), ..."
    case .invalidChain(let reason):
      "The chain description is invalid: \(reason)."
    }
  }
}
