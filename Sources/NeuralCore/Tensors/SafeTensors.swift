import FileOutput
import Foundation

/// A file of named arrays in the safetensors format: a header in JSON, then the numbers (huggingface/safetensors).
///
/// Numbers are read when they are asked for, an array at a time. Nothing of the file is executed.
public struct SafeTensors: Sendable {
  /// A named array.
  public struct Entry: Sendable, Hashable {
    /// As the file spells it: `F32`, `BF16`, `I64`.
    public let type: String
    /// Slowest index first; empty for a scalar.
    public let shape: [Int]
    /// Where its bytes are in the file.
    let range: Range<Int>

    /// Numbers of the array.
    public var count: Int { shape.reduce(1, *) }
  }

  /// The file.
  public let path: String
  /// The arrays by their names.
  public let entries: [String: Entry]
  /// What the writer added, as text.
  public let metadata: [String: String]
  private let file: OpenFile

  /// As the reference implementation allows.
  private static let longestHeader = 100_000_000
  private static let widths = [
    "F64": 8, "I64": 8, "U64": 8, "F32": 4, "I32": 4, "U32": 4, "F16": 2, "BF16": 2, "I16": 2, "U16": 2, "I8": 1,
    "U8": 1,
    "BOOL": 1, "F8_E4M3": 1, "F8_E5M2": 1,
  ]

  /// Opens a file and checks its header.
  ///
  /// - Throws: `FileReadError`, ``SafeTensorsError``.
  public init(path: String) throws {
    self.path = path
    let file = try OpenFile(path: path)
    let size = file.size
    let begin = try file.bytes(0..<8)
    func refuse(_ reason: String) -> SafeTensorsError { .notSafeTensors(path: path, reason: reason) }
    // A zip, or the opcode that begins a pickle.
    guard !begin.starts(with: [0x50, 0x4B, 0x03, 0x04]), !begin.starts(with: [0x80, 0x02]) else {
      throw SafeTensorsError.isCheckpoint(path: path)
    }
    guard begin.count == 8 else { throw refuse("it has \(begin.count) bytes") }
    let length = begin.reversed().reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
    guard length <= Self.longestHeader else { throw refuse("its header would have \(length) bytes") }
    let start = 8 + Int(length)
    guard start <= size else { throw SafeTensorsError.truncated(path: path, bytes: size, expected: start) }
    let header: Header
    do {
      header = try JSONDecoder().decode(Header.self, from: file.bytes(8..<start))
    } catch is DecodingError { throw refuse("its header is not the JSON of one") }
    (entries, metadata) = (
      try Self.placed(header.tensors, start: start, size: size, path: path), header.metadata
    )
    self.file = file
  }

  /// The arrays with their places, which must follow one another to the end of the file, as the format has it.
  private static func placed(
    _ tensors: [String: Header.Tensor], start: Int, size: Int, path: String
  ) throws -> [String: Entry] {
    var end = 0
    var entries: [String: Entry] = [:]
    for (name, tensor) in tensors.sorted(by: {
      ($0.value.begin, $0.value.end, $0.key) < ($1.value.begin, $1.value.end, $1.key)
    }) {
      var bytes = widths[tensor.dtype]
      guard bytes != nil else { throw SafeTensorsError.wrongType(path: path, tensor: name, found: tensor.dtype) }
      for size in tensor.shape {
        bytes = bytes.flatMap { size < 0 ? nil : $0.multipliedReportingOverflow(by: size) }
          .flatMap { $0.overflow ? nil : $0.partialValue }
      }
      guard let bytes, tensor.begin == end, tensor.end >= tensor.begin, tensor.end - tensor.begin == bytes else {
        throw SafeTensorsError.notSafeTensors(
          path: path, reason: "the bytes \(tensor.begin) to \(tensor.end) of \(name) are not those of its shape")
      }
      end = tensor.end
      guard end <= Int.max - start else {
        throw SafeTensorsError.notSafeTensors(path: path, reason: "\(name) ends at byte \(end)")
      }
      entries[name] = Entry(
        type: tensor.dtype, shape: tensor.shape, range: start + tensor.begin..<start + tensor.end)
    }
    guard start + end <= size else {
      throw SafeTensorsError.truncated(path: path, bytes: size, expected: start + end)
    }
    guard start + end == size else {
      throw SafeTensorsError.notSafeTensors(
        path: path, reason: "\(size - start - end) bytes follow the last tensor")
    }
    return entries
  }

  /// The numbers of an array of a given shape, row by row.
  ///
  /// - Throws: `FileReadError`; ``SafeTensorsError`` where it is missing, has another shape or type, or a number
  ///   that is not finite.
  public func floats(_ name: String, shape: [Int]) throws -> [Float] {
    let entry = try entry(name, shape: shape)
    let data = try bytes(of: entry)
    let numbers: [Float] = data.withUnsafeBytes { bytes in
      switch entry.type {
      case "F32":
        [Float](unsafeUninitializedCapacity: entry.count) { target, count in
          _ = bytes.copyBytes(to: UnsafeMutableRawBufferPointer(target))
          count = entry.count
        }
      case "BF16":
        (0..<entry.count).map {
          Float(
            bitPattern: UInt32(UInt16(littleEndian: bytes.loadUnaligned(fromByteOffset: 2 * $0, as: UInt16.self)))
              << 16)
        }
      default:
        (0..<entry.count).map { half(bytes.loadUnaligned(fromByteOffset: 2 * $0, as: UInt16.self)) }
      }
    }
    guard numbers.allSatisfy(\.isFinite) else { throw SafeTensorsError.notFinite(path: path, tensor: name) }
    return numbers
  }

  /// The numbers of an array of double precision of a given shape, row by row.
  ///
  /// - Throws: `FileReadError`; ``SafeTensorsError`` where it is missing, has another shape or type, or a number
  ///   that is not finite.
  public func doubles(_ name: String, shape: [Int]) throws -> [Double] {
    let entry = try entry(name, shape: shape, types: ["F64"])
    let data = try bytes(of: entry)
    let numbers = data.withUnsafeBytes { bytes in
      (0..<entry.count).map { bytes.loadUnaligned(fromByteOffset: 8 * $0, as: Double.self) }
    }
    guard numbers.allSatisfy(\.isFinite) else { throw SafeTensorsError.notFinite(path: path, tensor: name) }
    return numbers
  }

  private func bytes(of entry: Entry) throws -> Data {
    let data = try file.bytes(entry.range)
    guard data.count == entry.range.count else {
      throw SafeTensorsError.truncated(
        path: path, bytes: entry.range.lowerBound + data.count, expected: entry.range.upperBound)
    }
    return data
  }

  /// Checks that an array is there with a shape and a type that ``floats(_:shape:)`` reads.
  ///
  /// - Throws: ``SafeTensorsError``.
  @discardableResult
  public func entry(_ name: String, shape: [Int]) throws -> Entry {
    try entry(name, shape: shape, types: ["F32", "F16", "BF16"])
  }

  private func entry(_ name: String, shape: [Int], types: [String]) throws -> Entry {
    guard let entry = entries[name] else { throw SafeTensorsError.missing(path: path, tensor: name) }
    guard entry.shape == shape else {
      throw SafeTensorsError.wrongShape(path: path, tensor: name, found: entry.shape, expected: shape)
    }
    guard types.contains(entry.type) else {
      throw SafeTensorsError.wrongType(path: path, tensor: name, found: entry.type)
    }
    return entry
  }
}

/// A number of half precision: the toolchain has no `Float16` on every platform.
private func half(_ bits: UInt16) -> Float {
  let (sign, exponent, fraction) = (bits >> 15, Int(bits >> 10 & 31), Float(bits & 1023))
  let magnitude: Float =
    switch exponent {
    case 0: fraction * 0x1p-24
    case 31: fraction == 0 ? .infinity : .nan
    default: (1024 + fraction) * Float(sign: .plus, exponent: exponent - 25, significand: 1)
    }
  return sign == 1 ? -magnitude : magnitude
}

/// The header's JSON: arrays by name, and `__metadata__`.
private struct Header: Decodable {
  struct Tensor: Decodable {
    let dtype: String
    let shape: [Int]
    let begin, end: Int

    private enum CodingKeys: String, CodingKey {
      case dtype, shape
      case offsets = "data_offsets"
    }

    init(from decoder: any Decoder) throws {
      let values = try decoder.container(keyedBy: CodingKeys.self)
      dtype = try values.decode(String.self, forKey: .dtype)
      shape = try values.decode([Int].self, forKey: .shape)
      let offsets = try values.decode([Int].self, forKey: .offsets)
      guard offsets.count == 2, offsets[0] >= 0, offsets[1] >= 0 else {
        throw DecodingError.dataCorruptedError(forKey: .offsets, in: values, debugDescription: "not two places")
      }
      (begin, end) = (offsets[0], offsets[1])
    }
  }

  private struct Name: CodingKey {
    let stringValue: String
    var intValue: Int? { nil }
    init(stringValue: String) { self.stringValue = stringValue }
    init?(intValue _: Int) { nil }
  }

  var tensors: [String: Tensor] = [:]
  var metadata: [String: String] = [:]

  init(from decoder: any Decoder) throws {
    let values = try decoder.container(keyedBy: Name.self)
    for name in values.allKeys {
      if name.stringValue == "__metadata__" {
        metadata = try values.decode([String: String].self, forKey: name)
      } else {
        tensors[name.stringValue] = try values.decode(Tensor.self, forKey: name)
      }
    }
  }
}
