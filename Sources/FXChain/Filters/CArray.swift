/// Elements of an array of doubles in a C structure, which Swift sees as a tuple.
enum CArray {
  @inline(__always)
  static func element<Tuple: BitwiseCopyable>(_ index: Int, of array: Tuple) -> Double {
    check(index, Tuple.self)
    return withUnsafeBytes(of: array) {
      $0.load(fromByteOffset: index * MemoryLayout<Double>.stride, as: Double.self)
    }
  }

  @inline(__always)
  static func set<Tuple: BitwiseCopyable>(_ index: Int, of array: inout Tuple, to value: Double) {
    check(index, Tuple.self)
    withUnsafeMutableBytes(of: &array) {
      $0.storeBytes(of: value, toByteOffset: index * MemoryLayout<Double>.stride, as: Double.self)
    }
  }

  @inline(__always)
  private static func check<Tuple>(_ index: Int, _: Tuple.Type) {
    let count = MemoryLayout<Tuple>.size / MemoryLayout<Double>.stride
    precondition((0..<count).contains(index), "Element \(index) of an array of \(count)")
  }
}
