import FileOutput
import Foundation
public import PresetStore

/// The presets of a collection, by how near they come to a reference. The property names are the keys of the
/// command's JSON and of its file.
public struct Recommendation: Codable, Sendable {
  /// One preset.
  public struct Entry: Codable, Sendable, Hashable {
    /// Which row of the collection, from 0.
    public let row: Int
    /// What the collection calls it.
    public let label: String
    /// log p(z | theta, x): the larger, the nearer.
    public let logLikelihood: Double
    /// The RMS angle between style embeddings of mid, in radians.
    public let angleMid: Double
    /// Of side.
    public let angleSide: Double
  }

  /// What the file is: `priorkit recommendation`.
  public private(set) var kind = Self.kindName
  /// The share of the presets that is here; nil for all.
  public var shard: ShardRecord?
  /// Where the numbers come from.
  public var provenance: Provenance
  /// The nearest first; of two that are equally near, the later row first, as in the published evaluation.
  public private(set) var presets: [Entry]

  package static let kindName = "priorkit recommendation"

  /// Lists a ranking.
  ///
  /// - Parameters:
  ///   - ranking: of the collection.
  ///   - collection: what was ranked.
  ///   - shard: the share of the presets that was ranked; nil for all.
  ///   - provenance: of the command.
  public init(_ ranking: StyleRanking, of collection: PresetCollection, shard: ShardRecord?, provenance: Provenance)
  {
    self.shard = shard
    self.provenance = provenance
    presets = ranking.order.compactMap { row in
      ranking.nearness[row].map {
        Entry(
          row: row, label: collection.label(of: row), logLikelihood: $0.logLikelihood, angleMid: $0.angleMid,
          angleSide: $0.angleSide)
      }
    }
  }

  /// Reads a file that ``JSONText`` wrote.
  ///
  /// - Throws: ``WorkflowError`` for a file that is none, `FileReadError`.
  package init(path: String) throws {
    let data = try FileContents.data(ofFile: path)
    guard let content = try? JSONText.decoder.decode(Self.self, from: data), content.kind == Self.kindName else {
      throw WorkflowError(
        .wrongContents, "\(path) holds no distances of presets: name a file that a recommendation wrote.")
    }
    self = content
  }

  /// All presets of several shards.
  package init(merging shards: [Recommendation], provenance: Provenance) {
    shard = nil
    self.provenance = provenance
    presets = shards.flatMap(\.presets).sorted { ($0.logLikelihood, $0.row) > ($1.logLikelihood, $1.row) }
  }
}
