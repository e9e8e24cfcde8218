/// Audio in memory: `channels[channel][frame]`, nominally within -1 ... 1. All channels have the same length.
public struct AudioBuffer: Sendable, Equatable {
  /// The samples, `channels[channel][frame]`.
  public var channels: [[Float]]
  /// Frames per second.
  public var sampleRate: Double

  /// - Precondition: the channels have one length; the sample rate is positive and finite.
  public init(channels: [[Float]], sampleRate: Double) {
    precondition(sampleRate > 0 && sampleRate.isFinite, "A sample rate must be positive, not \(sampleRate)")
    precondition(
      channels.allSatisfy { $0.count == channels[0].count },
      "Channels must have one length, not \(channels.map(\.count))")
    self.channels = channels
    self.sampleRate = sampleRate
  }

  /// Number of channels.
  public var channelCount: Int { channels.count }
  /// Samples in each channel.
  public var frameCount: Int { channels.first?.count ?? 0 }
  /// Length in seconds.
  public var durationSeconds: Double { Double(frameCount) / sampleRate }

  /// A copy of some frames of every channel.
  public subscript(frames frames: Range<Int>) -> AudioBuffer {
    precondition(
      frames.lowerBound >= 0 && frames.upperBound <= frameCount, "Frames \(frames) lie outside 0..<\(frameCount)")
    return AudioBuffer(channels: channels.map { Array($0[frames]) }, sampleRate: sampleRate)
  }
}

// MARK: - Time

extension AudioBuffer {
  /// Every frame `frames` later, or earlier if negative; what leaves at one end enters at the other.
  public func rotated(by frames: Int) -> AudioBuffer {
    guard frameCount > 0, frames % frameCount != 0 else { return self }
    // The remainder first: the negative of the smallest integer is none.
    let first = (frameCount - frames % frameCount) % frameCount
    return AudioBuffer(channels: channels.map { Array($0[first...] + $0[..<first]) }, sampleRate: sampleRate)
  }
}

// MARK: - Levels

extension AudioBuffer {
  /// The largest absolute sample of all channels, 0 for an empty buffer.
  public var peak: Float {
    channels.reduce(0) { peak, channel in channel.reduce(peak) { max($0, abs($1)) } }
  }

  /// Whether every sample is exactly zero, as for an empty buffer.
  public var isSilent: Bool { peak == 0 }

  /// Every sample multiplied by a linear gain.
  public func scaled(by gain: Float) -> AudioBuffer {
    AudioBuffer(channels: channels.map { $0.map { $0 * gain } }, sampleRate: sampleRate)
  }

  /// The mean of the channels, sum over c of x[c] / channelCount, as one channel.
  public func mono() -> AudioBuffer {
    guard channelCount > 1 else { return self }
    var mean = channels[0]
    for channel in channels.dropFirst() {
      for frame in mean.indices { mean[frame] += channel[frame] }
    }
    let share = 1 / Float(channelCount)
    for frame in mean.indices { mean[frame] *= share }
    return AudioBuffer(channels: [mean], sampleRate: sampleRate)
  }

  /// Throws ``AudioError/notFinite(source:frame:channel:value:)`` for the earliest sample that is NaN or infinite.
  ///
  /// - Parameters:
  ///   - source: the file that the error names.
  ///   - firstFrame: where this buffer starts in that file.
  public func checkFinite(source: String, firstFrame: Int = 0) throws {
    let offenders = channels.enumerated().compactMap { channel, samples in
      samples.firstIndex { !$0.isFinite }.map { (frame: $0, channel: channel) }
    }
    guard let first = offenders.min(by: { $0.frame < $1.frame }) else { return }
    throw AudioError.notFinite(
      source: source, frame: firstFrame + first.frame, channel: first.channel,
      value: channels[first.channel][first.frame])
  }
}
