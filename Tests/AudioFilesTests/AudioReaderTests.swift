import AudioFiles
import Foundation
import TestSupport
import Testing

@Suite struct AudioReaderTests {
  let folder: TemporaryFolder
  init() throws { folder = try TemporaryFolder() }

  @Test(arguments: WaveFile.Encoding.allCases)
  func readsEveryWidthExactly(encoding: WaveFile.Encoding) throws {
    let samples = [0, 0.5, -0.5, -1, 0.25, 1.0 / 128, -127.0 / 128, 127.0 / 128]
    let wave = WaveFile(encoding: encoding, channelCount: 2, sampleRate: 48_000, samples: samples)
    let reader = try AudioReader(path: folder.store(wave.bytes, as: "wave.wav"))
    #expect(reader.sampleRate == 48_000)
    #expect(reader.channelCount == 2)
    #expect(reader.frameCount == 4)
    #expect(reader.encoding.contains("\(abs(encoding.rawValue)) bit"))
    let audio = try reader.readAll()
    #expect(audio.channels[0] == stride(from: 0, to: 8, by: 2).map { Float(samples[$0]) })
    #expect(audio.channels[1] == stride(from: 1, to: 8, by: 2).map { Float(samples[$0]) })
  }

  @Test func keepsFloatsBeyondFullScale() throws {
    let wave = WaveFile(encoding: .float32, samples: [1.5, -3])
    #expect(try AudioReader.read(path: folder.store(wave.bytes, as: "loud.wav")).channels == [[1.5, -3]])
  }

  /// The embedded vocal was encoded by the reference FLAC encoder, not by this module.
  @Test func readsFLACOfAnotherEncoder() throws {
    let path = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
      .appendingPathComponent("../../data/dry-vocal.flac").standardized.path
    let audio = try AudioReader.read(path: path)
    #expect(audio.channelCount == 1)
    #expect(audio.sampleRate == 44_100)
    #expect((20.0...30.0).contains(audio.durationSeconds))
    #expect((0.1...0.99).contains(audio.peak))
    #expect(abs(try audio.integratedLoudness() + 20) < 0.1)
  }

  @Test(arguments: [1, 7, 1000, 4096, 1_000_000])
  func blocksEqualTheWhole(blockFrames: Int) throws {
    let audio = AudioBuffer.sine(frequencyHz: 300, amplitude: 0.7, seconds: 0.2, channelCount: 2)
    for format in AudioWriter.Format.allCases {
      let path = folder.path("blocks-\(blockFrames).\(format.rawValue)")
      try AudioWriter.write(audio, path: path, format: format)
      let reader = try AudioReader(path: path)
      var joined = AudioBuffer(channels: [[], []], sampleRate: 44_100)
      while let block = try reader.readBlock(frames: blockFrames) {
        #expect(block.frameCount <= blockFrames)
        joined = joined + block
      }
      #expect(try joined == AudioReader.read(path: path))
      #expect(joined.frameCount == audio.frameCount)
      #expect(reader.position == audio.frameCount)
      #expect(try reader.readBlock(frames: blockFrames) == nil)
    }
  }

  @Test func readAllContinuesAfterABlock() throws {
    let path = try folder.store(WaveFile(encoding: .signed16, samples: [0, 0.25, 0.5]).bytes, as: "w.wav")
    let reader = try AudioReader(path: path)
    #expect(try reader.readBlock(frames: 1)?.channels == [[0]])
    #expect(try reader.readAll().channels == [[0.25, 0.5]])
  }

  // MARK: - Bad files

  @Test func missingFile() {
    let path = folder.path("absent.wav")
    #expect(throws: AudioError.missing(path: path)) { try AudioReader(path: path) }
    #expect(sentence { _ = try AudioReader(path: path) } == "There is no file \(path): check the path.")
  }

  @Test func folderInsteadOfFile() {
    let path = folder.path("")
    #expect(throws: AudioError.unreadable(path: path, reason: "it is a folder")) { try AudioReader(path: path) }
  }

  @Test func textInsteadOfAudio() throws {
    let path = try folder.store(Array("Dear diary, no audio today.".utf8), as: "diary.wav")
    let message = try #require(sentence { _ = try AudioReader(path: path) })
    #expect(message.hasPrefix("\(path) is not an audio file that can be read ("))
  }

  @Test func fileWithoutBytes() throws {
    let path = try folder.store([], as: "empty.wav")
    #expect(throws: AudioError.empty(path: path)) { try AudioReader(path: path) }
  }

  @Test func headerWithoutFrames() throws {
    let path = try folder.store(WaveFile(encoding: .signed16, samples: []).bytes, as: "header.wav")
    #expect(throws: AudioError.empty(path: path)) { try AudioReader(path: path) }
  }

  @Test(arguments: [10, 20, 40, 50]) func truncatedHeader(count: Int) throws {
    let wave = WaveFile(encoding: .signed16, samples: [0, 0.5])
    let path = try folder.store(Array(wave.bytes.prefix(count)), as: "header\(count).wav")
    let message = try #require(sentence { _ = try AudioReader(path: path) })
    #expect(message.contains("is not an audio file"), "\(message)")
  }

  @Test func truncatedWave() throws {
    let bytes = WaveFile(encoding: .signed24, channelCount: 2, samples: [Double](repeating: 0.5, count: 2000)).bytes
    let path = try folder.store(Array(bytes.dropLast(600)), as: "cut.wav")
    #expect(throws: AudioError.truncated(path: path, expectedFrames: 1000, foundFrames: 900)) {
      try AudioReader(path: path)
    }
  }

  /// Programs that write a WAV to a pipe announce the largest size.
  @Test(arguments: [0xFFFF_FFFF, 0x7FFF_F000]) func waveOfUnannouncedLength(size: Int) throws {
    let wave = WaveFile(encoding: .signed16, samples: [0, 0.5, -0.5], announcedSize: size)
    let path = try folder.store(wave.bytes, as: "pipe\(size).wav")
    #expect(try AudioReader.read(path: path).channels == [[0, 0.5, -0.5]])
  }

  @Test func truncatedFLAC() throws {
    let path = folder.path("whole.flac")
    try AudioWriter.write(.sine(frequencyHz: 440, amplitude: 0.5, seconds: 1), path: path, format: .flac24)
    let bytes = try Data(contentsOf: URL(fileURLWithPath: path))
    let cut = try folder.store(Array(bytes.prefix(bytes.count / 2)), as: "cut.flac")
    #expect {
      try AudioReader.read(path: cut)
    } throws: { error in
      guard case AudioError.truncated(cut, 44_100, let found) = error else { return false }
      return (1..<44_100).contains(found)
    }
  }

  @Test(arguments: [Double.nan, .infinity, -.infinity]) func badSampleIsNamedByFrameAndChannel(bad: Double) throws {
    var samples = [Double](repeating: 0.1, count: 200_000)
    samples[2 * 70_000 + 1] = bad
    samples[2 * 70_001] = bad
    let wave = WaveFile(encoding: .float32, channelCount: 2, samples: samples)
    let path = try folder.store(wave.bytes, as: "bad.wav")
    let message = try #require(sentence { _ = try AudioReader.read(path: path) })
    #expect(message == "\(path) has the value \(bad) at frame 70000 of channel 1: repair or export it again.")
  }
}
