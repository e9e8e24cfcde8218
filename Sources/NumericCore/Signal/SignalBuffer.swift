import Foundation

/// A fixed-size array of samples, aligned to cache lines, made once and reused: the storage of every workspace.
///
/// It hands out its pointer for the kernels; the owner keeps the buffer alive while they run.
public final class SignalBuffer<Scalar: SignalScalar>: @unchecked Sendable {
  public let count: Int
  public let pointer: UnsafeMutablePointer<Scalar>

  /// A buffer of `count` zeros.
  public init(count: Int) {
    self.count = count
    let raw = UnsafeMutableRawPointer.allocate(
      byteCount: max(count, 1) * MemoryLayout<Scalar>.stride, alignment: 64)
    pointer = raw.bindMemory(to: Scalar.self, capacity: max(count, 1))
    pointer.initialize(repeating: 0, count: max(count, 1))
  }

  public convenience init(_ samples: some Collection<Scalar>) {
    self.init(count: samples.count)
    for (index, sample) in samples.enumerated() { pointer[index] = sample }
  }

  deinit { UnsafeMutableRawPointer(pointer).deallocate() }

  public subscript(index: Int) -> Scalar {
    get {
      precondition(index >= 0 && index < count)
      return pointer[index]
    }
    set {
      precondition(index >= 0 && index < count)
      pointer[index] = newValue
    }
  }

  public var array: [Scalar] { Array(UnsafeBufferPointer(start: pointer, count: count)) }

  /// Sets all samples, or those of a range, to zero.
  public func clear(_ range: Range<Int>? = nil) {
    let range = range ?? 0..<count
    precondition(range.lowerBound >= 0 && range.upperBound <= count)
    (pointer + range.lowerBound).update(repeating: 0, count: range.count)
  }
}
