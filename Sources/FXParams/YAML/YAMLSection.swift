import Yams

/// A mapping of a YAML document, read key by key: every complaint names the key, where it stands and the remedy.
struct YAMLSection {
  /// Where the mapping stands, as in `series entry 2 (line 7)`.
  let place: String
  private let mapping: Node.Mapping

  /// - Throws: when the node is not a mapping; `place` is its name without a line.
  init(_ node: Node, place: String) throws {
    self.place = node.mark.map { "\(place) (line \($0.line))" } ?? place
    guard let mapping = node.mapping else {
      throw ParameterError.invalidChain(reason: "\(self.place) is not a mapping: write `key: value` lines")
    }
    self.mapping = mapping
  }

  // MARK: - Keys

  var keys: [String] { mapping.keys.map { $0.string ?? "?" } }

  /// The mapping itself.
  var whole: Node { .mapping(mapping) }

  func node(_ key: String) -> Node? { mapping[key] }

  /// - Throws: when the mapping has a key that is not listed, most often a misspelt one.
  func allow(_ known: [String], in kind: String) throws {
    for key in keys where !known.contains(key) {
      throw ParameterError.invalidChain(
        reason: "`\(key)` of \(place) is not a key of \(kind): use \(known.joined(separator: ", "))")
    }
  }

  // MARK: - Values

  func string(_ key: String, _ example: String) throws -> String {
    try value(key, "a text", example) { $0.scalar?.string }
  }

  func number(_ key: String, _ example: String) throws -> Double {
    try value(key, "a number", example, \.plainNumber)
  }

  func integer(_ key: String, _ example: String) throws -> Int {
    try value(key, "a whole number", example) { $0.scalar.flatMap { Int($0.string) } }
  }

  func integers(_ key: String, _ example: String) throws -> [Int] {
    try value(key, "a list of whole numbers", example) { node in
      let numbers = node.sequence?.map { $0.scalar.flatMap { Int($0.string) } }
      return numbers.flatMap { list in list.contains(nil) ? nil : list.compactMap(\.self) }
    }
  }

  func bool(_ key: String, _ example: String) throws -> Bool {
    try value(key, "true or false", example) { $0.scalar.flatMap { Bool($0.string.lowercased()) } }
  }

  func range(_ key: String, _ example: String) throws -> ParameterBounds {
    try value(key, "a range `[lower, upper]`", example, \.plainRange)
  }

  /// A range, or a number that fixes the setting.
  func setting(_ key: String, _ example: String) throws -> ParameterSetting {
    try value(key, "a range `[lower, upper]` or a number", example) { node in
      node.plainRange.map { .free($0) } ?? node.plainNumber.map { .fixed($0) }
    }
  }

  func entries(_ key: String, _ example: String) throws -> [Node] {
    try value(key, "a list", example) { node in node.sequence.map { Array($0) } }
  }

  func value<Value>(
    _ key: String, _ kind: String, _ example: String, _ convert: (Node) -> Value?
  ) throws -> Value {
    guard let node = mapping[key] else {
      throw ParameterError.invalidChain(
        reason: "`\(key)` is missing from \(place): add it, for example `\(key): \(example)`")
    }
    guard let value = convert(node) else {
      let found = node.scalar.map { " \"\($0.string)\"," } ?? ""
      throw ParameterError.invalidChain(
        reason: "`\(key)` of \(place) is\(found) not \(kind): write for example `\(key): \(example)`")
    }
    return value
  }
}

extension Node {
  /// The bounds that a list of two numbers spells.
  fileprivate var plainRange: ParameterBounds? {
    guard let list = sequence, list.count == 2 else { return nil }
    guard let lower = list[0].plainNumber, let upper = list[1].plainNumber else { return nil }
    return ParameterBounds(lower, upper)
  }

  /// The number that a scalar spells in decimal, nan and the infinities included (validation refuses those).
  fileprivate var plainNumber: Double? {
    guard let text = scalar?.string, !text.lowercased().contains("x") else { return nil }
    switch text.lowercased() {
    case ".nan": return .nan
    case ".inf", "+.inf": return .infinity
    case "-.inf": return -.infinity
    default: return Double(text)
    }
  }
}

/// The root of a YAML document.
///
/// - Throws: ``ParameterError/invalidChain(reason:)`` with line and column when the text is not YAML.
func yamlRoot(of text: String) throws -> YAMLSection {
  do {
    guard let root = try Yams.compose(yaml: text) else {
      throw ParameterError.invalidChain(reason: "the text is empty: begin with `priorkit_chain: 1`")
    }
    return try YAMLSection(root, place: "the document")
  } catch let error as YamlError {
    throw ParameterError.invalidChain(reason: "the text is not YAML, \(explanation(of: error)): correct it there")
  }
}

func explanation(of error: YamlError) -> String {
  switch error {
  case .scanner(_, let problem, let mark, _), .parser(_, let problem, let mark, _),
    .composer(_, let problem, let mark, _):
    "line \(mark.line), column \(mark.column), \(problem)"
  case .duplicatedKeysInMapping(let duplicates, let context):
    "line \(context.mark.line), the key \(duplicates.joined(separator: ", ")) stands twice"
  case .reader(let problem, let offset, _, _):
    "character \(offset.map(String.init) ?? "?"), \(problem)"
  default:
    "\(error)"
  }
}
