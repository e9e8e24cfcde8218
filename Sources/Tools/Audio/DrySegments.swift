import AudioFiles
import FXParams
import NumericCore

/// Random active segments of dry recordings, all of one length.
struct DrySegments: Sendable {
  private let recordings: [PreparedAudio]
  private let segmenter: Segmenter
  let frameCount: Int
  /// Standard deviation of the level in dB about that of the recording.
  let levelDeviationDB: Double

  /// - Throws: `AudioError` for a recording that cannot be used, ``CommandError`` for one shorter than a segment.
  init(
    _ paths: [String], sampleRate: Double, segmentSeconds: Double, levelDeviationDB: Double, console: Console
  ) throws {
    segmenter = Segmenter(segmentSeconds: segmentSeconds)
    frameCount = Int(segmentSeconds * sampleRate)
    self.levelDeviationDB = levelDeviationDB
    let preparation = AudioPreparation(role: .dry, sampleRate: sampleRate, segmenter: segmenter)
    recordings = try paths.map { path in
      let audio = try preparation.prepare(path: path)
      audio.messages.forEach(console.message)
      return audio
    }
    for recording in recordings where recording.audio.frameCount < frameCount {
      throw CommandError(
        "\(recording.path) lasts \(NumberText.short(recording.audio.durationSeconds)) s, less than a segment of "
          + "\(NumberText.short(segmentSeconds)) s: give a longer recording or shorter --segment-seconds.")
    }
  }

  /// Segments of one recording, with its name: a recording at random, then starts at random, each until the segment is
  /// active.
  func draw(_ count: Int, using source: inout RandomSource) -> (segments: [[Float]], recording: String) {
    let recording = recordings[Int.random(in: recordings.indices, using: &source)]
    return ((0..<count).map { _ in segment(of: recording, using: &source) }, recording.path)
  }

  private func segment(of recording: PreparedAudio, using source: inout RandomSource) -> [Float] {
    let last = recording.audio.frameCount - frameCount
    var segment = recording.segments[Int.random(in: recording.segments.indices, using: &source)].audio
    for _ in 0..<100 {
      let start = Int.random(in: 0...last, using: &source)
      let candidate = recording.audio[frames: start..<start + frameCount]
      if segmenter.isActive(candidate) {
        segment = candidate
        break
      }
    }
    let gain = levelDeviationDB == 0 ? 1 : decibels(levelDeviationDB * source.nextNormal())
    return gain == 1 ? segment.channels[0] : segment.scaled(by: gain).channels[0]
  }
}
