/// What can be wrong with a comparison of estimators: each message names the values and the remedy.
public enum ComparisonError: Error, Equatable, Sendable, CustomStringConvertible {
  case unknownFamily(name: String, known: [String])
  case noFamilies
  case repeatedFamily(name: String)
  case tooFewFolds(folds: Int)
  case moreFoldsThanPresets(folds: Int, count: Int)
  case moreFoldsThanGroups(folds: Int, groups: Int)
  case unknownBaseline(name: String, compared: [String])
  /// Every estimator failed; the reason is that of the first.
  case allFailed(reason: String)
  /// A checkpoint of another comparison.
  case otherComparison(path: String, what: String)

  public var description: String {
    switch self {
    case .unknownFamily(let name, let known):
      "There is no family \(name): choose from \(known.joined(separator: ", "))."
    case .noFamilies:
      "No families are named: name at least one, or leave the option out to compare all."
    case .repeatedFamily(let name):
      "The family \(name) is named twice: name each once."
    case .tooFewFolds(let folds):
      "Cross-validation with \(folds) fold\(folds == 1 ? "" : "s") holds nothing out: use at least 2."
    case .moreFoldsThanPresets(let folds, let count):
      "\(count) presets cannot fill \(folds) folds: use at most \(count)."
    case .moreFoldsThanGroups(let folds, let groups):
      "\(groups) group\(groups == 1 ? "" : "s") cannot be split into \(folds) folds, because a group stays together: "
        + (groups < 2 ? "use presets of several groups, or random folds." : "use at most \(groups) folds.")
    case .unknownBaseline(let name, let compared):
      "The baseline \(name) is not compared: choose from \(compared.joined(separator: ", "))."
    case .allFailed(let reason):
      "No family could be scored; the first failed with: \(reason)"
    case .otherComparison(let path, let what):
      "The checkpoint \(path) is of another comparison (\(what) differs): name another file, or delete it to start anew."
    }
  }
}
