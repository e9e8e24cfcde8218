import FXParams
import PriorKit
import Workflows

extension EstimatorCatalogue {
  /// The estimators of a comma-separated list, or all that need no standard errors.
  ///
  /// - Throws: ``ComparisonError`` for a name that is unknown or repeated, or for an empty list.
  func estimators(listed list: String?, of chain: ChainDescription) throws -> [any DensityEstimator] {
    guard let list else { return comparable }
    return try Self.names(listed: list).map { try estimator(named: $0, of: chain) }
  }

  /// The names of a comma-separated list.
  ///
  /// - Throws: ``ComparisonError`` for a name that is repeated, or for an empty list.
  static func names(listed list: String) throws -> [String] {
    let names = list.split(separator: ",").map { $0.trimmingPrefix(while: \.isWhitespace) }
      .map { String($0.reversed().drop(while: \.isWhitespace).reversed()) }
    guard !names.isEmpty else { throw ComparisonError.noFamilies }
    if let repeated = names.indices.first(where: { names[..<$0].contains(names[$0]) }) {
      throw ComparisonError.repeatedFamily(name: names[repeated])
    }
    return names
  }

  /// The published recipe where it is compared, else the first.
  static func baseline(of estimators: [any ComparedEstimator]) -> String {
    let usual = [
      "published", ConditionalCatalogue.standard + ConditionalFitter.unconditionalSuffix,
      "published-canonical-by-rule-orbit-sum",
    ]
    return usual.first { name in estimators.contains { $0.name == name } } ?? estimators.first?.name ?? ""
  }

  /// One line per family.
  /// A family as `fit --list-families --json` has it.
  struct Listed: Encodable {
    let name: String
    let shortName: String?
    let description: String
  }

  var listed: [Listed] {
    entries.map { Listed(name: $0.name, shortName: Self.shortName(of: $0.name), description: $0.description) }
      + Self.bandFamilies.map { Listed(name: $0.0, shortName: nil, description: $0.1 + " (for like bands)") }
  }

  private static func shortName(of name: String) -> String? { shortNames.first { $0.value == name }?.key }

  var listing: String {
    var table = TextTable([("family", .left), ("what it is", .left)])
    for entry in entries {
      let short = Self.shortName(of: entry.name).map { " (short: \($0))" } ?? ""
      table.append([entry.name, entry.description + short])
    }
    for (name, description) in Self.bandFamilies { table.append([name, description + " (for like bands)"]) }
    return table.text
  }
}
