import CEbur128
import Foundation

extension AudioBuffer {
  /// Integrated loudness in LUFS: K-weighting, blocks of 400 ms overlapping by 75 %, gates at -70 LUFS and 10 LU below
  /// the ungated mean; -infinity where no block passes. Source: ITU-R BS.1770-4, by libebur128.
  ///
  /// A mono signal counts once, as one loudspeaker: the same signal on two channels is 3.01 LU louder.
  ///
  /// - Parameter source: the file that an error names.
  /// - Throws: ``AudioError`` for audio shorter than one block, or a rate or channel count out of the meter's range.
  public func integratedLoudness(source: String = "the audio") throws -> Double {
    guard durationSeconds >= 0.4 else {
      throw AudioError.tooShortForLoudness(source: source, seconds: durationSeconds)
    }
    let rate = UInt(sampleRate.rounded())
    var meter = ebur128_init(UInt32(channelCount), rate, Int32(EBUR128_MODE_I.rawValue))
    guard let opened = meter else {
      throw AudioError.loudnessFailed(source: source, reason: "\(channelCount) channels at \(sampleRate) Hz")
    }
    defer { ebur128_destroy(&meter) }
    let blockFrames = 1 << 14
    for start in stride(from: 0, to: frameCount, by: blockFrames) {
      let frames = start..<min(start + blockFrames, frameCount)
      let status = ebur128_add_frames_float(opened, interleaved(frames) { $0 }, frames.count)
      guard status == Int32(EBUR128_SUCCESS.rawValue) else {
        throw AudioError.loudnessFailed(source: source, reason: "the meter ran out of memory")
      }
    }
    var loudness = -Double.infinity
    guard ebur128_loudness_global(opened, &loudness) == Int32(EBUR128_SUCCESS.rawValue) else {
      throw AudioError.loudnessFailed(source: source, reason: "the meter refused its mode")
    }
    return loudness
  }

  /// The linear gain 10^((target - loudness) / 20) that brings the integrated loudness to a target.
  ///
  /// - Throws: ``AudioError/silent(source:)`` where the loudness is -infinity, and as ``integratedLoudness(source:)``.
  public func gain(toLUFS target: Double, source: String = "the audio") throws -> Double {
    let loudness = try integratedLoudness(source: source)
    guard loudness.isFinite else { throw AudioError.silent(source: source) }
    return pow(10, (target - loudness) / 20)
  }

  /// The audio scaled to an integrated loudness; its peak may exceed 1.
  ///
  /// - Throws: as ``gain(toLUFS:source:)``.
  public func normalised(toLUFS target: Double, source: String = "the audio") throws -> AudioBuffer {
    scaled(by: Float(try gain(toLUFS: target, source: source)))
  }
}
