import AudioFiles
import Foundation

/// A folder that lives as long as this object.
final class TemporaryFolder {
  private let url = FileManager.default.temporaryDirectory.appendingPathComponent("audiofiles-\(UUID().uuidString)")

  init() throws { try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true) }
  deinit { try? FileManager.default.removeItem(at: url) }

  func path(_ name: String) -> String { url.appendingPathComponent(name).path }

  /// Stores bytes and returns their path.
  func store(_ bytes: [UInt8], as name: String) throws -> String {
    try Data(bytes).write(to: URL(fileURLWithPath: path(name)))
    return path(name)
  }
}

/// A WAV file built byte by byte, so that the reader is not tested against its own library's writer.
struct WaveFile {
  enum Encoding: Int, CaseIterable {
    case unsigned8 = 8
    case signed16 = 16
    case signed24 = 24
    case signed32 = 32
    case float32 = -32
    case float64 = -64
  }

  var encoding: Encoding
  var channelCount = 1
  var sampleRate = 44_100
  /// Interleaved; for integers multiples of 2^(1 - bits).
  var samples: [Double]
  /// The size that the data chunk announces, instead of the true one.
  var announcedSize: Int?

  var bytes: [UInt8] {
    let width = abs(encoding.rawValue) / 8
    let data = samples.flatMap(encode)
    let size = announcedSize ?? data.count
    let format =
      little(encoding.rawValue < 0 ? 3 : 1, 2) + little(channelCount, 2) + little(sampleRate, 4)
      + little(sampleRate * channelCount * width, 4) + little(channelCount * width, 2) + little(width * 8, 2)
    // An unknown chunk of odd length first: readers must skip it with its padding byte.
    let note = Array("note".utf8) + little(3, 4) + [1, 2, 3, 0]
    let body =
      Array("WAVE".utf8) + note + Array("fmt ".utf8) + little(format.count, 4) + format + Array("data".utf8)
      + little(size, 4) + data
    return Array("RIFF".utf8) + little(body.count, 4) + body
  }

  private func encode(_ sample: Double) -> [UInt8] {
    switch encoding {
    case .unsigned8: [UInt8(sample * 128 + 128)]
    case .float32: little(Int(Float(sample).bitPattern), 4)
    case .float64: withUnsafeBytes(of: sample.bitPattern.littleEndian) { Array($0) }
    default: little(Int(sample * Double(1 << (encoding.rawValue - 1))), encoding.rawValue / 8)
    }
  }

  private func little(_ value: Int, _ width: Int) -> [UInt8] { (0..<width).map { UInt8(value >> (8 * $0) & 255) } }
}

extension AudioBuffer {
  /// amplitude sin(2 pi frequency t) on every channel.
  static func sine(
    frequencyHz: Double, amplitude: Double = 1, seconds: Double, sampleRate: Double = 44_100, channelCount: Int = 1
  ) -> AudioBuffer {
    let samples = (0..<Int(seconds * sampleRate)).map {
      Float(amplitude * sin(2 * .pi * frequencyHz * Double($0) / sampleRate))
    }
    return AudioBuffer(channels: Array(repeating: samples, count: channelCount), sampleRate: sampleRate)
  }

  static func silence(seconds: Double, sampleRate: Double = 44_100, channelCount: Int = 1) -> AudioBuffer {
    let samples = [Float](repeating: 0, count: Int(seconds * sampleRate))
    return AudioBuffer(channels: Array(repeating: samples, count: channelCount), sampleRate: sampleRate)
  }

  /// One recording after another.
  static func + (first: AudioBuffer, second: AudioBuffer) -> AudioBuffer {
    AudioBuffer(
      channels: zip(first.channels, second.channels).map { $0 + $1 }, sampleRate: first.sampleRate)
  }
}

/// The error that a call throws, as the sentence it prints.
func sentence(of call: () throws -> Void) -> String? {
  do {
    try call()
    return nil
  } catch {
    return String(describing: error)
  }
}
