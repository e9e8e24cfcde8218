import Foundation

/// Arrays in NumPy's `.npy` format, version 1.0, row-major and little-endian.
enum NPYData {
  static func doubles(_ values: [Double], shape: [Int]) -> Data {
    var data = header("<f8", shape)
    values.map(\.bitPattern.littleEndian).withUnsafeBytes { data.append(contentsOf: $0) }
    return data
  }

  static func floats(_ values: [Float], shape: [Int]) -> Data {
    var data = header("<f4", shape)
    values.map(\.bitPattern.littleEndian).withUnsafeBytes { data.append(contentsOf: $0) }
    return data
  }

  static func integers(_ values: [Int], shape: [Int]) -> Data {
    var data = header("<i8", shape)
    values.map { Int64($0).littleEndian }.withUnsafeBytes { data.append(contentsOf: $0) }
    return data
  }

  static func booleans(_ values: [Bool], shape: [Int]) -> Data {
    var data = header("|b1", shape)
    data.append(contentsOf: values.map { $0 ? 1 : 0 })
    return data
  }

  /// An array of fixed-length Unicode strings, which needs no pickling to be read.
  static func strings(_ values: [String]) -> Data {
    let length = max(values.map(\.unicodeScalars.count).max() ?? 0, 1)
    var data = header("<U\(length)", [values.count])
    for value in values {
      var scalars = value.unicodeScalars.map(\.value.littleEndian)
      scalars += [UInt32](repeating: 0, count: length - scalars.count)
      scalars.withUnsafeBytes { data.append(contentsOf: $0) }
    }
    return data
  }

  private static func header(_ type: String, _ shape: [Int]) -> Data {
    let extents = shape.map { "\($0)," }.joined(separator: " ")
    var text = "{'descr': '\(type)', 'fortran_order': False, 'shape': (\(extents)), }"
    // Padded so that the values begin at a multiple of 64 bytes.
    let length = (10 + text.utf8.count + 1 + 63) / 64 * 64 - 10
    text += String(repeating: " ", count: length - text.utf8.count - 1) + "\n"
    return Data([0x93] + Array("NUMPY".utf8) + [1, 0, UInt8(length & 255), UInt8(length >> 8)] + Array(text.utf8))
  }
}
