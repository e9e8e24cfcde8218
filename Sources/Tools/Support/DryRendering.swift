import AudioFiles
import FXChain
import FXParams
import FileOutput
import PriorKit

/// Renders a dry recording of any length through a preset, block by block, into a float WAV file.
struct DryRendering {
  let chain: ChainDescription
  let logits: [Double]
  let threads: Int
  let console: Console

  /// Frames that are read at a time.
  private static let blockFrames = 1 << 16

  /// - Parameters:
  ///   - gain: a factor on the dry signal.
  ///   - comment: kept in the file's metadata.
  func write(_ dry: String, gain: Float = 1, to path: String, overwrite: Bool, comment: String) throws {
    let reader = try AudioReader(path: dry)
    if reader.channelCount > 1 { console.message("\(dry): \(reader.channelCount) channels averaged to mono.") }
    let resampler = try makeResampler(reader)
    let frames = Int((Double(reader.frameCount) * chain.sampleRate / reader.sampleRate).rounded())
    let renderer = StreamingRenderer<Float>(chain, logits: logits, frameCount: frames, threads: threads)
    let progress = console.progress("render", total: max(1, reader.frameCount / Self.blockFrames))
    try OutputFile.write(to: path, overwrite: overwrite) { temporary in
      let writer = try AudioWriter(
        path: temporary, format: .waveFloat32, sampleRate: chain.sampleRate, channelCount: 2, comment: comment,
        name: path)
      func feed(_ samples: [Float], isLast: Bool) throws {
        try renderer.process(gain == 1 ? samples : samples.map { gain * $0 }, isLast: isLast) { left, right in
          try writer.write(AudioBuffer(channels: [left, right], sampleRate: chain.sampleRate))
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

  private func makeResampler(_ reader: AudioReader) throws -> StreamingResampler? {
    guard reader.sampleRate != chain.sampleRate else { return nil }
    console.message(
      "\(reader.path): resampled from \(NumberText.short(reader.sampleRate, digits: 6)) Hz to "
        + "\(NumberText.short(chain.sampleRate, digits: 6)) Hz.")
    return try StreamingResampler(from: reader.sampleRate, to: chain.sampleRate, source: reader.path)
  }
}
