import AudioFiles
import FXParams
import FileOutput
import Foundation
import Inference
import PresetStore
import Synchronization

/// Renderings of dry segments through presets, kept because they do not depend on what they are compared with: one
/// collection is compared with many references.
///
/// In memory, up to a limit, or in a folder, as a float WAV file per preset whose name is the digest of all that
/// the rendering depends on. The samples are kept bit for bit, so that results do not depend on the cache.
public final class RenderingCache: Sendable {
  private struct Kept {
    var renderings: [String: [StereoSegment]] = [:]
    var bytes = 0
  }

  private let kept = Mutex(Kept())
  /// Nil for a cache in memory.
  private let folder: String?
  private let limit: Int

  /// A cache in memory.
  ///
  /// - Parameter limit: bytes beyond which nothing more is kept; by default a third of what one array may take.
  public init(limit: Int? = nil) {
    folder = nil
    self.limit = limit ?? MemoryLimit.bytes / 3
  }

  /// A cache in a folder, which is made when the first rendering is kept.
  public init(folder: String) {
    self.folder = folder
    limit = 0
  }

  /// What renderings of some segments through a chain have in common.
  struct Material {
    let digest: String
    fileprivate let lengths: [Int]
    fileprivate let sampleRate: Double

    init(chain: ChainDescription, inputs: [[Float]]) throws {
      var hash = SHA256()
      var text = "priorkit \(Provenance.currentVersion) rendering\n\(try chain.yaml())"
      text.withUTF8 { hash.update(UnsafeRawBufferPointer($0)) }
      for input in inputs { input.withUnsafeBytes { hash.update($0) } }
      digest = hash.hexadecimal()
      lengths = inputs.map(\.count)
      sampleRate = chain.sampleRate
    }
  }

  /// The rendering that was kept, or a new one, which is kept.
  ///
  /// - Throws: what `render` throws, `AudioError` and `OutputError` of the folder.
  func rendering(
    of material: Material, through theta: [Double], render: () throws -> [StereoSegment]
  ) throws -> [StereoSegment] {
    var hash = SHA256()
    var digest = material.digest
    digest.withUTF8 { hash.update(UnsafeRawBufferPointer($0)) }
    theta.withUnsafeBytes { hash.update($0) }
    let key = hash.hexadecimal()
    if let folder {
      let path = "\(folder)/\(key).wav"
      if let known = Self.read(path, material) { return known }
      let made = try render()
      try Self.write(made, to: path, sampleRate: material.sampleRate)
      return made
    }
    if let known = kept.withLock({ $0.renderings[key] }) { return known }
    let made = try render()
    let bytes = made.reduce(0) { $0 + 2 * $1.frameCount * MemoryLayout<Float>.stride }
    kept.withLock { kept in
      guard kept.bytes + bytes <= limit, kept.renderings[key] == nil else { return }
      kept.renderings[key] = made
      kept.bytes += bytes
    }
    return made
  }

  /// Nil for a file that is not there or not whole: it is made anew.
  private static func read(_ path: String, _ material: Material) -> [StereoSegment]? {
    guard FileManager.default.fileExists(atPath: path), let audio = try? AudioReader.read(path: path),
      audio.channelCount == 2, audio.frameCount == material.lengths.reduce(0, +)
    else { return nil }
    var start = 0
    return material.lengths.map { length in
      defer { start += length }
      let part = audio[frames: start..<start + length]
      return StereoSegment(left: part.channels[0], right: part.channels[1])
    }
  }

  private static func write(_ segments: [StereoSegment], to path: String, sampleRate: Double) throws {
    let audio = AudioBuffer(
      channels: [segments.flatMap(\.left), segments.flatMap(\.right)], sampleRate: sampleRate)
    // What overflowed is no audio file; it is rendered each time.
    guard audio.peak.isFinite, (try? audio.checkFinite(source: path)) != nil else { return }
    try audio.store(at: path)
  }
}
