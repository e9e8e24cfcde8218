import Yams

/// A setting of an effect as chain files hold it: its key, and how it is written and read.
///
/// Errors give the setting of an example (``SeriesEffect/examples``) as an example of what to write.
package struct EffectField<Effect> {
  let key: String
  /// Nil where a file leaves the key out.
  let node: (Effect) -> Node?
  /// Reads the key of a section into an effect, whose own setting is the example.
  let read: (YAMLSection, inout Effect) throws -> Void
}

extension EffectField {
  /// `[lower, upper]`.
  static func range(_ key: String, _ setting: WritableKeyPath<Effect, ParameterBounds>) -> Self {
    Self(
      key: key, node: { .range($0[keyPath: setting]) },
      read: { $1[keyPath: setting] = try $0.range(key, $1[keyPath: setting].plainText) })
  }

  /// `[lower, upper]`, or a number that fixes the setting.
  static func setting(_ key: String, _ setting: WritableKeyPath<Effect, ParameterSetting>) -> Self {
    Self(
      key: key, node: { .setting($0[keyPath: setting]) },
      read: { $1[keyPath: setting] = try $0.setting(key, $1[keyPath: setting].plainText) })
  }

  /// As ``setting(_:_:)``, or no such key.
  static func settingOrNone(
    _ key: String, _ setting: WritableKeyPath<Effect, ParameterSetting?>, example: ParameterSetting
  ) -> Self {
    Self(
      key: key, node: { $0[keyPath: setting].map(Node.setting) },
      read: { section, effect in
        let isThere = section.node(key) != nil
        effect[keyPath: setting] = isThere ? try section.setting(key, example.plainText) : nil
      })
  }

  static func number(_ key: String, _ setting: WritableKeyPath<Effect, Double>) -> Self {
    Self(
      key: key, node: { .number($0[keyPath: setting]) },
      read: { $1[keyPath: setting] = try $0.number(key, $1[keyPath: setting].plainText) })
  }

  /// A number, or the word `none`.
  static func numberOrNone(_ key: String, _ setting: WritableKeyPath<Effect, Double?>) -> Self {
    Self(
      key: key, node: { $0[keyPath: setting].map(Node.number) ?? .text("none") },
      read: { section, effect in
        let isNone = section.node(key)?.scalar?.string == "none"
        effect[keyPath: setting] = isNone ? nil : try section.number(key, (effect[keyPath: setting] ?? 1).plainText)
      })
  }

  static func integer(_ key: String, _ setting: WritableKeyPath<Effect, Int>) -> Self {
    Self(
      key: key, node: { .text(String($0[keyPath: setting])) },
      read: { $1[keyPath: setting] = try $0.integer(key, String($1[keyPath: setting])) })
  }

  static func integers(_ key: String, _ setting: WritableKeyPath<Effect, [Int]>) -> Self {
    Self(
      key: key, node: { .row($0[keyPath: setting].map { .text(String($0)) }) },
      read: { $1[keyPath: setting] = try $0.integers(key, "\($1[keyPath: setting])") })
  }

  /// Peaks, shelves and passes, as in series.
  static func bands(_ key: String, _ setting: WritableKeyPath<Effect, [BiquadBand]>) -> Self {
    Self(
      key: key, node: { .list($0[keyPath: setting].map(\.node)) },
      read: { section, effect in
        effect[keyPath: setting] = try sections(of: section, key).map { band in
          try exampleOfKind(for: band, among: BiquadBand.examples, \.kind, separator: ", ").read(band)
        }
      })
  }
}

// MARK: - Effects

extension EffectDescription {
  var node: Node { node(and: []) }

  /// - Parameter others: what the chain says of the effect.
  func node(and others: [(String, Node)]) -> Node {
    let settings = fields.compactMap { field in field.node(self).map { (field.key, $0) } }
    return .block([("effect", .text(kind)), ("name", .text(name))] + settings + others)
  }

  /// The effect of a section; this one is an example of its kind.
  ///
  /// - Parameter others: keys that the chain reads.
  func read(_ section: YAMLSection, or others: [String] = []) throws -> Self {
    try section.allow(["effect", "name"] + fields.map(\.key) + others, in: kind)
    var effect = self
    effect.name = try section.string("name", name)
    for field in fields { try field.read(section, &effect) }
    return effect
  }
}

/// The sections of a list.
func sections(of parent: YAMLSection, _ key: String) throws -> [YAMLSection] {
  try parent.entries(key, "[]").enumerated().map { try YAMLSection($1, place: "\(key) entry \($0 + 1)") }
}

/// The example of the kind that a section's `effect` names.
func exampleOfKind<Effect>(
  for section: YAMLSection, among examples: [Effect], _ kind: (Effect) -> String, separator: String
) throws -> Effect {
  let kinds = examples.map(kind)
  let found = try section.string("effect", kinds.first ?? "")
  guard let index = kinds.firstIndex(of: found) else {
    throw ParameterError.invalidChain(
      reason: "`effect` of \(section.place) is \(found), which cannot stand here: use "
        + kinds.joined(separator: separator))
  }
  return examples[index]
}
