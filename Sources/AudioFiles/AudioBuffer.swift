/// Audio in memory: `channels[channel][frame]`, nominally within -1 ... 1.
public struct AudioBuffer: Sendable {
  public var channels: [[Float]]
  public var sampleRate: Double

  public init(channels: [[Float]], sampleRate: Double) {
    self.channels = channels
    self.sampleRate = sampleRate
  }

  public var frameCount: Int { channels.first?.count ?? 0 }
}
