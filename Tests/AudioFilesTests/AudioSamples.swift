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
