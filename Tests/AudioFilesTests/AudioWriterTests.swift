import AudioFiles
import Foundation
import Testing

@Suite struct AudioWriterTests {
  let folder: TemporaryFolder
  init() throws { folder = try TemporaryFolder() }

  @Test func floatsSurviveExactly() throws {
    let audio = AudioBuffer(channels: [[0, 1.5, -2, 1e-20], [Float.pi, -.ulpOfOne, 1, -1]], sampleRate: 48_000)
    let path = folder.path("exact.wav")
    try AudioWriter.write(audio, path: path, format: .waveFloat32)
    #expect(try AudioReader.read(path: path) == audio)
    #expect(try AudioReader(path: path).encoding == "32 bit float")
  }

  @Test func flacKeepsTwentyFourBits() throws {
    let exact: [Float] = [0, 0x1p-23, -0x1p-23, 1 - 0x1p-23, -1, 0.75, -0.75 + 0x1p-23]
    let path = folder.path("exact.flac")
    let clipped = try AudioWriter.write(
      AudioBuffer(channels: [exact], sampleRate: 44_100), path: path, format: .flac24)
    #expect(clipped == 0)
    #expect(try AudioReader.read(path: path).channels == [exact])
    #expect(try AudioReader(path: path).encoding == "Signed 24 bit PCM")
  }

  @Test func flacClipsAndCounts() throws {
    let path = folder.path("clipped.flac")
    let audio = AudioBuffer(channels: [[1, -1, 1.5, -1.5, 0.5]], sampleRate: 44_100)
    #expect(try AudioWriter.write(audio, path: path, format: .flac24) == 3)
    #expect(try AudioReader.read(path: path).channels == [[1 - 0x1p-23, -1, 1 - 0x1p-23, -1, 0.5]])
  }

  @Test func integerWaveKeepsTwentyFourBitsAndClips() throws {
    let path = folder.path("integers.wav")
    let audio = AudioBuffer(channels: [[0x1p-23, -1, 0.5, 1.5], [0, 0.25, -0x1p-23, -1.5]], sampleRate: 44_100)
    #expect(try AudioWriter.write(audio, path: path, format: .waveInteger24) == 2)
    #expect(try AudioReader(path: path).encoding == "Signed 24 bit PCM")
    #expect(
      try AudioReader.read(path: path).channels == [[0x1p-23, -1, 0.5, 1 - 0x1p-23], [0, 0.25, -0x1p-23, -1]])
  }

  @Test(arguments: AudioWriter.Format.allCases) func blocksEqualTheWhole(format: AudioWriter.Format) throws {
    let audio = AudioBuffer.sine(frequencyHz: 440, amplitude: 0.9, seconds: 1.5, channelCount: 2)
    let whole = folder.path("whole.\(format.rawValue)")
    let blocks = folder.path("blocks.\(format.rawValue)")
    try AudioWriter.write(audio, path: whole, format: format)
    let writer = try AudioWriter(path: blocks, format: format, sampleRate: 44_100, channelCount: 2)
    for start in stride(from: 0, to: audio.frameCount, by: 777) {
      try writer.write(audio[frames: start..<min(start + 777, audio.frameCount)])
    }
    #expect(writer.framesWritten == audio.frameCount)
    try writer.finish()
    // The number of an Ogg stream is random, and Vorbis encodes what it has been given so far.
    guard format != .oggVorbis else { return #expect(try AudioReader(path: blocks).frameCount == audio.frameCount) }
    let stored = try Data(contentsOf: URL(fileURLWithPath: blocks))
    #expect(try stored == Data(contentsOf: URL(fileURLWithPath: whole)))
  }

  /// libsndfile's PEAK chunk holds the time of writing, which would make equal renders differ.
  @Test func noTimeStamp() throws {
    let path = folder.path("stamp.wav")
    try AudioWriter.write(.sine(frequencyHz: 440, seconds: 0.1), path: path, format: .waveFloat32)
    #expect(try Data(contentsOf: URL(fileURLWithPath: path)).range(of: Data("PEAK".utf8)) == nil)
  }

  @Test func replacesALongerFile() throws {
    let path = folder.path("again.wav")
    for seconds in [1.0, 0.25] {
      try AudioWriter.write(.sine(frequencyHz: 440, seconds: seconds), path: path, format: .waveFloat32)
    }
    #expect(try AudioReader(path: path).frameCount == 11_025)
  }

  @Test func formatFollowsTheExtension() {
    #expect(AudioWriter.Format(path: "/a.b/take.WAV") == .waveFloat32)
    #expect(AudioWriter.Format(path: "take.flac") == .flac24)
    #expect(AudioWriter.Format(path: "take.mp3") == nil)
    #expect(AudioWriter.Format(path: "wav") == nil)
    #expect(AudioWriter.Format(path: "take.24-bit wav") == nil)
  }

  // MARK: - Failures

  /// Short audio is held back until the file is closed, long audio is not: the failure must show either way.
  @Test(.enabled(if: FileManager.default.fileExists(atPath: "/dev/full")), arguments: [0.01, 5])
  func fullDisk(seconds: Double) {
    for format in AudioWriter.Format.allCases {
      let expected = AudioError.writeFailed(path: "/dev/full", reason: "no space left on device")
      #expect(throws: expected, "\(format), \(seconds) s") {
        try AudioWriter.write(.sine(frequencyHz: 440, seconds: seconds), path: "/dev/full", format: format)
      }
    }
    let text = String(describing: AudioError.writeFailed(path: "/dev/full", reason: "no space left on device"))
    #expect(text == "/dev/full could not be written (no space left on device): make room or choose another path.")
  }

  @Test func unwritablePaths() throws {
    let missing = folder.path("no/such/folder/x.wav")
    #expect(throws: AudioError.unwritable(path: missing, reason: "no such file or directory")) {
      try AudioWriter(path: missing, format: .waveFloat32, sampleRate: 44_100, channelCount: 1)
    }
    #expect(throws: AudioError.unwritable(path: folder.path(""), reason: "is a directory")) {
      try AudioWriter(path: folder.path(""), format: .flac24, sampleRate: 44_100, channelCount: 1)
    }
  }

  @Test func formatLimits() {
    let path = folder.path("limits.flac")
    #expect(
      throws: AudioError.unwritable(path: path, reason: "flac does not hold 9 channels at 44100.0 Hz")
    ) { try AudioWriter(path: path, format: .flac24, sampleRate: 44_100, channelCount: 9) }
    #expect(throws: AudioError.self) {
      try AudioWriter(path: path, format: .flac24, sampleRate: 44_100.5, channelCount: 1)
    }
    #expect(!FileManager.default.fileExists(atPath: path))
  }

  @Test func badSamplesAreRefused() throws {
    let path = folder.path("nan.wav")
    let writer = try AudioWriter(path: path, format: .waveFloat32, sampleRate: 44_100, channelCount: 2)
    try writer.write(AudioBuffer(channels: [[0, 0], [0, 0]], sampleRate: 44_100))
    #expect(throws: AudioError.notFinite(source: path, frame: 3, channel: 0, value: .infinity)) {
      try writer.write(AudioBuffer(channels: [[0, .infinity], [0, .nan]], sampleRate: 44_100))
    }
    #expect(writer.framesWritten == 2)
    try writer.finish()
    #expect(try AudioReader(path: path).frameCount == 2)
  }
}
