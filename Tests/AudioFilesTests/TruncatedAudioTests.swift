import AudioFiles
import Foundation
import Synchronization
import Testing

/// Recordings that lost their end, in every container whose header tells a length, and headers that tell wrong
/// ones.
@Suite struct TruncatedAudioTests {
  let folder: TemporaryFolder
  init() throws { folder = try TemporaryFolder() }

  /// A container around 16-bit samples of two channels.
  struct Container: Sendable, CustomTestStringConvertible {
    let name: String
    let wrap: @Sendable (_ samples: [Int16]) -> [UInt8]
    var testDescription: String { name }
  }

  static let containers: [Container] = [
    Container(name: "wav") { riff("RIFF", $0, big: false, size: 2 * $0.count, long: nil) },
    Container(name: "rf64") { riff("RF64", $0, big: false, size: 0xFFFF_FFFF, long: 2 * $0.count) },
    Container(name: "rifx") { riff("RIFX", $0, big: true, size: 2 * $0.count, long: nil) },
    Container(name: "au") { samples in
      Array(".snd".utf8) + bytes(24, 4, big: true) + bytes(2 * samples.count, 4, big: true) + bytes(3, 4, big: true)
        + bytes(44_100, 4, big: true) + bytes(2, 4, big: true) + data(samples, big: true)
    },
    Container(name: "aiff") { samples in
      // 44100 as an 80-bit float.
      let rate: [UInt8] = [0x40, 0x0E, 0xAC, 0x44, 0, 0, 0, 0, 0, 0]
      let common = bytes(2, 2, big: true) + bytes(samples.count / 2, 4, big: true) + bytes(16, 2, big: true) + rate
      let sound = bytes(0, 8, big: true) + data(samples, big: true)
      let body =
        Array("AIFF".utf8) + Array("COMM".utf8) + bytes(18, 4, big: true) + common + Array("SSND".utf8)
        + bytes(sound.count, 4, big: true) + sound
      return Array("FORM".utf8) + bytes(body.count, 4, big: true) + body
    },
    Container(name: "nist") { samples in
      let lines = [
        "NIST_1A", "   1024", "channel_count -i 2", "sample_rate -i 44100", "sample_count -i \(samples.count / 2)",
        "sample_n_bytes -i 2", "sample_byte_format -s2 01", "sample_sig_bits -i 16", "sample_coding -s3 pcm",
        "end_head",
      ]
      let header = Array((lines.joined(separator: "\n") + "\n").utf8)
      return header + [UInt8](repeating: 0x20, count: 1024 - header.count) + data(samples, big: false)
    },
    Container(name: "voc") { samples in
      let sound = bytes(44_100, 4) + [16, 2] + bytes(4, 2) + bytes(0, 4) + data(samples, big: false)
      return Array("Creative Voice File".utf8) + [0x1A] + bytes(26, 2) + bytes(0x0114, 2) + bytes(0x111F, 2) + [9]
        + bytes(sound.count, 3) + sound + [0]
    },
    Container(name: "avr") { samples in
      let format = bytes(0xFFFF, 2, big: true) + bytes(16, 2, big: true) + bytes(0xFFFF, 2, big: true)
      let header =
        Array("2BIT".utf8) + bytes(0, 8) + format + bytes(0, 4) + bytes(44_100, 4, big: true)
        + bytes(samples.count / 2, 4, big: true)
      return header + [UInt8](repeating: 0, count: 128 - header.count) + data(samples, big: true)
    },
  ]

  private static func bytes(_ value: Int, _ width: Int, big: Bool = false) -> [UInt8] {
    let little = (0..<width).map { UInt8(truncatingIfNeeded: value >> (8 * $0)) }
    return big ? little.reversed() : little
  }

  private static func data(_ samples: [Int16], big: Bool) -> [UInt8] {
    samples.flatMap { bytes(Int($0), 2, big: big) }
  }

  private static func riff(_ tag: String, _ samples: [Int16], big: Bool, size: Int, long: Int?) -> [UInt8] {
    func number(_ value: Int, _ width: Int) -> [UInt8] { bytes(value, width, big: big) }
    let format = number(1, 2) + number(2, 2) + number(44_100, 4) + number(176_400, 4) + number(4, 2) + number(16, 2)
    let sizes = long.map {
      Array("ds64".utf8) + bytes(28, 4) + bytes($0 + 80, 8) + bytes($0, 8) + bytes($0 / 4, 8) + bytes(0, 4)
    }
    let body =
      Array("WAVE".utf8) + (sizes ?? []) + Array("fmt ".utf8) + number(16, 4) + format + Array("data".utf8)
      + number(size, 4) + data(samples, big: big)
    return Array(tag.utf8) + number(long == nil ? body.count : 0xFFFF_FFFF, 4) + body
  }

  private static let samples = (0..<4000).map { Int16(truncatingIfNeeded: $0 &* 37 % 20_000) }

  @Test(arguments: containers) func wholeFilesAreRead(_ container: Container) throws {
    let path = try folder.store(container.wrap(Self.samples), as: "whole." + container.name)
    let audio = try AudioReader.read(path: path)
    #expect(audio.frameCount == 2000 && audio.channelCount == 2)
    #expect(audio.channels[1][1000] == Float(Self.samples[2001]) / 32_768)
  }

  @Test(arguments: containers) func filesCutShortAreRefused(_ container: Container) throws {
    let bytes = container.wrap(Self.samples)
    for kept in [bytes.count / 2, bytes.count - 100, bytes.count - 6] {
      let path = try folder.store(Array(bytes.prefix(kept)), as: "cut-\(kept)." + container.name)
      let error = #expect(throws: AudioError.self, "\(kept) of \(bytes.count) bytes") {
        try AudioReader.read(path: path)
      }
      guard case .truncated(_, let expected, let found)? = error else {
        Issue.record("\(container.name): \(error?.description ?? "read")")
        continue
      }
      // A Creative Voice file counts blocks, whose headers are a few bytes more.
      #expect(abs(expected - 2000) <= (container.name == "voc" ? 4 : 0), "\(expected)")
      #expect(found < 2000)
    }
  }

  /// The Amiga's container holds one channel.
  @Test func amigaVoicesCutShortAreRefused() throws {
    let voice = Self.bytes(0, 12) + Self.bytes(44_100, 2, big: true) + [1, 0] + Self.bytes(1 << 16, 4, big: true)
    let sound = Self.data(Self.samples, big: true)
    let body =
      Array("16SVVHDR".utf8) + Self.bytes(20, 4, big: true) + voice + Array("BODY".utf8)
      + Self.bytes(sound.count, 4, big: true) + sound
    let bytes = Array("FORM".utf8) + Self.bytes(body.count, 4, big: true) + body
    let whole = try AudioReader.read(path: folder.store(bytes, as: "whole.svx"))
    #expect(whole.frameCount == 4000 && whole.channels[0][2001] == Float(Self.samples[2001]) / 32_768)
    let cut = try folder.store(Array(bytes.prefix(bytes.count / 2)), as: "cut.svx")
    let error = #expect(throws: AudioError.self) { try AudioReader.read(path: cut) }
    guard case .truncated(_, 4000, _)? = error else {
      Issue.record("\(error?.description ?? "read")")
      return
    }
  }

  @Test(arguments: AudioWriter.Format.allCases.filter { $0 != .oggVorbis })
  func ownFilesCutShortAreRefused(format: AudioWriter.Format) throws {
    let path = folder.path("own." + format.rawValue)
    try AudioWriter.write(
      .sine(frequencyHz: 300, amplitude: 0.5, seconds: 1, channelCount: 2), path: path, format: format)
    #expect(try AudioReader.read(path: path).frameCount == 44_100)
    let bytes = [UInt8](try Data(contentsOf: URL(fileURLWithPath: path)))
    let cut = try folder.store(Array(bytes.prefix(bytes.count / 2)), as: "cut." + format.rawValue)
    let error = #expect(throws: AudioError.self) { try AudioReader.read(path: cut) }
    if case .truncated? = error { return }
    // libsndfile itself refuses such a file when it is opened.
    if format == .coreAudioFloat32, case .notAudio? = error { return }
    Issue.record("\(error?.description ?? "read")")
  }

  // MARK: - Headers that are not to be believed

  @Test(arguments: [1, 7999, 800_000, 1_000_000_000]) func ratesThatNobodyRecordsAt(rate: Int) throws {
    var bytes = Self.containers[0].wrap(Self.samples)
    bytes.replaceSubrange(24..<28, with: Self.bytes(rate, 4))
    let path = try folder.store(bytes, as: "rate.wav")
    #expect(throws: AudioError.unusualRate(path: path, sampleRate: Double(rate))) { try AudioReader(path: path) }
  }

  @Test func framesThatAreClaimedAreNotReserved() throws {
    let path = folder.path("claims.flac")
    try AudioWriter.write(.sine(frequencyHz: 300, amplitude: 0.5, seconds: 0.5), path: path, format: .flac24)
    var bytes = [UInt8](try Data(contentsOf: URL(fileURLWithPath: path)))
    // The last 36 bits before the digest in STREAMINFO count the frames.
    bytes[21] |= 0x0F
    for index in 22..<26 { bytes[index] = 0xFF }
    let claiming = try folder.store(bytes, as: "claims-more.flac")
    #expect(throws: AudioError.self) { try AudioReader.read(path: claiming) }
    var usage = rusage()
    #expect(getrusage(__rusage_who_t(RUSAGE_SELF.rawValue), &usage) == 0)
    #expect(usage.ru_maxrss < 8 << 20, "\(usage.ru_maxrss) KB")
  }

  @Test func endlessChunksEnd() throws {
    // Chunks of no bytes without end.
    let path = try folder.store(
      Array("RIFF".utf8) + Self.bytes(1 << 30, 4) + Array("WAVE".utf8) + [UInt8](repeating: 0, count: 1 << 22),
      as: "zeros.wav")
    #expect(throws: AudioError.self) { try AudioReader(path: path) }
  }

  @Test func refusalsCloseNobodyElsesFile() throws {
    // A descriptor that is closed twice is by then another thread's.
    let path = try folder.store([UInt8](repeating: 0x55, count: 4096), as: "noise.wav")
    let isDone = Mutex(false)
    let stolen = Mutex(0)
    let ended = DispatchSemaphore(value: 0)
    // A thread of its own, which the system lets run beside the readings on one processor too.
    Thread.detachNewThread {
      while !isDone.withLock({ $0 }) {
        let descriptor = open("/dev/null", O_RDONLY | O_CLOEXEC)
        if descriptor >= 0, close(descriptor) != 0 { stolen.withLock { $0 += 1 } }
      }
      ended.signal()
    }
    var refusals = 0
    for _ in 0..<20_000 {
      do { _ = try AudioReader(path: path) } catch AudioError.notAudio { refusals += 1 }
    }
    isDone.withLock { $0 = true }
    ended.wait()
    #expect(refusals == 20_000 && stolen.withLock { $0 } == 0)
  }

  @Test func recordingsComeThroughPipes() throws {
    for format in [AudioWriter.Format.flac24, .waveFloat32] {
      let (file, pipe) = (folder.path("dry." + format.rawValue), folder.path("pipe-" + format.rawValue))
      let audio = AudioBuffer.sine(frequencyHz: 300, amplitude: 0.5, seconds: 0.5)
      try AudioWriter.write(audio, path: file, format: format)
      #expect(mkfifo(pipe, 0o600) == 0)
      let bytes = try Data(contentsOf: URL(fileURLWithPath: file))
      Thread {
        guard let handle = FileHandle(forWritingAtPath: pipe) else { return }
        try? handle.write(contentsOf: bytes)
        try? handle.close()
      }.start()
      #expect(try AudioReader.read(path: pipe) == AudioReader.read(path: file))
    }
  }

  @Test func shiftsOfAnySizeAreRotations() {
    let audio = AudioBuffer(channels: [[1, 2, 3, 4, 5]], sampleRate: 44_100)
    #expect(audio.rotated(by: 2).channels == [[4, 5, 1, 2, 3]])
    #expect(audio.rotated(by: -2).channels == [[3, 4, 5, 1, 2]])
    for shift in [Int.min, .min + 1, .max, 5_000_000_003] {
      let remainder = ((shift % 5) + 5) % 5
      #expect(audio.rotated(by: shift) == audio.rotated(by: remainder), "\(shift)")
    }
  }
}
