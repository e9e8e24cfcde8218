import AudioFiles
import FXChain
import FXParams

extension ChainDescription {
  /// A whole dry signal through a preset; the tail beyond its end is cut.
  ///
  /// - Parameters:
  ///   - dry: one channel, at the chain's rate.
  ///   - logits: [D], usable.
  ///   - source: what is rendered, for the error.
  /// - Throws: `ParameterError` for a preset that effects cannot be computed with, ``WorkflowError`` for a
  /// rendering
  ///   that is not finite.
  func rendering(of dry: AudioBuffer, logits: [Double], threads: Int = 1, source: String) throws -> AudioBuffer {
    try parameterSpace.requireUsable(logits: logits)
    let renderer = StreamingRenderer<Float>(self, logits: logits, frameCount: dry.frameCount, threads: threads)
    var channels: [[Float]] = [[], []]
    for index in channels.indices { channels[index].reserveCapacity(dry.frameCount) }
    renderer.process(dry.channels[0], isLast: true) { left, right in
      channels[0] += left
      channels[1] += right
    }
    let audio = AudioBuffer(channels: channels, sampleRate: sampleRate)
    guard audio.peak.isFinite, (try? audio.checkFinite(source: source)) != nil else {
      throw WorkflowError(.notFinite, "The rendering of \(source) is not finite: leave that preset or track out.")
    }
    return audio
  }
}
