package import PresetStore

extension ShardRecord {
  /// The share itself.
  package var shard: Shard? { Shard(index: index, count: count) }
}

/// A file or folder with the rows of one shard.
package protocol ShardPart {
  /// As the user names it.
  var path: String { get }
  var record: ShardRecord { get }
}

/// The shards of one run, every one of them once.
package enum ShardSet {
  /// Puts shards in order.
  ///
  /// - Parameter parts: at least one, in any order.
  /// - Returns: shard 1, shard 2 and so on to the last.
  /// - Throws: ``WorkflowError`` that names the file of another run, of another number of shards or of a shard that
  ///   another file holds too, or the shards that are missing.
  package static func ordered<Part: ShardPart>(_ parts: [Part]) throws -> [Part] {
    let main = mainPart(of: parts)
    for part in parts { try requireSameRun(part, main) }
    var byIndex: [Int: Part] = [:]
    for part in parts {
      if let other = byIndex[part.record.index] {
        throw WorkflowError(
          .wrongContents,
          other.path == part.path
            ? "\(part.path) is named twice: name each shard once."
            : "\(other.path) and \(part.path) are both shard \(part.record.shardText): name one of them.")
      }
      byIndex[part.record.index] = part
    }
    let missing = (1...main.record.count).filter { byIndex[$0] == nil }
    guard missing.isEmpty else { throw missingShards(missing, of: main.record) }
    return (1...main.record.count).compactMap { byIndex[$0] }
  }

  /// One of the run that most parts are of, so that an error names the odd one.
  private static func mainPart<Part: ShardPart>(of parts: [Part]) -> Part {
    func run(_ part: Part) -> Run { Run(work: part.record.work, count: part.record.count) }
    let counts = Dictionary(parts.map { (run($0), 1) }, uniquingKeysWith: +)
    let most = counts.values.max() ?? 0
    guard let main = parts.first(where: { counts[run($0)] == most }) else {
      preconditionFailure("A whole of no shards")
    }
    return main
  }

  private struct Run: Hashable {
    let work: String
    let count: Int
  }

  private static func requireSameRun(_ part: some ShardPart, _ main: some ShardPart) throws {
    let (own, other) = (part.record, main.record)
    if own.kind != other.kind {
      throw WorkflowError(
        .wrongContents,
        "\(part.path) is a shard of \(own.kind.words) but \(main.path) is one of \(other.kind.words): "
          + "merge the shards of one run.")
    }
    if own.work != other.work {
      throw WorkflowError(
        .wrongContents,
        "\(part.path) is a shard of another run than \(main.path) (\(difference(own, other))): "
          + "merge the shards of one run.")
    }
    if own.count != other.count {
      throw WorkflowError(
        .wrongContents,
        "\(part.path) is shard \(own.shardText) but \(main.path) is shard \(other.shardText): "
          + "merge shards of one number.")
    }
  }

  /// What two runs have not in common, in words.
  private static func difference(_ own: ShardRecord, _ other: ShardRecord) -> String {
    if own.rowCount != other.rowCount { return "of \(own.rowCount) rows instead of \(other.rowCount)" }
    let others = Dictionary(other.terms.map { ($0.name, $0.value) }, uniquingKeysWith: { first, _ in first })
    for term in own.terms where others[term.name] != term.value {
      guard let value = others[term.name] else { return "with a \(term.name)" }
      return isDigest(value) || isDigest(term.value)
        ? "with another file as \(term.name)" : "\(term.name) \(term.value) instead of \(value)"
    }
    let names = Set(own.terms.map(\.name))
    return other.terms.first { !names.contains($0.name) }.map { "without a \($0.name)" } ?? "its terms differ"
  }

  private static func isDigest(_ text: String) -> Bool { text.utf8.count == 64 && text.allSatisfy(\.isHexDigit) }

  private static func missingShards(_ missing: [Int], of record: ShardRecord) -> WorkflowError {
    let shown = missing.prefix(5).map { "\($0)/\(record.count)" }.joined(separator: ", ")
    let more = missing.count > 5 ? " and \(missing.count - 5) more" : ""
    return WorkflowError(
      .wrongContents,
      missing.count == 1
        ? "Shard \(shown) of \(record.command) is missing: run it, or name its file too."
        : "Shards \(shown)\(more) of \(record.command) are missing: run them, or name their files too.")
  }
}

extension ShardRecord.Kind {
  /// What the rows are, in words.
  package var words: String {
    switch self {
    case .pairs: "simulated pairs"
    case .features: "presets with features"
    case .comparison: "a comparison"
    case .evaluation: "an evaluation"
    case .recommendation: "recommendations"
    }
  }
}
