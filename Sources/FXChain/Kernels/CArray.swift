/// An array of doubles in a C structure, which Swift sees as a tuple.
enum CArray {
  /// Calls `body` with the elements in place: a large array is not copied.
  @inline(__always)
  static func withElements<Tuple: BitwiseCopyable, Result>(
    of array: inout Tuple, _ body: (UnsafeMutableBufferPointer<Double>) -> Result
  ) -> Result {
    withUnsafeMutableBytes(of: &array) { body($0.assumingMemoryBound(to: Double.self)) }
  }

  /// An element of a small array.
  @inline(__always)
  static func element<Tuple: BitwiseCopyable>(_ index: Int, of array: Tuple) -> Double {
    var array = array
    return withElements(of: &array) {
      check(index, $0.count)
      return $0[index]
    }
  }

  @inline(__always)
  static func set<Tuple: BitwiseCopyable>(_ index: Int, of array: inout Tuple, to value: Double) {
    withElements(of: &array) {
      check(index, $0.count)
      $0[index] = value
    }
  }

  @inline(__always)
  private static func check(_ index: Int, _ count: Int) {
    precondition((0..<count).contains(index), "Element \(index) of an array of \(count)")
  }
}
