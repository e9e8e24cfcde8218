public import Evaluation

/// One track of an evaluation: what is heard, and the preset behind it where that is known.
public struct EvaluationTrack: Sendable, Hashable {
  /// Where the two sides of a track come from.
  public enum Audio: Sendable, Hashable {
    /// A dry vocal and what an engineer made of it; the dry one is moved to the right by so many frames,
    /// cyclically.
    case recordings(dry: String, wet: String, shiftFrames: Int)
    /// A dry vocal alone: its rendering through the preset is the wet side.
    case hidden(dry: String)
  }

  /// The song and the stem.
  public let name: TrackName
  /// The recordings.
  public let audio: Audio
  /// The logits [D] behind the wet side; nil where nobody knows them.
  public let preset: [Double]?

  init(name: TrackName, audio: Audio, preset: [Double]?) {
    (self.name, self.audio, self.preset) = (name, audio, preset)
  }

  /// The files that are read.
  public var paths: [String] {
    switch audio {
    case .recordings(let dry, let wet, _): [dry, wet]
    case .hidden(let dry): [dry]
    }
  }
}

/// The tracks of an evaluation.
public struct TrackList: Sendable {
  /// Those whose recordings are there, in the order of the list.
  public private(set) var tracks: [EvaluationTrack]
  /// What is missing, in words.
  private let missing: [String]

  init(_ tracks: [EvaluationTrack], missing: [String] = []) {
    self.tracks = tracks
    self.missing = missing
  }

  /// Half a sentence that names the first few missing recordings; nil if all are there.
  public var missingSentence: String? {
    guard !missing.isEmpty else { return nil }
    let names = missing.prefix(5).joined(separator: ", ") + (missing.count > 5 ? ", ..." : "")
    return "The recordings of \(missing.count) tracks are missing: \(names)"
  }

  /// Every file of some tracks once, in their order.
  public static func paths(of tracks: [EvaluationTrack]) -> [String] {
    var seen = Set<String>()
    return tracks.flatMap(\.paths).filter { seen.insert($0).inserted }
  }
}
