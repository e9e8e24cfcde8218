public import Evaluation
import Foundation

/// What an evaluation left in its folder, as a listening test reads it: `run.json` names methods and tracks, and
/// ``EvaluationAudio`` tells where the recordings are.
public struct EvaluatedTracks: Sendable, Hashable {
  /// The folder of the evaluation.
  public let folder: String
  /// The methods that were evaluated, in their order.
  public let methods: [String]
  /// The tracks that they were evaluated on.
  public let tracks: [TrackName]

  /// The keys of `run.json` that matter here; there may be others.
  private struct Record: Decodable {
    struct Track: Decodable {
      let song: String
      let stem: String
    }
    let kind: String
    let methods: [String]
    let tracks: [Track]
  }

  private static let kind = "priorkit evaluation"

  /// Reads `run.json`.
  ///
  /// - Throws: ``WorkflowError`` for a folder that holds no evaluation.
  public init(folder: String) throws {
    self.folder = folder
    let path = Self.record(in: folder)
    guard let data = FileManager.default.contents(atPath: path) else {
      throw WorkflowError(
        .wrongContents, "\(folder) holds no evaluation, for there is no \(path): name a folder that one wrote.")
    }
    guard let record = try? JSONText.decoder.decode(Record.self, from: data), record.kind == Self.kind else {
      throw WorkflowError(
        .wrongContents,
        "\(path) is not the record of an evaluation, with its methods and tracks: name a folder that one wrote.")
    }
    methods = record.methods
    tracks = record.tracks.map { TrackName(song: $0.song, stem: $0.stem) }
    guard !methods.isEmpty, !tracks.isEmpty else {
      throw WorkflowError(
        .wrongContents, "The evaluation in \(folder) has no methods or no tracks: name one that has both.")
    }
  }

  /// The file that was read.
  public var record: String { Self.record(in: folder) }

  private static func record(in folder: String) -> String { folder + "/run.json" }

  /// The first recording that is missing for a page with a track and some methods.
  func missingRecording(of track: TrackName, methods: [String]) -> String? {
    let paths =
      [EvaluationAudio.reference(folder, track: track), EvaluationAudio.input(folder, track: track)]
      + methods.map { EvaluationAudio.rendering(folder, track: track, method: $0) }
    return paths.first { !FileManager.default.fileExists(atPath: $0) }
  }
}
