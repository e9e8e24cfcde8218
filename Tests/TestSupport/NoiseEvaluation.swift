import Foundation
import NumericCore

/// The folder that an evaluation leaves with its recordings, of noise: three seconds of which the middle one is loud.
package struct NoiseEvaluation {
  package static let methods = ["mean", "transfer:mfcc:0", "transfer:mfcc:0.1"]
  package static let sampleRate = 44_100

  package var methods = Self.methods
  /// Song and stem.
  package var tracks = [("song a", "lead a"), ("song a", "choir a"), ("song b", "lead b"), ("song c", "lead c")]
  /// Channels of the reference; renderings have two.
  package var referenceChannels = 2
  /// A method whose renderings have peaks far above their loudness.
  package var spikyMethod: String?
  /// What stands for the recordings.
  package enum Audio { case noise, emptyFiles, none }
  package var audio = Audio.noise

  package init() {}

  package func write(to path: String) throws {
    let record: [String: Any] = [
      "kind": "priorkit evaluation", "methods": methods, "tracks": tracks.map { ["song": $0.0, "stem": $0.1] },
      "provenance": ["command": "test"], "unknown": 1,
    ]
    try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
    try JSONSerialization.data(withJSONObject: record).write(to: URL(fileURLWithPath: path + "/run.json"))
    guard audio != .none else { return }
    for (index, track) in tracks.enumerated() {
      let folder = path + "/audio/" + Self.fileName(track.1)
      try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
      try write(folder + "/reference.wav", channels: referenceChannels, level: 0.3, seed: UInt64(10 * index))
      try write(folder + "/input.wav", channels: 1, level: 0.1, seed: UInt64(10 * index + 1))
      for (number, method) in methods.enumerated() {
        try write(
          folder + "/" + Self.fileName(method) + ".wav", channels: 2, level: 0.05 * Double(number + 1),
          seed: UInt64(10 * index + 2 + number), isSpiky: method == spikyMethod)
      }
    }
  }

  private static func fileName(_ name: String) -> String { name.replacing(#/[^A-Za-z0-9._-]/#, with: "-") }

  private func write(
    _ path: String, channels: Int, level: Double, seed: UInt64, isSpiky: Bool = false
  ) throws {
    guard audio == .noise else { return try Data().write(to: URL(fileURLWithPath: path)) }
    var source = RandomSource(seed: seed)
    var samples: [Float] = []
    for frame in 0..<3 * Self.sampleRate {
      let isLoud = (Self.sampleRate..<2 * Self.sampleRate).contains(frame)
      let gain = isSpiky ? 0.01 : Float(isLoud ? level : 0.2 * level)
      for _ in 0..<channels {
        // The upper bits of a word, from -1 to 1.
        let noise = Float(Int64(bitPattern: source.next()) >> 40) * 0x1p-23
        samples.append(isSpiky && frame % 11_025 == 0 ? 0.9 : gain * noise)
      }
    }
    var bytes = WaveFile(encoding: .float32, channelCount: channels, samples: [], announcedSize: 4 * samples.count)
      .bytes
    samples.withUnsafeBytes { bytes += $0 }
    // The size of the whole, which the empty file could not tell.
    let size = UInt32(bytes.count - 8)
    for index in 0..<4 { bytes[4 + index] = UInt8(truncatingIfNeeded: size >> (8 * UInt32(index))) }
    try Data(bytes).write(to: URL(fileURLWithPath: path))
  }
}
