import AudioFiles
import FXChain
import FXParams
import Foundation
import NumericCore
import Retrieval
import TestSupport
import Testing
import Workflows

/// Recordings that a retrieval is tried with.
enum RetrievalRecordings {
  /// A bell, a compressor, whose make-up gain answers for the level, and an echo.
  static let chain = ChainDescription(
    series: [
      .biquad(BiquadBand(name: "bell", response: .peak, frequencyHz: .init(33, 5400), q: .init(0.2, 20))),
      .compressorExpander(CompressorExpander()),
    ],
    sends: [.pingPongDelay(PingPongDelay(delayMilliseconds: .init(40, 120), responseSeconds: 0.6))],
    hasCrossSends: false, hasDirectPan: true)

  static var truth: [Double] {
    get throws {
      var logits = PublishedStart.logits(for: chain)
      for text in [
        "bell.gain=7 dB", "bell.frequency=1.2 kHz", "bell.q=1.5", "delay.time=71 ms", "delay.gain=0.3",
        "delay.odd_pan=0.2", "delay.even_pan=0.8", "direct.pan=0.45",
      ] {
        let assignment = try ParameterAssignment(text, chain: chain)
        let bijector = chain.parameterSpace.parameters[assignment.position].bijector
        logits[assignment.position] = bijector.inverse(assignment.value) ?? 0
      }
      return logits
    }
  }

  /// The voice of the package, and the same through the truth.
  static func voice(seconds: Double) throws -> (dry: [Float], wet: AudioBuffer) {
    let samples = try AudioReader.read(path: DefaultData.file("dry-vocal.flac").path).channels[0]
    let dry = Array(samples[44_100..<44_100 + Int(seconds * 44_100)])
    let renderer = ChainRenderer<Float>(chain, segments: [dry])
    renderer.render(logits: try truth)
    let output = renderer.output(of: 0)
    return (dry, AudioBuffer(channels: [output.left.array, output.right.array], sampleRate: 44_100))
  }

  static func store(_ channels: [[Float]], as path: String, sampleRate: Double = 44_100) throws {
    try AudioWriter.write(
      AudioBuffer(channels: channels, sampleRate: sampleRate), path: path, format: .waveFloat32)
  }

  /// Both in a folder.
  static func store(in folder: borrowing Scratch, seconds: Double = 2) throws -> (dry: String, wet: String) {
    let (dry, wet) = try voice(seconds: seconds)
    let paths = (dry: folder.file("dry.wav"), wet: folder.file("wet.wav"))
    try store([dry], as: paths.dry)
    try store(wet.channels, as: paths.wet)
    return paths
  }
}

/// How two recordings become chunks.
@Suite struct RetrievalPairTests {
  private func pair(
    _ folder: borrowing Scratch, dry: [[Float]]? = nil, wet: [[Float]]? = nil, wetRate: Double = 44_100,
    settings: RetrievalSettings = RetrievalSettings(), monitor: RecordingMonitor = RecordingMonitor()
  ) throws -> RetrievalPair {
    let (voice, rendered) = try RetrievalRecordings.voice(seconds: 2)
    let paths = (folder.file("dry.wav"), folder.file("wet.wav"))
    try RetrievalRecordings.store(dry ?? [voice], as: paths.0)
    try RetrievalRecordings.store(wet ?? rendered.channels, as: paths.1, sampleRate: wetRate)
    return try RetrievalPair(
      dry: paths.0, wet: paths.1, sampleRate: 44_100, settings: settings, monitor: monitor)
  }

  @Test func shortRecordingsAreOneChunkWithoutWarmUp() throws {
    let folder = try Scratch()
    let monitor = RecordingMonitor()
    let pair = try pair(folder, monitor: monitor)
    #expect(abs(pair.alignment.lag) <= 5 && pair.alignment.correlation > 0.5)
    #expect(pair.chunks.count == 1 && pair.chunks[0].warmUpFrames == 0)
    #expect(abs(pair.chunks[0].dry.count - 88_200) <= 5)
    #expect(abs(try pair.dry.integratedLoudness() + 18) < 0.01)
    #expect(abs(try pair.wet.integratedLoudness() + 18) < 0.01)
    #expect(monitor.messages.contains { $0.contains("shorter than a chunk") } && monitor.warnings.isEmpty)
  }

  @Test func longerOnesAreCutWithOverlap() throws {
    let folder = try Scratch()
    var settings = RetrievalSettings()
    (settings.chunkSeconds, settings.warmUpSeconds) = (0.8, 0.3)
    let pair = try pair(folder, settings: settings)
    // 0, 0.5 and 1 s: the next would end beyond 2 s.
    #expect(pair.chunks.count == 3)
    #expect(pair.chunks.allSatisfy { $0.dry.count == 35_280 && $0.warmUpFrames == 13_230 })
    #expect(pair.chunks[1].dry == Array(pair.dry.channels[0][22_050..<22_050 + 35_280]))
    settings.maximumChunks = 2
    #expect(try self.pair(folder, settings: settings).chunks.count == 2)
    settings.activePeakDB = 40
    #expect(throws: WorkflowError.self) { _ = try self.pair(folder, settings: settings) }
  }

  /// Half a second early and late, with reversed polarity, at another rate, with more behind it.
  @Test func misalignmentIsFound() throws {
    let folder = try Scratch()
    let (_, wet) = try RetrievalRecordings.voice(seconds: 2)
    let silence = [Float](repeating: 0, count: 22_050)
    let late = try pair(folder, wet: wet.channels.map { silence + $0 })
    #expect(abs(late.alignment.lag - 22_050) <= 5)
    #expect(late.dry.frameCount == late.wet.frameCount && abs(late.dry.frameCount - 88_200) <= 5)
    let early = try pair(folder, wet: wet.channels.map { Array($0.dropFirst(22_050)) })
    #expect(abs(early.alignment.lag + 22_050) <= 5)
    #expect(early.dry.frameCount == early.wet.frameCount && abs(early.dry.frameCount - 66_150) <= 5)
    let monitor = RecordingMonitor()
    let reversed = try pair(folder, wet: wet.channels.map { $0.map { -$0 } }, monitor: monitor)
    #expect(reversed.alignment.isReversed && abs(reversed.alignment.lag) <= 5)
    #expect(monitor.messages.contains { $0.contains("polarity reversed") })
    let other = try wet.resampled(to: 48_000)
    let resampled = try pair(folder, wet: other.channels, wetRate: 48_000, monitor: monitor)
    #expect(abs(resampled.alignment.lag) <= 5 && resampled.wet.sampleRate == 44_100)
    #expect(monitor.messages.contains { $0.contains("resampled from 48000 Hz") })
    // A short excerpt of a long take has its correlation where both are.
    let excerpt = try pair(folder, wet: wet.channels.map { Array($0[30_000..<60_000]) })
    #expect(abs(excerpt.alignment.lag + 30_000) <= 5 && excerpt.alignment.correlation > 0.6)
    let longer = try pair(folder, wet: wet.channels.map { $0 + $0.reversed().map { 0.1 * $0 } })
    #expect(abs(longer.alignment.lag) <= 5 && longer.wet.frameCount <= 88_205)
  }

  @Test func whatDoesNotBelongTogetherIsRefused() throws {
    let folder = try Scratch()
    let (dry, wet) = try RetrievalRecordings.voice(seconds: 2)
    func expect(_ words: String..., body: () throws -> RetrievalPair) {
      #expect { _ = try body() } throws: { error in words.allSatisfy { "\(error)".contains($0) } }
    }
    var state: UInt32 = 1
    let noise = (0..<88_200).map { _ -> Float in
      state = state &* 1_664_525 &+ 1_013_904_223
      return Float(state >> 8) / Float(1 << 24) - 0.5
    }
    expect("does not contain", "correlation") { try pair(folder, wet: [noise, noise.reversed()]) }
    expect("wet.wav", "stereo") { try pair(folder, wet: [wet.channels[0]]) }
    expect("wet.wav", "equal left and right") { try pair(folder, wet: [dry, dry]) }
    expect("wet.wav", "s in common") { try pair(folder, wet: wet.channels.map { Array($0[..<9000]) }) }
    expect("wet.wav", "silent") { try pair(folder, wet: [dry.map { 0 * $0 }, dry.map { 0 * $0 }]) }
    expect("dry.wav", "silent") { try pair(folder, dry: [dry.map { 0 * $0 }]) }
    expect("dry.wav", "side", "mono") { try pair(folder, dry: [dry, dry.map { -$0 }]) }
    let monitor = RecordingMonitor()
    #expect(try pair(folder, dry: [dry, dry], monitor: monitor).chunks.count == 1)
    #expect(monitor.messages.contains { $0.contains("averaged to mono") })
  }

  /// A recording that hardly contains the dry one gives a warning, or an error on request.
  @Test func doubtIsSaidOrRefused() throws {
    let folder = try Scratch()
    let (_, wet) = try RetrievalRecordings.voice(seconds: 2)
    var state: UInt32 = 7
    let level = 8 * wet.peak
    let buried = wet.channels.map { channel in
      channel.map { sample -> Float in
        state = state &* 1_664_525 &+ 1_013_904_223
        return sample + level * (Float(state >> 8) / Float(1 << 24) - 0.5)
      }
    }
    let monitor = RecordingMonitor()
    let found = try pair(folder, wet: buried, monitor: monitor)
    #expect(abs(found.alignment.lag) <= 5 && (0.1..<0.3).contains(found.alignment.correlation))
    #expect(monitor.warnings.contains { $0.contains("may not be") })
    var settings = RetrievalSettings()
    settings.refusesDoubtful = true
    #expect(throws: WorkflowError.self) { _ = try pair(folder, wet: buried, settings: settings) }
  }
}
