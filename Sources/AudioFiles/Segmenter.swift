/// A stretch of a longer recording.
public struct AudioSegment: Sendable, Equatable {
  /// Where it starts in the recording.
  public let startFrame: Int
  /// The samples of the segment.
  public let audio: AudioBuffer
}

/// Cuts a recording into segments of one length without overlap, and tells which of them are active.
///
/// Segment k holds frames k n ..< (k + 1) n with n = floor(segmentSeconds sampleRate). A remainder shorter than a
/// segment is dropped; a recording shorter than one segment is one segment of its own length. A segment is active
/// if the median over time of the running maximum of |mean of channels| exceeds a threshold. The running maximum
/// has windows of floor(activityWindowSeconds sampleRate) frames, steps of one frame and no padding; the median of
/// an even count is the mean of the middle two. Source: the evaluation of arXiv 2505.11315.
public struct Segmenter: Sendable, Equatable {
  /// Length of a segment in seconds.
  public var segmentSeconds: Double
  /// Length of the window of the running maximum in seconds.
  public var activityWindowSeconds: Double
  /// Linear level that the median must exceed: 0.001 is -60 dB.
  public var activityThreshold: Float

  /// The defaults are those of the published evaluation.
  ///
  /// - Precondition: both lengths are positive.
  public init(segmentSeconds: Double = 11, activityWindowSeconds: Double = 0.05, activityThreshold: Float = 0.001) {
    precondition(segmentSeconds > 0, "Segments need a length, not \(segmentSeconds) s")
    precondition(activityWindowSeconds > 0, "The activity window needs a length, not \(activityWindowSeconds) s")
    self.segmentSeconds = segmentSeconds
    self.activityWindowSeconds = activityWindowSeconds
    self.activityThreshold = activityThreshold
  }

  /// Frame ranges of all segments, active or not; none for audio without frames.
  public func ranges(frameCount: Int, sampleRate: Double) -> [Range<Int>] {
    guard frameCount > 0 else { return [] }
    let length = max(1, Int(segmentSeconds * sampleRate))
    guard frameCount > length else { return [0..<frameCount] }
    return (0..<frameCount / length).map { $0 * length..<($0 + 1) * length }
  }

  /// The median over time of the running maximum of |mean of channels|: what is compared with the threshold.
  public func activityLevel(of audio: AudioBuffer) -> Float {
    guard audio.frameCount > 0 else { return 0 }
    let window = min(max(1, Int(activityWindowSeconds * audio.sampleRate)), audio.frameCount)
    return median(runningMaximum(audio.mono().channels[0].map(abs), window: window))
  }

  /// Whether the ``activityLevel(of:)`` of a segment exceeds the threshold.
  public func isActive(_ segment: AudioBuffer) -> Bool { activityLevel(of: segment) > activityThreshold }

  /// All segments, active or not.
  public func segments(of audio: AudioBuffer) -> [AudioSegment] {
    audio.cut(at: ranges(frameCount: audio.frameCount, sampleRate: audio.sampleRate))
  }

  /// The active segments, in order.
  public func activeSegments(of audio: AudioBuffer) -> [AudioSegment] {
    segments(of: audio).filter { isActive($0.audio) }
  }

  /// The segments of the evaluation protocol: both recordings are cut to their common length, the wet one alone
  /// decides which segments are active, then the wet active segments 0, 2, 4, ... are the reference and the dry
  /// ones 1, 3, 5, ... the input, so that no passage serves as both.
  ///
  /// - Parameters:
  ///   - dry: the dry recording.
  ///   - wet: the processed one, at the same rate.
  ///   - source: the wet file, that the error names.
  /// - Throws: ``AudioError/tooFewActiveSegments(source:found:total:needed:)`` for fewer than two active segments.
  public func protocolSegments(
    dry: AudioBuffer, wet: AudioBuffer, source: String
  ) throws -> (reference: [AudioSegment], input: [AudioSegment]) {
    precondition(dry.sampleRate == wet.sampleRate, "Rates differ: \(dry.sampleRate) and \(wet.sampleRate) Hz")
    let all = ranges(frameCount: min(dry.frameCount, wet.frameCount), sampleRate: wet.sampleRate)
    let active = all.filter { isActive(wet[frames: $0]) }
    guard active.count >= 2 else {
      throw AudioError.tooFewActiveSegments(source: source, found: active.count, total: all.count, needed: 2)
    }
    return (wet.cut(at: active).evenNumbered, dry.cut(at: active).oddNumbered)
  }
}

extension AudioBuffer {
  fileprivate func cut(at ranges: [Range<Int>]) -> [AudioSegment] {
    ranges.map { AudioSegment(startFrame: $0.lowerBound, audio: self[frames: $0]) }
  }
}

extension [AudioSegment] {
  /// Elements 0, 2, 4, ...
  public var evenNumbered: [AudioSegment] { stride(from: 0, to: count, by: 2).map { self[$0] } }
  /// Elements 1, 3, 5, ...
  public var oddNumbered: [AudioSegment] { stride(from: 1, to: count, by: 2).map { self[$0] } }
}
