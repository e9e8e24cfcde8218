import CSoxr

extension AudioBuffer {
  /// The same audio at another sample rate, by soxr's very high quality recipe: linear phase without delay, passband
  /// to 0.91 of the lower Nyquist frequency, 28 bits of precision. Content above the new Nyquist frequency is removed.
  ///
  /// The result has round(frameCount * rate / sampleRate) frames, at least one for audio that has any.
  ///
  /// - Parameters:
  ///   - rate: the new rate in Hz, positive.
  ///   - source: the file that an error names.
  /// - Throws: ``AudioError/resamplingFailed(source:reason:)``, for instance for lack of memory.
  public func resampled(to rate: Double, source: String = "the audio") throws -> AudioBuffer {
    precondition(rate > 0 && rate.isFinite, "A sample rate must be positive, not \(rate)")
    guard rate != sampleRate else { return self }
    guard frameCount > 0 else { return AudioBuffer(channels: channels, sampleRate: rate) }
    let count = max(1, Int((Double(frameCount) * rate / sampleRate).rounded()))
    let resampled = try channels.map { samples in
      var output = [Float](repeating: 0, count: count)
      var quality = soxr_quality_spec(UInt(SOXR_VHQ), 0)
      var produced = 0
      let failure = soxr_oneshot(
        sampleRate, rate, 1, samples, samples.count, nil, &output, count, &produced, nil, &quality, nil)
      if let failure {
        throw AudioError.resamplingFailed(source: source, reason: String(cString: failure))
      }
      guard produced == count else {
        throw AudioError.resamplingFailed(source: source, reason: "\(produced) of \(count) frames came out")
      }
      return output
    }
    return AudioBuffer(channels: resampled, sampleRate: rate)
  }
}
