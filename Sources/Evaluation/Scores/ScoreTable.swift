/// The name of a track: a stem of a song.
public struct TrackName: Sendable, Hashable, Comparable {
  /// The song, `track_id` in the published scores. Stems of one song are not independent.
  public let song: String
  /// The stem, `stem_id` in the published scores; unique in a table.
  public let stem: String

  public init(song: String, stem: String) {
    self.song = song
    self.stem = stem
  }

  public static func < (left: Self, right: Self) -> Bool { (left.song, left.stem) < (right.song, right.stem) }
}

/// The scores of one method on one track.
public struct ScoreRow: Sendable, Hashable {
  /// The method, `model` in the published scores.
  public var method: String
  /// What it was tried on.
  public var track: TrackName
  /// Every number that could be measured; finite.
  public var values: [ScoreMetric: Double]

  public init(method: String, track: TrackName, values: [ScoreMetric: Double]) {
    self.method = method
    self.track = track
    self.values = values
  }
}

/// The scores of methods on tracks.
public struct ScoreTable: Sendable, Hashable {
  /// The columns, in order.
  public var metrics: [ScoreMetric]
  /// A method and a track occur together once.
  public var rows: [ScoreRow]

  public init(metrics: [ScoreMetric], rows: [ScoreRow] = []) {
    self.metrics = metrics
    self.rows = rows
  }

  /// The methods, in the order of their first rows.
  public var methods: [String] {
    var seen = Set<String>()
    return rows.map(\.method).filter { seen.insert($0).inserted }
  }
}
