/// What can be wrong with audio: each message is one sentence that names the file, the value and the remedy.
public enum AudioError: Error, Equatable, CustomStringConvertible {
  // MARK: Reading
  case missing(path: String)
  case unreadable(path: String, reason: String)
  case notAudio(path: String, reason: String)
  /// The file ends before the frames that its header announces; `found` is what it holds.
  case truncated(path: String, expectedFrames: Int, foundFrames: Int)
  case empty(path: String)
  /// In Hz.
  case unusualRate(path: String, sampleRate: Double)
  case readFailed(path: String, frame: Int, reason: String)
  /// Frame and channel count from 0.
  case notFinite(source: String, frame: Int, channel: Int, value: Float)

  // MARK: Writing
  case unwritable(path: String, reason: String)
  case writeFailed(path: String, reason: String)

  // MARK: Processing
  case notStereo(path: String, channelCount: Int)
  case resamplingFailed(source: String, reason: String)
  case silent(source: String)
  case tooShortForLoudness(source: String, seconds: Double)
  case loudnessFailed(source: String, reason: String)
  case tooFewActiveSegments(source: String, found: Int, total: Int, needed: Int)

  public var description: String {
    switch self {
    case .missing(let path):
      "There is no file \(path): check the path."
    case .unreadable(let path, let reason):
      "\(path) cannot be opened for reading (\(reason)): check its permissions."
    case .notAudio(let path, let reason):
      "\(path) is not an audio file that can be read (\(reason)): convert it to WAV or FLAC."
    case .truncated(let path, let expected, let found):
      "\(path) is truncated, with \(found) of \(expected) frames: copy or export it again."
    case .empty(let path):
      "\(path) holds no audio frames: record or export it again."
    case .unusualRate(let path, let sampleRate):
      "\(path) is at \(rounded(sampleRate, 3)) Hz but audio is read from 8 to 768 kHz, as it is "
        + "recorded: export it again."
    case .readFailed(let path, let frame, let reason):
      "\(path) could not be read at frame \(frame) (\(reason)): check the medium or export it again."
    case .notFinite(let source, let frame, let channel, let value):
      "\(source) has the value \(value) at frame \(frame) of channel \(channel): repair or export it again."
    case .unwritable(let path, let reason):
      "\(path) cannot be opened for writing (\(reason)): choose another path or format."
    case .writeFailed(let path, let reason):
      "\(path) could not be written (\(reason)): make room or choose another path."
    case .notStereo(let path, let count):
      "\(path) has \(count) channel\(count == 1 ? "" : "s") but a reference must be stereo: use a two-channel mix."
    case .resamplingFailed(let source, let reason):
      "\(source) could not be resampled (\(reason)): convert its sample rate beforehand."
    case .silent(let source):
      "\(source) is silent, so it has no loudness to normalise: use audio above -70 LUFS."
    case .tooShortForLoudness(let source, let seconds):
      "\(source) lasts \(rounded(seconds, 3)) s but loudness needs at least 0.4 s: use longer audio."
    case .loudnessFailed(let source, let reason):
      "The loudness of \(source) could not be measured (\(reason)): use a common sample rate and channel count."
    case .tooFewActiveSegments(let source, let found, let total, let needed):
      "\(source) has \(found) active segment\(found == 1 ? "" : "s") of \(total) but \(needed) "
        + "\(needed == 1 ? "is" : "are") needed: use louder or longer audio, or shorter segments."
    }
  }
}

/// A number for a message, with a fixed number of decimals at most.
func rounded(_ value: Double, _ decimals: Int) -> String {
  var scale = 1.0
  for _ in 0..<decimals { scale *= 10 }
  return "\((value * scale).rounded() / scale)"
}
