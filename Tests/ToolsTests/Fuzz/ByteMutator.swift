import NumericCore

/// Changes bytes at random, with the values that break readers: a pure function of its seed.
struct ByteMutator {
  private var source: RandomSource

  init(seed: UInt64, stream: UInt64) { source = RandomSource(seed: seed, stream: stream) }

  mutating func below(_ count: Int) -> Int { min(Int(source.nextUniform() * Double(count)), count - 1) }

  mutating func choice<Element>(_ elements: [Element]) -> Element { elements[below(elements.count)] }

  /// Numbers that are legal text and rarely legal values.
  static let numbers = [
    "0", "-0", "-1", "1e308", "-1e308", "1e400", "1e-320", "nan", "inf", "-inf", "0x1p3", "9223372036854775807",
    "-9223372036854775808", "18446744073709551616", "1e19", "4294967296", "00", "1.", ".5", "1,5", "", "\u{0}",
    "\u{661}", "1e",
  ]

  /// One to four changes.
  mutating func mutated(_ bytes: [UInt8]) -> [UInt8] {
    var bytes = bytes
    for _ in 0..<1 + below(4) { change(&bytes) }
    return bytes
  }

  private mutating func change(_ bytes: inout [UInt8]) {
    guard !bytes.isEmpty else { return bytes.append(UInt8(below(256))) }
    let position = below(bytes.count)
    let length = min(1 + below(below(4) == 0 ? 64 : 4), bytes.count - position)
    switch below(9) {
    case 0: bytes[position] ^= 1 << UInt8(below(8))
    case 1: bytes[position] = choice([0, 1, 0x7F, 0x80, 0xFF, 0x0A, 0x22, 0x2C, 0x3A])
    case 2: bytes.removeSubrange(position..<position + length)
    case 3: bytes.insert(contentsOf: bytes[position..<position + length], at: below(bytes.count))
    case 4: bytes.removeLast(bytes.count - position)
    case 5: bytes.replaceSubrange(position..<position + length, with: [UInt8](repeating: 0, count: length))
    case 6: bytes.insert(contentsOf: Array(choice(Self.numbers).utf8), at: position)
    case 7: replaceNumber(&bytes, from: position)
    default:
      // A field of a binary header.
      let width = min(choice([2, 4, 8]), bytes.count - position)
      let value: UInt64 = choice([0, 1, 0x7FFF_FFFF, 0x8000_0000, 0xFFFF_FFFF, 1 << 40, 1 << 63, .max])
      for byte in 0..<width { bytes[position + byte] = UInt8(truncatingIfNeeded: value >> UInt64(8 * byte)) }
    }
  }

  /// Replaces the next run of digits.
  private mutating func replaceNumber(_ bytes: inout [UInt8], from position: Int) {
    let isDigit: (UInt8) -> Bool = { (0x30...0x39).contains($0) || $0 == 0x2E || $0 == 0x2D }
    guard let start = bytes[position...].firstIndex(where: isDigit) else { return }
    let end = bytes[start...].firstIndex { !isDigit($0) } ?? bytes.count
    bytes.replaceSubrange(start..<end, with: Array(choice(Self.numbers).utf8))
  }
}
