import FileOutput
import Foundation

/// A file of named arrays to be written in the safetensors format, which ``SafeTensors`` reads.
///
/// The same arrays and texts give the same bytes.
public struct SafeTensorsWriter: Sendable {
  /// What is said about the arrays, by name.
  public var metadata: [String: String]

  private var tensors: [(name: String, type: String, shape: [Int], bytes: Data)] = []

  /// A file without arrays.
  public init(metadata: [String: String] = [:]) { self.metadata = metadata }

  /// Adds an array, row by row, in single precision.
  public mutating func add(_ name: String, _ numbers: [Float], shape: [Int]) {
    precondition(numbers.count == shape.reduce(1, *), "\(numbers.count) numbers do not have the shape \(shape)")
    tensors.append((name, "F32", shape, numbers.withUnsafeBytes { Data($0) }))
  }

  /// Adds an array, row by row, in double precision.
  public mutating func add(_ name: String, _ numbers: [Double], shape: [Int]) {
    precondition(numbers.count == shape.reduce(1, *), "\(numbers.count) numbers do not have the shape \(shape)")
    tensors.append((name, "F64", shape, numbers.withUnsafeBytes { Data($0) }))
  }

  /// Writes the file, whole or not at all.
  ///
  /// - Throws: `OutputError`.
  public func write(to path: String, overwrite: Bool) throws {
    var header: [String: Any] = metadata.isEmpty ? [:] : ["__metadata__": metadata]
    var end = 0
    for tensor in tensors {
      header[tensor.name] = [
        "dtype": tensor.type, "shape": tensor.shape, "data_offsets": [end, end + tensor.bytes.count],
      ]
      end += tensor.bytes.count
    }
    var json = try JSONSerialization.data(withJSONObject: header, options: [.sortedKeys, .withoutEscapingSlashes])
    // Spaces up to a multiple of eight bytes, as the reference implementation has it: numbers are then aligned.
    json += Data(repeating: UInt8(ascii: " "), count: (8 - json.count % 8) % 8)
    var data = withUnsafeBytes(of: UInt64(json.count).littleEndian) { Data($0) } + json
    data.reserveCapacity(data.count + end)
    for tensor in tensors { data += tensor.bytes }
    try OutputFile.write(data, to: path, overwrite: overwrite)
  }
}
