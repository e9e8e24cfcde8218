import Yams

/// One object of a hydra document: a Python class under `_target_` and its arguments.
struct HydraSection {
  static let sequential = "torch.nn.Sequential"

  let target: String
  private let section: YAMLSection

  var place: String { section.place }

  init(_ node: Node) throws {
    let object = try YAMLSection(node, place: "an object of `model`")
    target = try object.string("_target_", "modules.fx.Peak")
    section = try YAMLSection(node, place: target)
  }

  func node(_ key: String) -> Node? { section.node(key) }

  /// - Throws: when there is another argument than those listed, or hydra's own keys that change nothing here.
  func allow(_ keys: [String]) throws {
    try section.allow(["_target_"] + keys + ["_convert_", "_recursive_"], in: target)
  }

  func unsupported(supported: String) -> ParameterError {
    .invalidChain(reason: "\(place) cannot stand here: supported are \(supported) of modules.fx")
  }

  // MARK: - Arguments

  func arguments() throws -> [Node] { try section.entries("_args_", "[]") }

  func rate() throws -> Double { try section.number("sr", "44100") }

  func number(_ key: String, default value: Double) throws -> Double {
    try section.node(key) == nil ? value : section.number(key, value.plainText)
  }

  func integer(_ key: String, default value: Int) throws -> Int {
    try section.node(key) == nil ? value : section.integer(key, String(value))
  }

  func integers(_ key: String) throws -> [Int] { try section.integers(key, "[997, 1153]") }

  func bool(_ key: String, default value: Bool) throws -> Bool {
    try section.node(key) == nil ? value : section.bool(key, String(value))
  }

  /// The range that `min_KEY` and `max_KEY` give.
  func range(_ key: String, default range: ParameterBounds) throws -> ParameterBounds {
    ParameterBounds(
      try number("min_" + key, default: range.lower), try number("max_" + key, default: range.upper))
  }
}

/// Replaces scalars of the form `${key}` or `${key.key}` by the value they name, counted from the root.
struct HydraInterpolation {
  let root: YAMLSection

  /// - Throws: when a name leads nowhere or in a circle.
  func resolve(_ node: Node) throws -> Node { try resolve(node, through: []) }

  private func resolve(_ node: Node, through names: [String]) throws -> Node {
    if let mapping = node.mapping {
      let pairs = try mapping.map { ($0.key, try resolve($0.value, through: names)) }
      return .mapping(.init(pairs, mapping.tag, mapping.style, mapping.mark))
    }
    if let sequence = node.sequence {
      let nodes = try sequence.map { try resolve($0, through: names) }
      return .sequence(.init(nodes, sequence.tag, sequence.style, sequence.mark))
    }
    guard let text = node.scalar?.string, text.hasPrefix("${"), text.hasSuffix("}") else { return node }
    let name = String(text.dropFirst(2).dropLast())
    guard !names.contains(name), let target = lookUp(name) else {
      let line = node.mark.map { " (line \($0.line))" } ?? ""
      throw ParameterError.invalidChain(
        reason: "`\(text)`\(line) does not lead to a value of the document: give `\(name)` at its top level")
    }
    return try resolve(target, through: names + [name])
  }

  private func lookUp(_ name: String) -> Node? {
    let keys = name.split(separator: ".").map(String.init)
    guard let first = keys.first, let start = root.node(first) else { return nil }
    return keys.dropFirst().reduce(Optional(start)) { node, key in node?.mapping?[key] }
  }
}
