public import Evaluation

/// Where an evaluation keeps its recordings: paths from the names of tracks and methods.
///
/// `RUN/audio/<stem>/` holds `reference.wav`, the wet track; `input.wav`, the dry one; and a rendering per method.
public enum EvaluationAudio {
  /// A name as part of a path: what is no letter or digit of ASCII, dot, hyphen or underscore becomes a hyphen, and
  /// so does a dot at the beginning, so that no name is hidden or leads elsewhere. `transfer:mfcc:0.1` becomes
  /// `transfer-mfcc-0.1`. Different names can become the same.
  public static func fileName(_ name: String) -> String {
    let parts = name.map { character in
      let isKept = character.isASCII && (character.isLetter || character.isNumber || ".-_".contains(character))
      return isKept ? character : "-"
    }
    return parts.first == "." ? "-" + String(parts.dropFirst()) : String(parts)
  }

  /// The folder of a track.
  public static func folder(_ run: String, track: TrackName) -> String { "\(run)/audio/\(fileName(track.stem))" }

  /// What a method made of a track.
  public static func rendering(_ run: String, track: TrackName, method: String) -> String {
    "\(folder(run, track: track))/\(fileName(method)).wav"
  }

  /// The wet track.
  public static func reference(_ run: String, track: TrackName) -> String {
    "\(folder(run, track: track))/reference.wav"
  }

  /// The dry track.
  public static func input(_ run: String, track: TrackName) -> String { "\(folder(run, track: track))/input.wav" }
}
