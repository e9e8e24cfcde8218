/// How much audio a file's own header announces, set against what is there.
///
/// libsndfile clips audio silently to the bytes that are there, so that a truncated copy would pass as a short one.
/// It decodes many containers; here are those whose header tells a length. Containers that are decoded frame by
/// frame (FLAC, MP3) miss their end when they are read.
struct DeclaredLength {
  /// Where the audio begins and how many bytes it should have.
  let start: Int
  let byteCount: Int

  /// Headers of more parts are not walked through.
  private static let mostChunks = 1 << 14

  /// - Returns: nil for a container without a length, or one whose length was not known when its header was
  ///   written.
  init?(_ bytes: FileBytes) {
    let found: (start: Int, byteCount: Int?)? =
      switch bytes.tag(at: 0) {
      case "RIFF", "RF64", "BW64": Self.wave(bytes, isBig: false)
      case "RIFX": Self.wave(bytes, isBig: true)
      case "FORM": Self.form(bytes)
      case ".snd": Self.sun(bytes, isBig: true)
      case "dns.": Self.sun(bytes, isBig: false)
      case "riff": Self.sony(bytes)
      case "NIST": Self.sphere(bytes)
      case "Crea": Self.creative(bytes)
      case "caff": Self.core(bytes)
      case "2BIT": Self.visual(bytes)
      default: nil
      }
    guard let found, let byteCount = found.byteCount, byteCount >= 0 else { return nil }
    start = found.start
    self.byteCount = byteCount
  }

  /// Bytes of audio that should be there and are not; 0 for a whole file.
  func missing(in fileSize: Int) -> Int { max(0, byteCount - max(0, fileSize - start)) }

  // MARK: - Chunks

  /// RIFF and its 64-bit kin (EBU Tech 3306), whose true length stands in the chunk ds64.
  private static func wave(_ bytes: FileBytes, isBig: Bool) -> (start: Int, byteCount: Int?)? {
    guard bytes.tag(at: 8) == "WAVE" else { return nil }
    var longSize: Int?
    return chunks(bytes, from: 12, isBig: isBig) { tag, size, start in
      switch tag {
      case "ds64":
        longSize = bytes.integer(at: start + 8, width: 8, isBig: isBig)
        return nil
      case "data":
        if size == 0xFFFF_FFFF, let longSize, longSize > 0 { return (start, longSize) }
        // Near 2^31 or 2^32, as programs write to a pipe.
        let isUnknown = size == 0xFFFF_FFFF || (0x7FFF_0000...0x8000_0000).contains(size)
        return (start, isUnknown ? nil : size)
      default: return nil
      }
    }
  }

  /// AIFF, AIFF-C and the 8- and 16-bit voices of the Amiga (EA IFF 85).
  private static func form(_ bytes: FileBytes) -> (start: Int, byteCount: Int?)? {
    let kind = bytes.tag(at: 8) ?? ""
    guard ["AIFF", "AIFC", "8SVX", "16SV"].contains(kind) else { return nil }
    return chunks(bytes, from: 12, isBig: true) { tag, size, start in
      // Before the samples of a sound chunk stand two numbers.
      if tag == "SSND" { return size == 0xFFFF_FFFF ? (start, nil) : (start + 8, max(0, size - 8)) }
      return tag == "BODY" ? (start, size) : nil
    }
  }

  private static func chunks(
    _ bytes: FileBytes, from first: Int, isBig: Bool, _ visit: (String, Int, Int) -> (start: Int, byteCount: Int?)?
  ) -> (start: Int, byteCount: Int?)? {
    var offset = first
    for _ in 0..<mostChunks {
      guard let tag = bytes.tag(at: offset), let size = bytes.integer(at: offset + 4, width: 4, isBig: isBig) else {
        break
      }
      if let found = visit(tag, size, offset + 8) { return found }
      offset += 8 + size + size % 2
    }
    return nil
  }

  /// Sony Wave64: chunks named by 16 bytes, whose 64-bit sizes count their own 24 bytes too.
  private static func sony(_ bytes: FileBytes) -> (start: Int, byteCount: Int?)? {
    var offset = 40
    for _ in 0..<mostChunks {
      guard let tag = bytes.tag(at: offset), let size = bytes.integer(at: offset + 16, width: 8), size >= 24 else {
        break
      }
      if tag == "data" { return (offset + 24, size - 24) }
      guard size < 1 << 60 else { return nil }
      offset += (size + 7) / 8 * 8
    }
    return nil
  }

  /// Core Audio: big-endian chunks of 64-bit sizes; -1 for one that was not known.
  private static func core(_ bytes: FileBytes) -> (start: Int, byteCount: Int?)? {
    var offset = 8
    for _ in 0..<mostChunks {
      guard let tag = bytes.tag(at: offset), let size = bytes.integer(at: offset + 4, width: 8, isBig: true) else {
        break
      }
      // The samples come after a count of edits.
      if tag == "data" { return (offset + 16, size < 0 ? nil : max(0, size - 4)) }
      guard (0..<1 << 60).contains(size) else { return nil }
      offset += 12 + size
    }
    return nil
  }

  // MARK: - Headers of fixed form

  /// Sun and NeXT.
  private static func sun(_ bytes: FileBytes, isBig: Bool) -> (start: Int, byteCount: Int?)? {
    guard let start = bytes.integer(at: 4, width: 4, isBig: isBig),
      let size = bytes.integer(at: 8, width: 4, isBig: isBig)
    else { return nil }
    return (start, size == 0xFFFF_FFFF ? nil : size)
  }

  /// NIST SPHERE: lines of text, `sample_count -i 88200`.
  private static func sphere(_ bytes: FileBytes) -> (start: Int, byteCount: Int?)? {
    let text = bytes.text(at: 0, count: 1024)
    let lines = text.split(separator: "\n", omittingEmptySubsequences: false)
    guard lines.count > 1, let start = Int(lines[1].trimmingSpaces) else { return nil }
    func field(_ name: String) -> Int? {
      lines.first { $0.hasPrefix(name + " ") }.flatMap { $0.split(separator: " ").last }.flatMap { Int($0) }
    }
    guard let samples = field("sample_count"), samples >= 0 else { return (start, nil) }
    let (channels, width) = (field("channel_count") ?? 1, field("sample_n_bytes") ?? 1)
    let (frame, overflow) = channels.multipliedReportingOverflow(by: width)
    let (size, tooLarge) = samples.multipliedReportingOverflow(by: frame)
    return (start, overflow || tooLarge ? Int.max / 2 : size)
  }

  /// Creative Voice: blocks of a kind and a 24-bit size; the last one decides.
  private static func creative(_ bytes: FileBytes) -> (start: Int, byteCount: Int?)? {
    guard bytes.text(at: 0, count: 19) == "Creative Voice File", var offset = bytes.integer(at: 20, width: 2) else {
      return nil
    }
    let start = offset
    for _ in 0..<mostChunks {
      guard let kind = bytes.integer(at: offset, width: 1), kind != 0 else { break }
      guard let size = bytes.integer(at: offset + 1, width: 3) else { return (start, offset + 4 - start) }
      offset += 4 + size
    }
    return (start, offset - start)
  }

  /// Audio Visual Research: a count of frames.
  private static func visual(_ bytes: FileBytes) -> (start: Int, byteCount: Int?)? {
    guard let isStereo = bytes.integer(at: 12, width: 2, isBig: true),
      let bits = bytes.integer(at: 14, width: 2, isBig: true),
      let frames = bytes.integer(at: 26, width: 4, isBig: true)
    else { return nil }
    return (128, frames * (isStereo == 0 ? 1 : 2) * max(1, bits / 8))
  }
}

extension Substring {
  fileprivate var trimmingSpaces: Substring { drop { $0 == " " }.prefix { $0 != " " } }
}
