import FileOutput
public import Foundation

/// An FX chain of REAPER (`.RfxChain`): plain text in which each plugin's state is three blocks of base64.
///
/// The layout is read off chains that REAPER saved: `test/fixtures/90srock.RfxChain` of fuzzinvaders/presetbook (no
/// `<FXCHAIN` around the plugins, lines of 128 characters) and `reaper_fx` of OuthenticLtd/Daw2Daw (the number of
/// bytes of the state, 12 bytes before the end of the header).
public struct ReaperChain: Sendable, Hashable {
  /// The words of the header of a plugin with two channels in and two out.
  static let stereoPins: [UInt32] = [0xFEED_5EEE, 2, 1, 0, 2, 0, 2, 1, 0, 2, 0, 1, 0x10_0000]

  /// One of REAPER's own plugins with its state.
  public struct Plugin: Sendable, Hashable {
    /// The line that names it, without the bracket.
    let head: String
    /// What REAPER keeps of its pins; the number of bytes of the state is filled in.
    let header: [UInt8]
    /// The plugin's own bytes.
    public let state: Data

    /// - Parameters:
    ///   - name: such as ReaEQ.
    ///   - pins: the words of the header after the plugin's number, without the number of bytes.
    ///   - number: four letters, as VST 2 identifies a plugin.
    init(name: String, number: String, pins: [UInt32], state: Data) {
      let letters = Array(number.utf8)
      let code = letters.reduce(UInt32(0)) { $0 << 8 | UInt32($1) }
      let file = name.lowercased()
      // What VST 3 hosts call a VST 2 plugin: "VST", its number, and its name in lower case.
      let identifier = (Array("VST".utf8) + letters + Array(file.utf8) + [UInt8](repeating: 0, count: 16)).prefix(
        16)
      let digits = identifier.map { String(format: "%02X", $0) }.joined()
      head = "VST \"VST: \(name) (Cockos)\" \(file).dll 0 \"\" \(code)<\(digits)> \"\""
      header = Self.bytes([code] + pins.dropLast(2) + [0] + pins.suffix(2))
      self.state = state
    }
  }

  /// In the order of the signal.
  public var plugins: [Plugin]

  public init(_ plugins: [Plugin]) { self.plugins = plugins }

  /// The text of the file. Identifiers of instances are left to REAPER.
  public var text: String {
    plugins.map { plugin in
      "BYPASS 0 0\n<\(plugin.head)\n" + plugin.blocks.map { "  \($0)\n" }.joined() + ">\nWAK 0 0\n"
    }.joined()
  }

  /// Writes the file, completely or not at all.
  public func write(to path: String, overwrite: Bool) throws {
    try OutputFile.write(Data(text.utf8), to: path, overwrite: overwrite)
  }
}

extension ReaperChain.Plugin {
  /// The name of a program that has none, then the version of the layout.
  private static let trailer = "AAAQAAAA"

  fileprivate var blocks: [String] {
    var header = header
    let size = withUnsafeBytes(of: UInt32(state.count).littleEndian) { Array($0) }
    header.replaceSubrange(header.count - 12..<header.count - 8, with: size)
    let lines = state.base64EncodedString()
    let width = 128
    let wrapped = stride(from: 0, to: lines.count, by: width).map { start in
      String(lines.dropFirst(start).prefix(width))
    }
    return [Data(header).base64EncodedString()] + wrapped + [Self.trailer]
  }

  /// Numbers of 32 bits, little-endian, as REAPER's headers consist of.
  static func bytes(_ numbers: [UInt32]) -> [UInt8] {
    numbers.flatMap { number in withUnsafeBytes(of: number.littleEndian) { Array($0) } }
  }
}

/// Bytes of a plugin's state, little-endian.
struct StateBytes {
  private(set) var data = Data()

  mutating func append(_ value: Int32) { withUnsafeBytes(of: value.littleEndian) { data.append(contentsOf: $0) } }
  mutating func append(_ value: UInt16) { withUnsafeBytes(of: value.littleEndian) { data.append(contentsOf: $0) } }
  mutating func append(_ value: UInt8) { data.append(value) }

  mutating func append(_ value: Double) {
    withUnsafeBytes(of: value.bitPattern.littleEndian) { data.append(contentsOf: $0) }
  }

  mutating func append(_ value: Float) {
    withUnsafeBytes(of: value.bitPattern.littleEndian) { data.append(contentsOf: $0) }
  }

  mutating func append(bytes: [UInt8]) { data.append(contentsOf: bytes) }
}
