import Yams

/// Nodes as chain files have them: plain scalars, rows on one line, lists and mappings on several.
extension Node {
  static func text(_ text: String) -> Node { .scalar(.init(text, Tag(.implicit), .plain)) }

  static func number(_ value: Double) -> Node { text(value.plainText) }

  static func range(_ range: ParameterBounds) -> Node { row([number(range.lower), number(range.upper)]) }

  static func setting(_ setting: ParameterSetting) -> Node {
    switch setting {
    case .free(let bounds): range(bounds)
    case .fixed(let value): number(value)
    }
  }

  static func row(_ nodes: [Node]) -> Node { .sequence(.init(nodes, Tag(.implicit), .flow)) }

  static func list(_ nodes: [Node]) -> Node {
    nodes.isEmpty ? row([]) : .sequence(.init(nodes, Tag(.implicit), .block))
  }

  static func block(_ pairs: [(String, Node)]) -> Node {
    .mapping(.init(pairs.map { (text($0.0), $0.1) }, Tag(.implicit), .block))
  }
}
