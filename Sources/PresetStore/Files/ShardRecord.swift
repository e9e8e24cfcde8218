import FileOutput

/// What a file says that holds a share of some work: which shard of how many, and what the rows of the whole depend
/// on.
///
/// Row r of the work, from 0, belongs to shard r modulo ``count``, plus 1. Which rows a shard holds is so implied,
/// and what a row holds depends on ``terms`` alone: not on the shard, the threads or where the output goes.
public struct ShardRecord: Sendable, Hashable {
  /// What the rows are.
  public enum Kind: String, Sendable, Hashable, Codable, CaseIterable {
    /// Simulated presets with features: a row is a draw.
    case pairs
    /// Presets with the features of their recordings: a row is a preset.
    case features
    /// Fits of families to folds: a row is a family and a fold.
    case comparison
    /// Methods on tracks: a row is a track.
    case evaluation
    /// Candidates for recordings: a row is a recording.
    case recommendation
  }

  /// One thing that the rows depend on, such as the seed, or the SHA-256 of an input.
  public struct Term: Sendable, Hashable, Codable {
    /// What it is, in words.
    public let name: String
    /// What it was, in full.
    public let value: String

    /// A thing and what it was.
    public init(_ name: String, _ value: String) { (self.name, self.value) = (name, value) }
  }

  /// What the rows are.
  public let kind: Kind
  /// Which shard, from 1.
  public let index: Int
  /// How many there are.
  public let count: Int
  /// Rows of the whole work.
  public let rowCount: Int
  /// The command line that does the whole work: without the shard, the output and what rows do not depend on.
  public let command: String
  /// Everything that the rows depend on; the first is the version of PriorKit.
  public let terms: [Term]
  /// The fingerprint of the work: SHA-256 of its kind, its number of rows and its terms, in hexadecimal.
  public let work: String

  /// - Parameters:
  ///   - kind: what the rows are.
  ///   - index: which shard, from 1.
  ///   - count: how many there are.
  ///   - rowCount: rows of the whole work.
  ///   - command: the command line that does the whole work.
  ///   - terms: what rows depend on but for the version, which is put before them.
  /// - Precondition: 1 <= index <= count, and there is no negative number of rows.
  public init(kind: Kind, index: Int, count: Int, rowCount: Int, command: String, terms: [Term]) {
    self.init(
      kind: kind, index: index, count: count, rowCount: rowCount, command: command,
      allTerms: [Term("version", Provenance.currentVersion)] + terms)
  }

  private init(kind: Kind, index: Int, count: Int, rowCount: Int, command: String, allTerms: [Term]) {
    precondition((1...count).contains(index) && rowCount >= 0, "Shard \(index)/\(count) of \(rowCount) rows")
    (self.kind, self.index, self.count, self.rowCount) = (kind, index, count, rowCount)
    (self.command, terms) = (command, allTerms)
    work = Self.fingerprint(kind, rowCount, allTerms)
  }

  /// A record from a file; nil if its parts contradict one another.
  init?(
    kind: String, index: Int, count: Int, rowCount: Int, command: String, allTerms: [Term], work: String
  ) {
    guard let kind = Kind(rawValue: kind), count >= 1, (1...count).contains(index), rowCount >= 0,
      work == Self.fingerprint(kind, rowCount, allTerms)
    else { return nil }
    self.init(
      kind: kind, index: index, count: count, rowCount: rowCount, command: command, allTerms: allTerms)
  }

  /// Such as `2/4`.
  public var shardText: String { "\(index)/\(count)" }

  /// Lengths before the texts keep two lists apart whatever the texts hold.
  private static func fingerprint(_ kind: Kind, _ rowCount: Int, _ terms: [Term]) -> String {
    var hash = SHA256()
    let texts = [kind.rawValue, String(rowCount)] + terms.flatMap { [$0.name, $0.value] }
    for text in texts {
      var line = "\(text.utf8.count) \(text)\n"
      line.withUTF8 { hash.update(UnsafeRawBufferPointer($0)) }
    }
    return hash.hexadecimal()
  }
}

// MARK: - JSON

extension ShardRecord: Codable {
  private enum CodingKeys: String, CodingKey { case kind, index, count, rows, command, terms, work }

  public func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: CodingKeys.self)
    try container.encode(kind, forKey: .kind)
    try container.encode(index, forKey: .index)
    try container.encode(count, forKey: .count)
    try container.encode(rowCount, forKey: .rows)
    try container.encode(command, forKey: .command)
    try container.encode(terms, forKey: .terms)
    try container.encode(work, forKey: .work)
  }

  /// - Throws: `DecodingError`, also where the fingerprint is not that of the terms.
  public init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: CodingKeys.self)
    let record = ShardRecord(
      kind: try container.decode(String.self, forKey: .kind),
      index: try container.decode(Int.self, forKey: .index),
      count: try container.decode(Int.self, forKey: .count),
      rowCount: try container.decode(Int.self, forKey: .rows),
      command: try container.decode(String.self, forKey: .command),
      allTerms: try container.decode([Term].self, forKey: .terms),
      work: try container.decode(String.self, forKey: .work))
    guard let record else {
      throw DecodingError.dataCorrupted(
        .init(codingPath: decoder.codingPath, debugDescription: "The record of a shard contradicts itself."))
    }
    self = record
  }
}
