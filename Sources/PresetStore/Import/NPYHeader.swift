import Foundation

/// The header of a `.npy` file: a Python dictionary of element type, order and shape.
struct NPYHeader {
  enum ElementType: String {
    case float32 = "f4"
    case float64 = "f8"
    case int32 = "i4"
    case int64 = "i8"
    case boolean = "b1"

    var size: Int {
      switch self {
      case .float32, .int32: 4
      case .float64, .int64: 8
      case .boolean: 1
      }
    }
  }

  let elementType: ElementType
  let isBigEndian: Bool
  let isFortranOrder: Bool
  let shape: [Int]
  /// Where the values begin, in bytes.
  let length: Int

  init(_ data: Data, path: String) throws {
    func malformed(_ reason: String) -> DataError {
      DataError(.malformed, path, "\(path) is not a usable .npy file (\(reason)): save it again with numpy.save.")
    }
    let bytes = [UInt8](data.prefix(12))
    guard bytes.starts(with: [0x93] + Array("NUMPY".utf8)), bytes.count >= 10 else {
      throw malformed("it does not begin with the NumPy signature")
    }
    guard (1...3).contains(bytes[6]) else { throw malformed("its format version is \(bytes[6])") }
    let isLong = bytes[6] > 1
    guard !isLong || bytes.count == 12 else { throw malformed("its header is cut off") }
    let start = isLong ? 12 : 10
    let count = bytes[8..<start].reversed().reduce(0) { $0 << 8 | Int($1) }
    guard data.count >= start + count else { throw malformed("its header is cut off") }
    let header = String(decoding: data.dropFirst(start).prefix(count), as: UTF8.self)
    length = start + count

    guard let description = header.firstMatch(of: /'descr'\s*:\s*'([<>|=]?)([a-zA-Z][0-9]+)'/) else {
      throw malformed("its element type is not a plain one")
    }
    guard let elementType = ElementType(rawValue: String(description.2)) else {
      throw malformed("elements of type \(description.2) are not supported, only f4, f8, i4, i8 and b1")
    }
    self.elementType = elementType
    isBigEndian = description.1 == ">"
    guard let order = header.firstMatch(of: /'fortran_order'\s*:\s*(True|False)/) else {
      throw malformed("its header has no fortran_order")
    }
    isFortranOrder = order.1 == "True"
    guard let extents = header.firstMatch(of: /'shape'\s*:\s*\(([0-9, ]*)\)/) else {
      throw malformed("its header has no shape")
    }
    shape = extents.1.split(separator: ",").compactMap { Int($0.trimmingCharacters(in: .whitespaces)) }
    // The product must not overflow in a file made to do so.
    var product = 1
    for extent in shape {
      let (next, overflow) = product.multipliedReportingOverflow(by: extent)
      guard !overflow, next < 1 << 48 else { throw malformed("its shape \(shape) is too large") }
      product = next
    }
  }

  /// Where the element of a row-major position is stored, counted in elements.
  func storagePosition(ofRowMajor position: Int) -> Int {
    guard isFortranOrder else { return position }
    var rest = position
    var stride = shape.reduce(1, *)
    var storage = 0
    for extent in shape.reversed() {
      stride /= extent
      storage += rest % extent * stride
      rest /= extent
    }
    return storage
  }
}
