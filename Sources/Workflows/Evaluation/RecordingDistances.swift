import AudioFiles
import Evaluation
import NumericCore
public import StyleFeatures

/// Distances of recordings from a reference: MSS and MLDR, each on left and right and on mid and side
/// (arXiv 2504.14735, 2505.11315). The property names are the keys of the command's JSON.
public struct RecordingDistances: Encodable, Sendable, Hashable {
  /// One recording.
  public struct Entry: Encodable, Sendable, Hashable {
    /// The path of the recording.
    public let file: String
    /// MSS, the A-weighted multi-resolution spectral distance, of left and right.
    public let spectralLeftRight: Double
    /// MSS of mid and side.
    public let spectralMidSide: Double
    /// MLDR, the distance of the loudness dynamic range, of left and right.
    public let dynamicRangeLeftRight: Double
    /// MLDR of mid and side.
    public let dynamicRangeMidSide: Double
    /// The angle between the style embeddings in radians, of mid; nil where no encoder was given.
    public let styleAngleMid: Double?
    /// Of side; nil too where the encoder has none.
    public let styleAngleSide: Double?
  }

  /// The path of the reference.
  public let reference: String
  /// In the order in which they were given.
  public let recordings: [Entry]

  /// Measures recordings, which are brought to the rate of the reference and cut to the shorter of both; levels
  /// stay as they are.
  ///
  /// - Parameters:
  ///   - path: the reference, in stereo.
  ///   - candidates: what is compared with it, in stereo.
  ///   - encoder: what embeds the recordings, where the angles between their styles are wanted: the RMS over all
  ///     pairs of segments of 11 s.
  ///   - monitor: hears of other rates and lengths.
  /// - Throws: ``WorkflowError`` for recordings that are not stereo or that have no finite distance, `AudioError`
  ///   for files that cannot be read, ``InterruptedError``, what the encoder throws.
  public init(
    reference path: String, candidates: [String], encoder: StyleEncoderKind? = nil,
    monitor: some WorkMonitor = QuietMonitor()
  ) throws {
    let target = try Self.stereo(path)
    let style = try encoder.map { try StyleAngles($0, reference: path, sampleRate: target.sampleRate) }
    reference = path
    let distances = try StereoDistances(sampleRate: target.sampleRate)
    recordings = try candidates.map { candidate in
      try monitor.requireNotCancelled()
      let audio = try Self.stereo(candidate, sampleRate: target.sampleRate, monitor)
      let frames = min(audio.frameCount, target.frameCount)
      if audio.frameCount != target.frameCount {
        monitor.message("\(candidate) and \(path) differ in length: the first \(frames) samples are compared.")
      }
      let (prediction, wanted) = (Self.matrix(audio, frames: frames), Self.matrix(target, frames: frames))
      do {
        let found = try distances.values(prediction: prediction, target: wanted)
        guard
          [found.spectralLeftRight, found.spectralMidSide, found.dynamicRangeLeftRight, found.dynamicRangeMidSide]
            .allSatisfy(\.isFinite)
        else {
          throw WorkflowError(
            .notFinite,
            "The distance of \(candidate) from \(path) is beyond any number: look for samples far above full scale."
          )
        }
        let angles = try style?.angles(of: candidate)
        return Entry(
          file: candidate, spectralLeftRight: found.spectralLeftRight,
          spectralMidSide: found.spectralMidSide, dynamicRangeLeftRight: found.dynamicRangeLeftRight,
          dynamicRangeMidSide: found.dynamicRangeMidSide,
          styleAngleMid: angles?.mid, styleAngleSide: encoder?.sideFeatureCount == 0 ? nil : angles?.side)
      } catch let error as MetricError {
        throw WorkflowError(.unsuitableRecording, "\(candidate) cannot be compared with \(path): \(error)")
      }
    }
  }

  private static func stereo(_ path: String) throws -> AudioBuffer {
    let audio = try AudioReader.read(path: path)
    guard audio.channelCount == 2 else {
      throw WorkflowError(
        .unsuitableRecording,
        "\(path) has \(audio.channelCount) channel\(audio.channelCount == 1 ? "" : "s") but the distances are of "
          + "stereo recordings: give two channels.")
    }
    return audio
  }

  private static func stereo(
    _ path: String, sampleRate: Double, _ monitor: some WorkMonitor
  ) throws -> AudioBuffer {
    let audio = try stereo(path)
    guard audio.sampleRate != sampleRate else { return audio }
    let rates = [audio.sampleRate, sampleRate].map { NumberText.short($0, digits: 6) }
    monitor.message("\(path): resampled from \(rates[0]) Hz to \(rates[1]) Hz.")
    return try audio.resampled(to: sampleRate, source: path)
  }

  private static func matrix(_ audio: AudioBuffer, frames: Int) -> Matrix {
    Matrix(rows: 2, columns: frames, values: audio.channels.flatMap { $0.prefix(frames).map(Double.init) })
  }
}
