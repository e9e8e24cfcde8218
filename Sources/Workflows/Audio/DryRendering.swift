public import AudioFiles
import FXChain
public import FXParams
import FileOutput

/// Renders a dry recording of any length through a preset, block by block, into a float WAV file.
public struct DryRendering: Sendable {
  /// What is rendered through.
  public var chain: ChainDescription
  /// The preset [D], in flat order.
  public var logits: [Double]
  /// Most threads to use; the result does not depend on them.
  public var threads: Int
  /// What the logits are, for an error: "preset 3 of presets.h5".
  public var source: String

  /// Renders through a preset, which errors call `source`.
  public init(chain: ChainDescription, logits: [Double], threads: Int = 1, source: String = "the preset") {
    (self.chain, self.logits, self.threads, self.source) = (chain, logits, threads, source)
  }

  /// Frames that are read at a time.
  private static let blockFrames = 1 << 16

  /// Renders one recording.
  ///
  /// - Parameters:
  ///   - dry: the recording; several channels are averaged, and its rate becomes that of the chain.
  ///   - gain: a factor on the dry signal.
  ///   - path: the output; its extension says the format.
  ///   - overwrite: whether an existing output is replaced.
  ///   - comment: kept in the file's metadata.
  ///   - monitor: is told of averaging and resampling, and of every block.
  /// - Throws: `AudioError`, `OutputError`, `ParameterError` for a preset that effects cannot be computed with,
  ///   ``WorkflowError`` for a rendering that is not finite, ``InterruptedError``.
  public func write(
    _ dry: String, gain: Float = 1, to path: String, overwrite: Bool = false, comment: String = "",
    monitor: some WorkMonitor = QuietMonitor()
  ) throws {
    try chain.parameterSpace.requireUsable(logits: logits)
    let reader = try AudioReader(path: dry)
    if reader.channelCount > 1 { monitor.message("\(dry): \(reader.channelCount) channels averaged to mono.") }
    let resampler = try makeResampler(reader, monitor)
    let frames = Int((Double(reader.frameCount) * chain.sampleRate / reader.sampleRate).rounded())
    let renderer = StreamingRenderer<Float>(chain, logits: logits, frameCount: frames, threads: threads)
    let progress = monitor.progress("render", total: max(1, reader.frameCount / Self.blockFrames))
    try OutputFile.write(to: path, overwrite: overwrite) { temporary in
      let writer = try AudioWriter(
        path: temporary, format: try Self.format(of: path), sampleRate: chain.sampleRate, channelCount: 2,
        comment: comment, name: path)
      func feed(_ samples: [Float], isLast: Bool) throws {
        try renderer.process(gain == 1 ? samples : samples.map { gain * $0 }, isLast: isLast) { left, right in
          let wet = AudioBuffer(channels: [left, right], sampleRate: chain.sampleRate)
          guard (try? wet.checkFinite(source: path)) != nil else { throw notFinite(dry) }
          try writer.write(wet)
        }
      }
      try monitor.cancellable {
        while let block = try reader.readBlock(frames: Self.blockFrames) {
          try monitor.requireNotCancelled()
          let samples = block.mono().channels[0]
          try feed(try resampler?.process(samples) ?? samples, isLast: false)
          progress.advance()
        }
        try feed(try resampler?.finish() ?? [], isLast: true)
      }
      try writer.finish()
    }
    progress.finish()
  }

  /// What the name of an output asks for.
  ///
  /// - Throws: ``WorkflowError`` for an extension that is none of those that can be written. A device has none and
  ///   gets WAV.
  public static func format(of path: String) throws -> AudioWriter.Format {
    if let format = AudioWriter.Format(path: path) { return format }
    guard FileContents.isPipe(path) else {
      throw WorkflowError(
        .unwritableOutput,
        "The output \(path) must end in one of \(AudioWriter.Format.list): its name says the format.")
    }
    return .waveFloat32
  }

  /// The dry samples were finite when they were read: the preset made them overflow.
  private func notFinite(_ dry: String) -> WorkflowError {
    let largest = logits.indices.max { abs(logits[$0]) < abs(logits[$1]) }
    let parameter = largest.map { chain.parameterSpace.parameters[$0] }
    let logit = NumberText.short(largest.map { logits[$0] } ?? 0)
    return WorkflowError(
      .notFinite,
      "\(dry) through \(source) is not finite (the logit farthest from 0 is \(logit), of "
        + "\(parameter?.name ?? "none")): correct the preset, or lower the level of the recording.")
  }

  private func makeResampler(_ reader: AudioReader, _ monitor: some WorkMonitor) throws -> StreamingResampler? {
    guard reader.sampleRate != chain.sampleRate else { return nil }
    monitor.messageResampled(reader.path, from: reader.sampleRate, to: chain.sampleRate)
    return try StreamingResampler(from: reader.sampleRate, to: chain.sampleRate, source: reader.path)
  }
}
