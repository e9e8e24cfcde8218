/// Errors in parameter values and chain descriptions: each message is one sentence that names the parameter or key,
/// the value and the remedy.
public enum ParameterError: Error, CustomStringConvertible {
  case wrongCount(expected: Int, found: Int)
  case valueOutOfRange(parameter: Parameter, value: Double)
  case logitNotFinite(parameter: Parameter, logit: Double)
  case logitTooLarge(parameter: Parameter, logit: Double, limit: Double)
  case unknownParameter(name: String, known: [String])
  case fixedParameter(FixedParameter)
  case invalidChain(reason: String)
  case malformedAssignment(text: String)
  case wrongUnit(parameter: Parameter, found: String, known: [String])

  public var description: String {
    switch self {
    case .wrongCount(let expected, let found):
      "The parameter space has \(expected) parameters but \(found) values were given: "
        + "use presets of the same chain."
    case .valueOutOfRange(let parameter, let value):
      "Parameter \(parameter.name) is \(value)\(parameter.unit.suffix): \(parameter.bijector.demand)."
    case .logitNotFinite(let parameter, let logit):
      "The logit of parameter \(parameter.name) is \(logit): it must be a finite number, "
        + "so repair or drop the preset."
    case .logitTooLarge(let parameter, let logit, let limit):
      "The logit of parameter \(parameter.name) is \(logit), beyond the \(limit) that effects can be computed "
        + "with: repair or drop the preset."
    case .unknownParameter(let name, let known):
      "There is no parameter \(name): the chain has \(list(of: relatives(of: name, in: known)))."
    case .fixedParameter(let fixed):
      "\(fixed.description) is fixed by the chain: leave it out, or use presets of a chain that has a range for it."
    case .malformedAssignment(let text):
      "\(text) is no value of a parameter: write NAME=VALUE, with its unit if you like, as in lowshelf.gain=3 dB."
    case .wrongUnit(let parameter, let found, let known):
      "Parameter \(parameter.name) is given in \(found): give it in \(known.joined(separator: " or ")), or without "
        + "a unit."
    case .invalidChain(let reason):
      "The chain description is invalid: \(reason)."
    }
  }
}

extension Unit {
  fileprivate var suffix: String { self == .one ? "" : " " + rawValue }
}

extension Bijector {
  fileprivate var demand: String {
    switch self {
    case .identity: "it must be a finite number"
    case .sigmoid(let lower, let upper): "it must lie strictly between \(lower.plainText) and \(upper.plainText)"
    case .folded(let period): "it must be at least 0 and below \(period.plainText)"
    }
  }
}

/// The known names that belong to the same effect as a mistaken one, or all where there are none.
private func relatives(of name: String, in known: [String]) -> [String] {
  let owner = name.prefix { $0 != "." } + "."
  let family = known.filter { $0.hasPrefix(owner) }
  return family.isEmpty ? known : family
}

private func list(of names: [String]) -> String {
  names.prefix(8).joined(separator: ", ") + (names.count > 8 ? ", ..." : "")
}
