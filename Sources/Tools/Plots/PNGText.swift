import Foundation

/// Text inside PNG files, where programs that show pictures look for it.
enum PNGText {
  /// A PNG with a text under the keyword `Comment` (chunk `iTXt`, PNG 1.2 section 4.2.3.3), after its header.
  ///
  /// - Parameter png: a whole PNG; anything else is given back as it is.
  static func adding(_ text: String, to png: Data) -> Data {
    // Eight bytes of signature, then the header chunk: length, name, 13 bytes, checksum.
    let headerEnd = 8 + 4 + 4 + 13 + 4
    guard png.count > headerEnd, png.prefix(8).elementsEqual([137, 80, 78, 71, 13, 10, 26, 10]) else { return png }
    // Keyword, uncompressed, no language, no translated keyword.
    let body = Data("iTXt".utf8) + Data("Comment".utf8) + Data([0, 0, 0, 0, 0]) + Data(text.utf8)
    let chunk = bytes(UInt32(body.count - 4)) + body + bytes(checksum(body))
    return png.prefix(headerEnd) + chunk + png.dropFirst(headerEnd)
  }

  private static func bytes(_ number: UInt32) -> Data {
    Data((0..<4).map { UInt8(truncatingIfNeeded: number >> (24 - 8 * $0)) })
  }

  /// CRC-32 of ISO 3309, as PNG asks for it (annex D).
  private static func checksum(_ data: Data) -> UInt32 {
    ~data.reduce(~UInt32(0)) { sum, byte in
      (0..<8).reduce(sum ^ UInt32(byte)) { value, _ in
        value & 1 == 1 ? 0xEDB8_8320 ^ (value >> 1) : value >> 1
      }
    }
  }
}
