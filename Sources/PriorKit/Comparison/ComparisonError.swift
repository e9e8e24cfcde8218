/// Errors in a comparison of estimators: each message names the values and the remedy.
public enum ComparisonError: Error, Equatable, Sendable, CustomStringConvertible {
  case noFamilies
  case repeatedFamily(name: String)
  case unknownBaseline(name: String, compared: [String])
  /// Every estimator failed; the reason is that of the first.
  case allFailed(reason: String)
  /// A checkpoint of another comparison.
  case otherComparison(path: String, what: String)

  public var description: String {
    switch self {
    case .noFamilies:
      "No families are named: name at least one, or leave the option out to compare all."
    case .repeatedFamily(let name):
      "The family \(name) is named twice: name each once."
    case .unknownBaseline(let name, let compared):
      "The baseline \(name) is not compared: choose from \(compared.joined(separator: ", "))."
    case .allFailed(let reason):
      "No family could be scored; the first failed with: \(reason)"
    case .otherComparison(let path, let what):
      "The checkpoint \(path) is of another comparison (\(what) differs): name another file, or delete it to start "
        + "anew."
    }
  }
}
