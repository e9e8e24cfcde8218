/// How a posterior file names the variables of parameters, and the dimensions of their labels.
public enum PosteriorNaming: Sendable, Hashable {
  /// As the parameters are named: `peak1.gain`.
  case parameters
  /// As attributes in Python can be named: `peak1_gain`, with the parameter's name as the attribute `long_name`.
  case identifiers
}

/// The names under which a file has its variables, one for each.
package struct PosteriorNames {
  /// The attribute of our own group that says so, and its value.
  static let attribute = "variable_names"
  static let identifiers = "identifiers"
  /// The attribute of a variable that keeps its own name.
  static let ownName = "long_name"

  private let stored: [String: String]

  /// Names of variables that are all in one group.
  package init(_ names: [String], naming: PosteriorNaming) {
    guard naming == .identifiers else {
      stored = [:]
      return
    }
    var stored: [String: String] = [:]
    var taken: Set = ["chain", "draw"]
    // A name that is an identifier keeps it, whatever others become.
    let order = names.filter { Self.identifier($0) == $0 } + names.filter { Self.identifier($0) != $0 }
    for name in order where stored[name] == nil {
      let identifier = Self.identifier(name)
      var (free, number) = (identifier, 1)
      while !taken.insert(free).inserted {
        number += 1
        free = "\(identifier)_\(number)"
      }
      stored[name] = free
    }
    self.stored = stored
  }

  /// Names of parameters' variables and of the dimensions of their labels.
  init(of variables: [PosteriorVariable], naming: PosteriorNaming) {
    let dimensions = variables.filter { !$0.labels.isEmpty }.map(\.dimension)
    self.init(variables.map(\.name) + dimensions, naming: naming)
  }

  /// The own name of what is in the file under a name.
  func own(_ name: String) -> String { stored.first { $1 == name }?.key ?? name }

  /// The name in the file.
  package subscript(name: String) -> String { stored[name] ?? name }

  /// Letters, digits and underscores, no digit first, no word of the language.
  static func identifier(_ name: String) -> String {
    let text = String(name.map { $0.isASCII && ($0.isLetter || $0.isNumber) ? $0 : "_" })
    if text.first.map({ $0.isNumber }) ?? true { return "_" + text }
    return keywords.contains(text) ? text + "_" : text
  }

  /// Those of Python 3.14.
  private static let keywords: Set = [
    "False", "None", "True", "and", "as", "assert", "async", "await", "break", "class", "continue", "def", "del",
    "elif", "else", "except", "finally", "for", "from", "global", "if", "import", "in", "is", "lambda", "nonlocal",
    "not", "or", "pass", "raise", "return", "try", "while", "with", "yield",
  ]
}
