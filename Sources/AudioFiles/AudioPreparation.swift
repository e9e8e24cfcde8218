import Foundation

/// Brings an audio file into the form that inference works on: channels, sample rate, loudness, active segments.
///
/// Every change of the audio is reported in a message for the user.
public struct AudioPreparation: Sendable, Equatable {
  /// What the file is used as, which decides its channels.
  public enum Role: Sendable {
    /// A dry vocal: channels are averaged to mono.
    case dry
    /// A wet reference: must be stereo.
    case reference
  }

  /// What recordings and renderings are brought to before they are compared, as published.
  public static let standardLUFS = -18.0

  /// What the file is used as.
  public var role: Role
  /// The chain's rate in Hz.
  public var sampleRate: Double
  /// Integrated loudness to normalise to, or nil to keep the level.
  public var targetLUFS: Double?
  /// How the recording is cut, and which of its segments are active.
  public var segmenter: Segmenter
  /// Frames of the file by which it is moved to the right, cyclically: the alignment of a dry vocal with its mix.
  public var shiftFrames = 0

  public init(
    role: Role, sampleRate: Double = 44_100, targetLUFS: Double? = standardLUFS, segmenter: Segmenter = Segmenter()
  ) {
    self.role = role
    self.sampleRate = sampleRate
    self.targetLUFS = targetLUFS
    self.segmenter = segmenter
  }

  /// Reads and prepares a file.
  ///
  /// The loudness is that of the whole file, after resampling; activity is judged after normalising.
  ///
  /// - Throws: ``AudioError`` when the file cannot be used; ``AudioError/notStereo(path:channelCount:)`` for a
  ///   reference without two channels; ``AudioError/tooFewActiveSegments(source:found:total:needed:)`` or
  ///   ``AudioError/silent(source:)`` when all of it is silent.
  public func prepare(path: String) throws -> PreparedAudio {
    let reader = try AudioReader(path: path)
    if role == .reference, reader.channelCount != 2 {
      throw AudioError.notStereo(path: path, channelCount: reader.channelCount)
    }
    var audio = try reader.readAll().rotated(by: shiftFrames)
    var messages: [String] = []
    if role == .dry, audio.channelCount > 1 {
      messages.append("\(path): \(audio.channelCount) channels averaged to mono.")
      audio = audio.mono()
    }
    if audio.sampleRate != sampleRate {
      messages.append("\(path): resampled from \(rounded(audio.sampleRate, 3)) Hz to \(rounded(sampleRate, 3)) Hz.")
      audio = try audio.resampled(to: sampleRate, source: path)
    }
    var gain = 1.0
    if let targetLUFS {
      gain = try audio.gain(toLUFS: targetLUFS, source: path)
      messages.append("\(path): gain \(rounded(20 * log10(gain), 2)) dB to reach \(rounded(targetLUFS, 2)) LUFS.")
      audio = audio.scaled(by: Float(gain))
    }
    let (segments, notes) = try activeSegments(of: audio, path: path)
    return PreparedAudio(path: path, audio: audio, gain: gain, segments: segments, messages: messages + notes)
  }

  private func activeSegments(of audio: AudioBuffer, path: String) throws -> ([AudioSegment], notes: [String]) {
    let all = segmenter.segments(of: audio)
    let active = all.filter { segmenter.isActive($0.audio) }
    guard !active.isEmpty else {
      throw AudioError.tooFewActiveSegments(source: path, found: 0, total: all.count, needed: 1)
    }
    var notes: [String] = []
    if active.count < all.count {
      notes.append("\(path): \(all.count - active.count) of \(all.count) segments are silent and left out.")
    }
    let dropped = audio.frameCount - all.reduce(0) { $0 + $1.audio.frameCount }
    if dropped > 0 {
      let seconds = rounded(Double(dropped) / audio.sampleRate, 2)
      notes.append("\(path): the last \(seconds) s, shorter than a segment, are left out.")
    }
    return (active, notes)
  }
}

/// An audio file made ready for inference.
public struct PreparedAudio: Sendable {
  /// The file that was read.
  public let path: String
  /// The whole recording: channels as the role asks, at the chain's rate, normalised.
  public let audio: AudioBuffer
  /// The linear gain that normalising applied, 1 without it.
  public let gain: Double
  /// The active segments, at least one.
  public let segments: [AudioSegment]
  /// One sentence for each change, to be printed.
  public let messages: [String]
}
