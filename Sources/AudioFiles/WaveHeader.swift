import Foundation

/// The frames that the header of a RIFF/WAVE file with PCM or float samples announces; nil for other files, and for
/// a length that was not known when the header was written (near 2^31 or 2^32, as programs write to a pipe).
///
/// libsndfile clips a data chunk silently to the bytes that are there, so a truncated copy would pass as a short one.
func declaredWaveFrames(_ descriptor: Int32) -> Int? {
  guard let riff = WaveBytes(descriptor, at: 0, count: 12), riff.tag(at: 0) == "RIFF", riff.tag(at: 8) == "WAVE"
  else { return nil }
  var offset = 12
  var bytesPerFrame = 0
  while let chunk = WaveBytes(descriptor, at: offset, count: 8) {
    let size = chunk.integer(at: 4, width: 4)
    switch chunk.tag(at: 0) {
    case "fmt ":
      guard let format = WaveBytes(descriptor, at: offset + 8, count: 16) else { return nil }
      // PCM, IEEE float, extensible: elsewhere a block holds several frames.
      guard [1, 3, 0xFFFE].contains(format.integer(at: 0, width: 2)) else { return nil }
      bytesPerFrame = format.integer(at: 12, width: 2)
    case "data":
      let isUnknown = size == 0xFFFF_FFFF || (0x7FFF_0000...0x8000_0000).contains(size)
      return isUnknown || bytesPerFrame == 0 ? nil : size / bytesPerFrame
    default:
      break
    }
    offset += 8 + size + size % 2
  }
  return nil
}

/// Some bytes of a file, read without moving its position.
private struct WaveBytes {
  private let bytes: [UInt8]

  init?(_ descriptor: Int32, at offset: Int, count: Int) {
    var bytes = [UInt8](repeating: 0, count: count)
    guard pread(descriptor, &bytes, count, off_t(offset)) == count else { return nil }
    self.bytes = bytes
  }

  func tag(at offset: Int) -> String { String(decoding: bytes[offset..<offset + 4], as: UTF8.self) }

  /// A little-endian unsigned integer.
  func integer(at offset: Int, width: Int) -> Int {
    bytes[offset..<offset + width].reversed().reduce(0) { $0 << 8 | Int($1) }
  }
}
