import AudioFiles
import FXChain
import FXParams
import FileOutput

/// Renders a dry recording of any length through a preset, block by block, into a float WAV file.
struct DryRendering {
  let chain: ChainDescription
  let logits: [Double]
  let threads: Int
  let console: Console
  /// What the logits are, for an error: "preset 3 of presets.h5".
  let source: String

  /// Frames that are read at a time.
  private static let blockFrames = 1 << 16

  /// - Parameters:
  ///   - gain: a factor on the dry signal.
  ///   - comment: kept in the file's metadata.
  func write(_ dry: String, gain: Float = 1, to path: String, overwrite: Bool, comment: String) throws {
    try chain.parameterSpace.requireUsable(logits: logits)
    let reader = try AudioReader(path: dry)
    if reader.channelCount > 1 { console.message("\(dry): \(reader.channelCount) channels averaged to mono.") }
    let resampler = try makeResampler(reader)
    let frames = Int((Double(reader.frameCount) * chain.sampleRate / reader.sampleRate).rounded())
    let renderer = StreamingRenderer<Float>(chain, logits: logits, frameCount: frames, threads: threads)
    let progress = console.progress("render", total: max(1, reader.frameCount / Self.blockFrames))
    try OutputFile.write(to: path, overwrite: overwrite) { temporary in
      let writer = try AudioWriter(
        path: temporary, format: try Self.format(of: path), sampleRate: chain.sampleRate, channelCount: 2,
        comment: comment,
        name: path)
      func feed(_ samples: [Float], isLast: Bool) throws {
        try renderer.process(gain == 1 ? samples : samples.map { gain * $0 }, isLast: isLast) { left, right in
          let wet = AudioBuffer(channels: [left, right], sampleRate: chain.sampleRate)
          guard (try? wet.checkFinite(source: path)) != nil else { throw notFinite(dry) }
          try writer.write(wet)
        }
      }
      try Interruption.polling {
        while let block = try reader.readBlock(frames: Self.blockFrames) {
          try Interruption.check()
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
  /// - Throws: ``CommandError`` for an extension that is none of those that can be written. A device has none and gets WAV.
  static func format(of path: String) throws -> AudioWriter.Format {
    if let format = AudioWriter.Format(path: path) { return format }
    guard FileContents.isPipe(path) else {
      throw CommandError(
        "The output \(path) must end in one of \(AudioWriter.Format.list): its name says the format.")
    }
    return .waveFloat32
  }

  /// The dry samples were finite when they were read: the preset made them overflow.
  private func notFinite(_ dry: String) -> CommandError {
    let largest = logits.indices.max { abs(logits[$0]) < abs(logits[$1]) }
    let parameter = largest.map { chain.parameterSpace.parameters[$0] }
    let logit = NumberText.short(largest.map { logits[$0] } ?? 0)
    return CommandError(
      "\(dry) through \(source) is not finite (the logit farthest from 0 is \(logit), of \(parameter?.name ?? "none")): "
        + "correct the preset, or lower the level of the recording.")
  }

  private func makeResampler(_ reader: AudioReader) throws -> StreamingResampler? {
    guard reader.sampleRate != chain.sampleRate else { return nil }
    console.message(
      "\(reader.path): resampled from \(NumberText.short(reader.sampleRate, digits: 6)) Hz to "
        + "\(NumberText.short(chain.sampleRate, digits: 6)) Hz.")
    return try StreamingResampler(from: reader.sampleRate, to: chain.sampleRate, source: reader.path)
  }
}
