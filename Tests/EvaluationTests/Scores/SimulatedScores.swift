import Evaluation
import NumericCore

/// Scores as an experiment gives them: songs differ, stems of a song are alike, methods differ by a constant.
enum SimulatedScores {
  static let metric = ScoreMetric.spectralLeftRight

  /// Tracks of `songs` songs with 1, 2, 3, 1, 2, ... stems, or with `stems` each.
  static func tracks(songs: Int, stems: Int? = nil) -> [TrackName] {
    (0..<songs).flatMap { song in
      (0..<(stems ?? song % 3 + 1)).map { TrackName(song: "song \(song)", stem: "song \(song) stem \($0)") }
    }
  }

  /// Normal scores: a deviate of the song with `songDeviation`, one of the stem with 1, and `mean`.
  static func scores(
    on tracks: [TrackName], mean: Double = 0, songDeviation: Double = 2, using source: inout RandomSource
  ) -> [TrackName: Double] {
    var ofSong: [String: Double] = [:]
    var result: [TrackName: Double] = [:]
    for track in tracks {
      let song = ofSong[track.song] ?? songDeviation * source.nextNormal()
      ofSong[track.song] = song
      result[track] = mean + song + source.nextNormal()
    }
    return result
  }

  /// A table of methods, in which method m is worse by m on the same tracks.
  static func table(methods: Int, songs: Int, seed: UInt64) -> ScoreTable {
    var source = RandomSource(seed: seed)
    let tracks = tracks(songs: songs)
    var table = ScoreTable(metrics: [metric, .parameter])
    for method in 0..<methods {
      let values = scores(on: tracks, mean: Double(method), using: &source)
      table.rows += tracks.map { track in
        let value = values[track] ?? 0
        return ScoreRow(
          method: "method \(method)", track: track, values: [metric: value, .parameter: value * value])
      }
    }
    return table
  }
}
