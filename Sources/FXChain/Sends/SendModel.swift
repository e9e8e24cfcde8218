import CKernels
import NumericCore

/// Bins that the kernels take at a time.
let chunkBins = Int(KERNEL_BINS)

/// A send effect as a matrix of transfer functions at the bins of a real transform, with its pullback.
///
/// Output o hears sum_i matrix[o * inputCount + i] x input i. In a pullback the matrix's cotangent takes the
/// matrix's place: X-bar with dL = sum over bins Re(conj(X-bar) dX), so that inner bins speak for their mirror
/// images too. Made once; calls do not allocate. A pullback belongs to the latest ``prepare(_:)`` and uses up what
/// it left.
protocol SendModel<Scalar>: AnyObject, Sendable {
  associatedtype Scalar: SignalScalar

  /// 1 or 2; an effect has two outputs.
  var inputCount: Int { get }
  var parameterCount: Int { get }
  /// Samples of the impulse response that can be heard.
  var length: Int { get }
  /// Interleaved complex spectra on the grid in use.
  var matrix: [SignalBuffer<Scalar>] { get }

  /// Takes constrained parameter values.
  func prepare(_ values: UnsafePointer<Double>)

  /// Adds the cotangents of the values, after everything else; sums do not depend on who computed what.
  func finishPullback(into values: UnsafeMutablePointer<Double>)
}

/// Number of bins of a chunk that exist, of `binCount`.
func bins(ofChunk index: Int, binCount: Int) -> Int { min(chunkBins, binCount - index * chunkBins) }

/// The memory of one send for one chunk of bins; each spectrum has all real parts, then all imaginary parts.
///
/// Unchecked sendable: it belongs to one ``SendTask``.
final class SendChunk<Scalar: SignalScalar>: @unchecked Sendable {
  static var stride: Int { 2 * chunkBins }
  private let storage: SignalBuffer<Scalar>
  /// The kernels' tables of the parts.
  let inputs: PointerTable<Scalar>
  let outputs: PointerTable<Scalar>
  let inputCotangents: PointerTable<Scalar>
  let outputCotangents: PointerTable<Scalar>

  init() {
    let storage = SignalBuffer<Scalar>(count: Self.stride * 8)
    self.storage = storage
    let part = { storage.pointer + Self.stride * $0 }
    inputs = PointerTable([part(0), part(1)])
    outputs = PointerTable([part(2), part(3)])
    inputCotangents = PointerTable([part(4), part(5)])
    outputCotangents = PointerTable([part(6), part(7)])
  }
}

/// A C array of pointers to samples.
///
/// Unchecked sendable: it is filled before tasks read it and not changed while they run.
final class PointerTable<Scalar: SignalScalar>: @unchecked Sendable {
  let pointer: UnsafeMutablePointer<UnsafeMutablePointer<Scalar>?>

  init(_ entries: [UnsafeMutablePointer<Scalar>]) {
    pointer = .allocate(capacity: max(entries.count, 1))
    for (index, entry) in entries.enumerated() { (pointer + index).initialize(to: entry) }
  }

  deinit { pointer.deallocate() }

  subscript(index: Int) -> UnsafeMutablePointer<Scalar> { pointer[index]! }

  /// The table as kernels take it that write to the samples.
  var targets: Kernels<Scalar>.RoomTable { UnsafePointer(pointer) }
  /// The table as kernels take it that only read them.
  var sources: Kernels<Scalar>.SampleTable {
    UnsafeRawPointer(pointer).assumingMemoryBound(to: UnsafePointer<Scalar>?.self)
  }
}
