import AudioFiles
import FXParams
package import NumericCore

/// Random active segments of dry recordings, all of one length.
public struct DrySegments: Sendable {
  private let recordings: [PreparedAudio]
  private let segmenter: Segmenter
  /// Frames per segment.
  public let frameCount: Int
  /// The recordings, in the order given.
  public let paths: [String]
  /// Length of a segment, in seconds.
  public let segmentSeconds: Double
  /// Standard deviation of the level in dB about that of the recording.
  public let levelDeviationDB: Double
  /// What else is changed about a segment. A recording that is as short as a segment cannot run faster.
  public var augmentation = DryAugmentation.none

  /// Reads dry recordings and brings each to -18 LUFS as a whole.
  ///
  /// - Parameters:
  ///   - paths: the recordings, at least one.
  ///   - sampleRate: in Hz.
  ///   - segmentSeconds: length of a segment.
  ///   - levelDeviationDB: standard deviation of the level in dB about that of the recording.
  ///   - monitor: is told what was changed about the recordings.
  /// - Throws: `AudioError` for a recording that cannot be used, ``WorkflowError`` for one shorter than a segment.
  public init(
    _ paths: [String], sampleRate: Double, segmentSeconds: Double = 2, levelDeviationDB: Double = 0,
    monitor: some WorkMonitor = QuietMonitor()
  ) throws {
    self.paths = paths
    self.segmentSeconds = segmentSeconds
    segmenter = Segmenter(segmentSeconds: segmentSeconds)
    frameCount = Int(segmentSeconds * sampleRate)
    self.levelDeviationDB = levelDeviationDB
    let preparation = AudioPreparation(role: .dry, sampleRate: sampleRate, segmenter: segmenter)
    recordings = try paths.map { path in
      let audio = try preparation.prepare(path: path)
      audio.messages.forEach(monitor.message)
      return audio
    }
    for recording in recordings where recording.audio.frameCount < frameCount {
      throw WorkflowError(
        .unsuitableRecording,
        "\(recording.path) lasts \(NumberText.short(recording.audio.durationSeconds)) s, less than a segment of "
          + "\(NumberText.short(segmentSeconds)) s: give a longer recording or shorter segments.")
    }
  }

  /// The random numbers for the segments of a pair: of another seed than those of its preset, so that presets and
  /// segments are independent.
  package static func source(ofPair row: Int, seed: UInt64) -> RandomSource {
    RandomSource(seed: seed ^ 0x5E67_3E97_5E67_3E97, stream: UInt64(row))
  }

  /// Segments of one recording, with its name: a recording at random, then starts at random, each until the
  /// segment is active.
  ///
  /// - Throws: `AudioError` where resampling fails.
  package func draw(_ count: Int, using source: inout RandomSource) throws -> (
    samples: [[Float]], recording: String
  ) {
    let recording = recordings[Int.random(in: recordings.indices, using: &source)]
    return (try (0..<count).map { _ in try segment(of: recording, using: &source) }, recording.path)
  }

  /// The recording that ``draw(_:using:)`` takes.
  func recording(using source: inout RandomSource) -> String {
    recordings[Int.random(in: recordings.indices, using: &source)].path
  }

  /// The active segments of every recording, one after the other, as they are.
  var voices: [(path: String, segments: [[Float]])] {
    recordings.map { ($0.path, $0.segments.map { $0.audio.channels[0] }) }
  }

  private func segment(of recording: PreparedAudio, using source: inout RandomSource) throws -> [Float] {
    let speed = min(
      augmentation.speed(using: &source), Double(recording.audio.frameCount) / Double(frameCount))
    let taken = Int((Double(frameCount) * speed).rounded())
    let plain = try augmentation.resampled(
      active(recording, taken, using: &source), speed: speed, frameCount: frameCount)
    let changed = augmentation.changed(plain.channels[0], sampleRate: plain.sampleRate, using: &source)
    let gain = levelDeviationDB == 0 ? 1 : decibels(levelDeviationDB * source.nextNormal())
    return gain == 1 ? changed : changed.map { gain * $0 }
  }

  /// Active frames, as many as asked for.
  private func active(
    _ recording: PreparedAudio, _ frameCount: Int, using source: inout RandomSource
  ) -> AudioBuffer {
    let last = recording.audio.frameCount - frameCount
    let known = recording.segments[Int.random(in: recording.segments.indices, using: &source)]
    // The middle of a segment that is active.
    let middle = min(max(known.startFrame + (known.audio.frameCount - frameCount) / 2, 0), last)
    var segment = recording.audio[frames: middle..<middle + frameCount]
    for _ in 0..<100 {
      let start = Int.random(in: 0...last, using: &source)
      let candidate = recording.audio[frames: start..<start + frameCount]
      if segmenter.isActive(candidate) {
        segment = candidate
        break
      }
    }
    return segment
  }
}
