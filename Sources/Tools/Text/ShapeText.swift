import FXParams
import PresetStore
import Workflows

/// What a chain and its presets say of optional effects and of orders.
enum ShapeText {
  static func patterns(_ count: Int) -> String { "of \(count) pattern\(count == 1 ? "" : "s")" }

  /// The optional effects and the further orders, in lines; none for a chain without either.
  static func lines(_ chain: ChainDescription) -> [String] {
    let names = chain.optionalNames
    return (names.isEmpty ? [] : ["optional: \(names.joined(separator: ", "))"])
      + chain.furtherOrders.enumerated().map { "order \($0 + 2): \($1.joined(separator: ", "))" }
  }
}

/// One pattern of presets that differ in shape, as `show` numbers them. The property names are keys of JSON.
struct PatternEntry: Encodable {
  /// From 1, the most frequent first.
  let pattern: Int
  /// In words: `complete`, `without delay`.
  let shape: String
  /// Number of its presets.
  let count: Int
  /// Those that it has, in the order in which they run.
  let effects: [String]
  /// Number of the order of the series, from 1.
  let order: Int
  /// Number of parameters.
  let dimension: Int

  /// Nil where nothing is missing.
  static func all(of presets: PresetCollection) -> [PatternEntry]? {
    guard presets.patterns != nil else { return nil }
    return presets.rowsByPattern.enumerated().map { index, found in
      let variant = presets.chain.variant(found.pattern)
      return PatternEntry(
        pattern: index + 1, shape: presets.chain.words(for: found.pattern), count: found.rows.count,
        effects: variant.chain.effectNames, order: found.pattern.order + 1, dimension: variant.positions.count)
    }
  }

  static func table(_ entries: [PatternEntry]) -> String {
    var table = TextTable([
      ("pattern", .right), ("presets", .right), ("parameters", .right), ("shape", .left),
    ])
    for entry in entries {
      table.append(["\(entry.pattern)", "\(entry.count)", "\(entry.dimension)", entry.shape])
    }
    return table.text
  }
}
