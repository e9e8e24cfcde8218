package import Foundation

/// An array of a NumPy `.npy` file (format versions 1 to 3), in row-major order.
///
/// Element types: f4, f8 and i4, i8 of either byte order, and b1.
package struct NPYArray {
  enum Values {
    case numbers([Double])
    case integers([Int])
    case booleans([Bool])
  }

  let path: String
  package let shape: [Int]
  let values: Values

  package init(path: String) throws { try self.init(contents(ofFile: path), path: path) }

  /// - Parameter path: what errors call the array.
  package init(_ data: Data, path: String) throws {
    let header = try NPYHeader(data, path: path)
    let count = header.shape.reduce(1, *)
    let size = header.elementType.size
    let available = data.count - header.length
    guard available >= count * size else {
      throw DataError(
        .malformed, path,
        "\(path) is cut off: its header promises \(count * size) bytes of values but there are \(available); "
          + "copy it again.")
    }
    func decode<Element>(_ element: (UnsafeRawBufferPointer, Int) -> Element) -> [Element] {
      data.withUnsafeBytes { bytes in
        (0..<count).map { position in
          element(bytes, header.length + header.storagePosition(ofRowMajor: position) * size)
        }
      }
    }
    func bits<Bits: FixedWidthInteger>(_ bytes: UnsafeRawBufferPointer, _ offset: Int, as type: Bits.Type) -> Bits {
      let raw = bytes.loadUnaligned(fromByteOffset: offset, as: type)
      return header.isBigEndian ? Bits(bigEndian: raw) : Bits(littleEndian: raw)
    }
    self.path = path
    shape = header.shape
    values =
      switch header.elementType {
      case .float32: .numbers(decode { Double(Float(bitPattern: bits($0, $1, as: UInt32.self))) })
      case .float64: .numbers(decode { Double(bitPattern: bits($0, $1, as: UInt64.self)) })
      case .int32: .integers(decode { Int(bits($0, $1, as: Int32.self)) })
      case .int64: .integers(decode { Int(bits($0, $1, as: Int64.self)) })
      case .boolean: .booleans(decode { $0[$1] != 0 })
      }
  }

  // MARK: - Access by type

  package func numbers() throws -> [Double] {
    guard case .numbers(let values) = values else { throw wrongType("floating-point numbers") }
    return values
  }

  package func integers() throws -> [Int] {
    guard case .integers(let values) = values else { throw wrongType("integers") }
    return values
  }

  package func booleans() throws -> [Bool] {
    guard case .booleans(let values) = values else { throw wrongType("booleans") }
    return values
  }

  private func wrongType(_ expected: String) -> DataError {
    let found =
      switch values {
      case .numbers: "floating-point numbers"
      case .integers: "integers"
      case .booleans: "booleans"
      }
    return DataError(.malformed, path, "\(path) holds \(found) where \(expected) are expected: check the file.")
  }
}
