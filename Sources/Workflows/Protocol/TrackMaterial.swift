import AudioFiles
import Evaluation
import FXParams
import Inference

/// The prepared recordings of one track, and the segments that methods are given.
struct TrackMaterial {
  let track: EvaluationTrack
  /// The whole dry vocal, one channel.
  let dry: AudioBuffer
  /// The whole wet vocal, two channels.
  let wet: AudioBuffer
  /// Active wet segments 0, 2, 4, ...; empty where ``shortage`` says why.
  let references: [AudioBuffer]
  /// Active dry segments 1, 3, 5, ...
  let inputs: [AudioBuffer]
  /// Why there are no segments.
  let shortage: String?

  /// Reads and prepares a track as the published evaluation does: both sides are cut to their common length, the
  /// dry one is moved and averaged to one channel, and each is brought to -18 LUFS as a whole.
  ///
  /// A hidden preset's rendering keeps its level: the preset itself is then at distance 0.
  ///
  /// - Throws: `AudioError`, ``WorkflowError`` for recordings of two rates.
  init(_ track: EvaluationTrack, chain: ChainDescription, segmenter: Segmenter, limit: Int?, threads: Int) throws {
    self.track = track
    switch track.audio {
    case .recordings(let dryPath, let wetPath, let shift):
      (dry, wet) = try Self.pair(dryPath, wetPath, shift, sampleRate: chain.sampleRate)
    case .hidden(let path):
      dry = try Self.prepared(AudioReader.read(path: path).mono(), path, sampleRate: chain.sampleRate)
      guard let preset = track.preset else { preconditionFailure("\(track.name) hides no preset") }
      wet = try chain.rendering(of: dry, logits: preset, threads: threads, source: track.name.stem)
    }
    do {
      let segments = try segmenter.protocolSegments(dry: dry, wet: wet, source: track.name.stem)
      references = Self.limited(segments.reference.map(\.audio), to: limit)
      inputs = Self.limited(segments.input.map(\.audio), to: limit)
      shortage = nil
    } catch let error as AudioError {
      guard case .tooFewActiveSegments = error else { throw error }
      (references, inputs, shortage) = ([], [], error.description)
    }
  }

  /// As the style objective takes them.
  var referenceSegments: [StereoSegment] {
    references.map { StereoSegment(left: $0.channels[0], right: $0.channels[1]) }
  }
  var inputSegments: [[Float]] { inputs.map { $0.channels[0] } }

  // MARK: - Preparation

  private static func pair(
    _ dryPath: String, _ wetPath: String, _ shift: Int, sampleRate: Double
  ) throws -> (dry: AudioBuffer, wet: AudioBuffer) {
    let (dry, wet) = (try AudioReader.read(path: dryPath), try AudioReader.read(path: wetPath))
    guard wet.channelCount == 2 else {
      throw AudioError.notStereo(path: wetPath, channelCount: wet.channelCount)
    }
    guard dry.sampleRate == wet.sampleRate else {
      throw WorkflowError(
        .unsuitableRecording,
        "\(dryPath) is at \(NumberText.short(dry.sampleRate, digits: 6)) Hz and \(wetPath) at "
          + "\(NumberText.short(wet.sampleRate, digits: 6)) Hz: give both at one rate.")
    }
    let frames = 0..<min(dry.frameCount, wet.frameCount)
    return (
      try prepared(dry[frames: frames].rotated(by: shift).mono(), dryPath, sampleRate: sampleRate),
      try prepared(wet[frames: frames], wetPath, sampleRate: sampleRate)
    )
  }

  private static func prepared(_ audio: AudioBuffer, _ path: String, sampleRate: Double) throws -> AudioBuffer {
    let resampled =
      audio.sampleRate == sampleRate ? audio : try audio.resampled(to: sampleRate, source: path)
    return try resampled.normalised(toLUFS: AudioPreparation.standardLUFS, source: path)
  }

  private static func limited(_ segments: [AudioBuffer], to count: Int?) -> [AudioBuffer] {
    guard let count, count < segments.count else { return segments }
    return EquivarianceDiagnosis.evenlySpaced(count, of: segments.count).map { segments[$0] }
  }
}
