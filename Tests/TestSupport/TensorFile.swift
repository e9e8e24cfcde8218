public import Foundation

/// A safetensors file in the making.
public struct TensorFile {
  /// In the order of their numbers.
  public var tensors: [(name: String, type: String, shape: [Int], bytes: Data)] = []
  public var metadata: [String: String] = [:]

  public init() {}

  public mutating func add(_ name: String, _ values: [Float], shape: [Int]) {
    tensors.append((name, "F32", shape, values.withUnsafeBytes { Data($0) }))
  }

  /// Header and numbers.
  public var data: Data {
    var header: [String: Any] = [:]
    if !metadata.isEmpty { header["__metadata__"] = metadata }
    var (offset, body) = (0, Data())
    for tensor in tensors {
      header[tensor.name] = [
        "dtype": tensor.type, "shape": tensor.shape, "data_offsets": [offset, offset + tensor.bytes.count],
      ]
      offset += tensor.bytes.count
      body += tensor.bytes
    }
    let json = (try? JSONSerialization.data(withJSONObject: header, options: .sortedKeys)) ?? Data()
    return Self.wrapped(json) + body
  }

  /// A header with its length before it.
  public static func wrapped(_ json: Data) -> Data {
    withUnsafeBytes(of: UInt64(json.count).littleEndian) { Data($0) } + json
  }
}
