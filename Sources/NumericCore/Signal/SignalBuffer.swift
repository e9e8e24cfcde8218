import Foundation

/// A fixed-size array of samples, aligned to cache lines, made once and reused: the storage of every workspace.
///
/// It hands out its pointer for the kernels; the owner keeps the buffer alive while they run.
///
/// Unchecked sendable: the owner sees to it that threads write to ranges of their own, or take turns.
public final class SignalBuffer<Scalar: SignalScalar>: @unchecked Sendable {
  /// Number of samples.
  public let count: Int
  /// The first sample, aligned to 64 bytes; valid as long as the buffer lives.
  public let pointer: UnsafeMutablePointer<Scalar>

  /// A buffer of `count` zeros.
  public convenience init(count: Int) { self.init(count: count, capacity: count) }

  /// A buffer of `count` zeros, with more zeros behind them up to `capacity` for those who work with the pointer: a
  /// transform longer than the signal reads them in place.
  public init(count: Int, capacity: Int) {
    precondition(capacity >= count, "A capacity of \(capacity) does not hold \(count) samples")
    self.count = count
    let capacity = max(capacity, 1)
    let raw = UnsafeMutableRawPointer.allocate(byteCount: capacity * MemoryLayout<Scalar>.stride, alignment: 64)
    pointer = raw.bindMemory(to: Scalar.self, capacity: capacity)
    // All bits zero is the number zero.
    memset(raw, 0, capacity * MemoryLayout<Scalar>.stride)
  }

  /// A buffer with a copy of the samples.
  public convenience init(_ samples: some Collection<Scalar>) {
    self.init(count: samples.count)
    _ = UnsafeMutableBufferPointer(start: pointer, count: count).update(from: samples)
  }

  deinit { UnsafeMutableRawPointer(pointer).deallocate() }

  /// One sample; the index is checked.
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

  /// A copy of the samples.
  public var array: [Scalar] { Array(UnsafeBufferPointer(start: pointer, count: count)) }

  /// Sets all samples, or those of a range, to zero.
  public func clear(_ range: Range<Int>? = nil) {
    let range = range ?? 0..<count
    precondition(range.lowerBound >= 0 && range.upperBound <= count)
    memset(pointer + range.lowerBound, 0, range.count * MemoryLayout<Scalar>.stride)
  }
}
