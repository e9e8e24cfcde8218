import CSoxr

/// Resamples a mono signal block by block, with the quality of ``AudioBuffer/resampled(to:source:)``.
///
/// The blocks that come out, laid end to end, are the whole signal resampled; they lag by the filter's delay until
/// ``finish()`` flushes it.
public final class StreamingResampler {
  private let source: String
  private let ratio: Double
  private let resampler: soxr_t

  /// - Parameters:
  ///   - inputRate: the rate of the samples given, in Hz.
  ///   - outputRate: the rate of the samples returned, in Hz.
  ///   - source: the file that an error names.
  /// - Throws: ``AudioError/resamplingFailed(source:reason:)``.
  public init(from inputRate: Double, to outputRate: Double, source: String = "the audio") throws {
    precondition(inputRate > 0 && outputRate > 0, "Sample rates must be positive")
    self.source = source
    ratio = outputRate / inputRate
    var failure: soxr_error_t?
    var quality = soxr_quality_spec(UInt(SOXR_VHQ), 0)
    guard let resampler = soxr_create(inputRate, outputRate, 1, &failure, nil, &quality, nil) else {
      let reason = failure.map { String(cString: $0) } ?? "no resampler could be made"
      throw AudioError.resamplingFailed(source: source, reason: reason)
    }
    self.resampler = resampler
  }

  deinit { soxr_delete(resampler) }

  /// Feeds samples and returns what is ready.
  public func process(_ samples: [Float]) throws -> [Float] {
    var output: [Float] = []
    var consumed = 0
    while consumed < samples.count {
      let (used, block) = try step(samples[consumed...], room: Int(Double(samples.count) * ratio) + 64)
      consumed += used
      output += block
    }
    return output
  }

  /// Returns what is left once the signal has ended.
  public func finish() throws -> [Float] {
    var output: [Float] = []
    while true {
      let block = try step(nil, room: 1 << 14).output
      if block.isEmpty { return output }
      output += block
    }
  }

  private func step(_ samples: ArraySlice<Float>?, room: Int) throws -> (used: Int, output: [Float]) {
    var output = [Float](repeating: 0, count: room)
    var (used, produced) = (0, 0)
    let failure =
      if let samples {
        samples.withUnsafeBufferPointer {
          soxr_process(resampler, $0.baseAddress, $0.count, &used, &output, room, &produced)
        }
      } else {
        soxr_process(resampler, nil, 0, nil, &output, room, &produced)
      }
    if let failure { throw AudioError.resamplingFailed(source: source, reason: String(cString: failure)) }
    return (used, Array(output.prefix(produced)))
  }
}
