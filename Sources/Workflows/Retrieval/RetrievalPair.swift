public import AudioFiles
import FXChain
import Foundation
import Inference
public import Retrieval

/// A dry recording and its processed version, read, aligned and cut: what a preset is retrieved from.
public struct RetrievalPair: Sendable {
  /// The dry recording: mono, at the loudness of the settings, only what the processed one has too.
  public let dry: AudioBuffer
  /// The processed recording, likewise, in stereo.
  public let wet: AudioBuffer
  /// Where the one lies in the other.
  public let alignment: StemAlignment
  /// What both were multiplied by.
  public let gains: (dry: Double, wet: Double)
  /// The chunks that count.
  public let chunks: [RetrievalChunk]
  /// The files.
  public let paths: (dry: String, wet: String)
  /// How it was prepared.
  public let settings: RetrievalSettings

  /// The correlation below which two recordings have nothing to do with each other: voices of different songs have
  /// 0.02, and the 40 presets on which it was tried left 0.65 and more (docs/retrieval.md).
  static let leastCorrelation = 0.1
  /// The correlation below which a pair is doubtful.
  static let usualCorrelation = 0.3
  /// The share of the correlation that a rival has where the alignment is doubtful.
  static let closeRival = 0.95
  /// The peak of the side of a dry recording that is not one, over the peak of its channels, in dB.
  static let greatestSideDB = -10.0

  /// The shortest audio that has a loudness.
  static let leastSeconds = 0.4
  /// The fewest samples that can be measured: half a frame of the longest spectrum, and one.
  static let leastScoredFrames = 1025
  /// Samples of all chunks together, at most: more would not fit a memory.
  static let mostFrames = 1 << 30

  /// Reads and prepares both recordings.
  ///
  /// - Parameters:
  ///   - dryPath: the dry recording; a stereo one is averaged.
  ///   - wetPath: the processed one, in stereo.
  ///   - sampleRate: that of the chain.
  ///   - settings: how they are prepared.
  ///   - monitor: is told what was changed about them.
  /// - Throws: `AudioError`; ``WorkflowError`` for recordings that do not belong together, a dry one with a loud
  ///   side, or no chunk that counts.
  public init(
    dry dryPath: String, wet wetPath: String, sampleRate: Double,
    settings: RetrievalSettings = RetrievalSettings(), monitor: some WorkMonitor = QuietMonitor()
  ) throws {
    paths = (dryPath, wetPath)
    self.settings = settings
    var (dry, wet) = try monitor.during("reading \(dryPath) and \(wetPath)") {
      (
        try Self.read(dryPath, sampleRate: sampleRate, monitor: monitor),
        try Self.read(wetPath, sampleRate: sampleRate, monitor: monitor)
      )
    }
    guard wet.channelCount == 2 else {
      throw AudioError.notStereo(path: wetPath, channelCount: wet.channelCount)
    }
    dry = try Self.mono(dry, path: dryPath, monitor: monitor)
    for (audio, path) in [(dry, dryPath), (wet, wetPath)] where audio.isSilent {
      throw AudioError.silent(source: path)
    }
    guard wet.channels[0] != wet.channels[1] else {
      throw WorkflowError(
        .unsuitableRecording,
        "\(wetPath) has equal left and right channels, so it has no stereo image to match: give a stereo recording."
      )
    }
    let alignment = monitor.during("aligning \(dryPath) and \(wetPath)") {
      StemAlignment(dry: dry.channels[0], wet: wet.mono().channels[0], sampleRate: sampleRate)
    }
    self.alignment = alignment
    try Self.check(alignment, (dryPath, wetPath), sampleRate: sampleRate, settings, monitor)
    let overlap = alignment.overlap(dryCount: dry.frameCount, wetCount: wet.frameCount)
    let common = Double(overlap.dry.count) / sampleRate
    guard common >= Self.leastSeconds else {
      throw WorkflowError(
        .unsuitableRecording,
        "\(dryPath) and \(wetPath) have \(NumberText.short(common)) s in common, at the lag of their greatest "
          + "correlation: give recordings with at least \(NumberText.short(Self.leastSeconds)) s.")
    }
    (dry, wet) = (dry[frames: overlap.dry], wet[frames: overlap.wet])
    gains = (
      try dry.gain(toLUFS: settings.targetLUFS, source: dryPath),
      try wet.gain(toLUFS: settings.targetLUFS, source: wetPath)
    )
    self.dry = dry.scaled(by: Float(gains.dry))
    self.wet = wet.scaled(by: Float(gains.wet))
    chunks = try Self.chunks(self.dry, self.wet, wetPath, settings, monitor)
  }

  private static func read(
    _ path: String, sampleRate: Double, monitor: some WorkMonitor
  ) throws -> AudioBuffer {
    let audio = try AudioReader(path: path).readAll()
    guard audio.sampleRate != sampleRate else { return audio }
    monitor.messageResampled(path, from: audio.sampleRate, to: sampleRate)
    return try audio.resampled(to: sampleRate, source: path)
  }

  /// The mean of the channels of a recording that is as good as mono.
  private static func mono(_ audio: AudioBuffer, path: String, monitor: some WorkMonitor) throws -> AudioBuffer {
    guard audio.channelCount > 1 else { return audio }
    if audio.channelCount == 2 {
      let (left, right) = (audio.channels[0], audio.channels[1])
      let peaks = (left.reduce(0) { max($0, abs($1)) }, right.reduce(0) { max($0, abs($1)) })
      if peaks.0 > 0, peaks.1 > 0 {
        let side = zip(left, right).reduce(Float(0)) { max($0, abs($1.0 / peaks.0 - $1.1 / peaks.1)) }
        let sideDB = 20 * log10(0.5.squareRoot() * Double(side))
        guard sideDB <= greatestSideDB else {
          throw WorkflowError(
            .unsuitableRecording,
            "\(path) has a side of \(NumberText.short(sideDB)) dB, so it is no dry vocal (at most "
              + "\(NumberText.short(greatestSideDB)) dB): give a mono recording.")
        }
      }
    }
    monitor.message("\(path): \(audio.channelCount) channels averaged to mono.")
    return audio.mono()
  }

  private static func check(
    _ alignment: StemAlignment, _ paths: (dry: String, wet: String), sampleRate: Double,
    _ settings: RetrievalSettings, _ monitor: some WorkMonitor
  ) throws {
    let size = abs(alignment.correlation)
    let numbers =
      "correlation \(NumberText.short(alignment.correlation)), elsewhere up to \(NumberText.short(alignment.rival))"
    guard size >= leastCorrelation else {
      throw WorkflowError(
        .unsuitableRecording,
        "\(paths.wet) does not contain \(paths.dry) at any lag (\(numbers)): give the dry and the processed "
          + "recording of one performance.")
    }
    let milliseconds = 1000 * Double(alignment.lag) / sampleRate
    monitor.message(
      "\(paths.wet): \(NumberText.short(abs(milliseconds))) ms \(milliseconds < 0 ? "earlier" : "later") than "
        + "\(paths.dry) (\(numbers))" + (alignment.isReversed ? ", polarity reversed." : "."))
    guard size < usualCorrelation || alignment.rival > closeRival * size else { return }
    let doubt = "\(paths.wet) may not be \(paths.dry) processed, or lie elsewhere (\(numbers))"
    guard !settings.refusesDoubtful else {
      throw WorkflowError(.unsuitableRecording, doubt + ": listen to both, and allow doubtful pairs if they match.")
    }
    monitor.warning(doubt + ".")
  }

  private static func chunks(
    _ dry: AudioBuffer, _ wet: AudioBuffer, _ path: String, _ settings: RetrievalSettings,
    _ monitor: some WorkMonitor
  ) throws -> [RetrievalChunk] {
    let (ranges, warmUp) = settings.ranges(frameCount: wet.frameCount, sampleRate: wet.sampleRate)
    let scored = (ranges.first?.count ?? 0) - warmUp
    guard scored >= leastScoredFrames else {
      throw WorkflowError(
        .unsuitableRecording,
        "A chunk of \(path) has \(scored) samples to measure and needs \(leastScoredFrames): give longer chunks, "
          + "or a shorter warm-up.")
    }
    let threshold = Float(pow(10, settings.activePeakDB / 20))
    var active = ranges.filter { wet[frames: $0.lowerBound + warmUp..<$0.upperBound].peak > threshold }
    guard !active.isEmpty else {
      throw WorkflowError(
        .unsuitableRecording,
        "No chunk of \(path) has a peak above \(NumberText.short(settings.activePeakDB)) dB where it is measured: "
          + "give a louder recording.")
    }
    if wet.frameCount < Int(settings.chunkSeconds * wet.sampleRate) {
      monitor.message(
        "\(path): shorter than a chunk of \(NumberText.short(settings.chunkSeconds)) s, measured whole.")
    }
    let count = active.count
    if let most = settings.maximumChunks, most < count {
      active = EquivarianceDiagnosis.evenlySpaced(most, of: count).map { active[$0] }
    }
    guard active.count * active[0].count <= mostFrames else {
      throw WorkflowError(
        .tooLarge,
        "\(path) has \(active.count) chunks of \(active[0].count) samples, more than fit a memory: use fewer, or "
          + "a shorter warm-up.")
    }
    monitor.message("\(path): \(active.count) of \(ranges.count) chunks are measured.")
    return active.map { range in
      let (dry, wet) = (dry[frames: range], wet[frames: range])
      return RetrievalChunk(
        dry: dry.channels[0], wet: StereoSegment(left: wet.channels[0], right: wet.channels[1]),
        warmUpFrames: warmUp)
    }
  }
}
