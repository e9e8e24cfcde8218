import CKernels
import NumericCore

/// Bins that the models take at a time.
let chunkBins = Int(KERNEL_BINS)

/// A send effect as a transfer function at the bins of a real transform, with its pullback.
///
/// The bins come in chunks. Made once for a grid and a number of tasks that share the chunks out; calls do not
/// allocate. A pullback belongs to the latest ``prepare(_:)`` and uses up what it left.
protocol SendModel<Scalar>: AnyObject, Sendable {
  associatedtype Scalar: SignalScalar

  /// 1 or 2; an effect has two outputs.
  var inputCount: Int { get }
  var parameterCount: Int { get }
  /// Scratch that a chunk needs besides inputs, outputs and their cotangents, in chunks.
  var scratchCount: Int { get }

  /// Takes constrained parameter values; what does not belong to one chunk is computed here.
  func prepare(_ values: UnsafePointer<Double>)

  /// Sets the outputs from the inputs.
  func respond(_ index: Int, _ chunk: SendChunk<Scalar>)

  /// Forgets the sums of a task, before its first ``pull(_:_:task:)``.
  func beginPullback(task: Int)

  /// Adds to the input cotangents what the output cotangents say, and keeps what they say about the parameters.
  func pull(_ index: Int, _ chunk: SendChunk<Scalar>, task: Int)

  /// Adds the cotangents of the values, after all chunks; sums do not depend on who computed what.
  func finishPullback(into values: UnsafeMutablePointer<Double>)
}

/// What one send works with at one chunk of bins: so many real parts, then so many imaginary parts, each.
///
/// Cotangents X-bar are such that dL = sum over bins Re(conj(X-bar) dX); those of interior bins speak for their mirror
/// images too.
struct SendChunk<Scalar: SignalScalar>: @unchecked Sendable {
  static var stride: Int { 2 * chunkBins }
  /// Chunks before the scratch.
  private static var fixed: Int { 8 }
  private let storage: SignalBuffer<Scalar>

  init(scratchCount: Int) { storage = SignalBuffer(count: Self.stride * (Self.fixed + scratchCount)) }

  private func part(_ index: Int) -> UnsafeMutablePointer<Scalar> { storage.pointer + Self.stride * index }

  func input(_ index: Int) -> UnsafeMutablePointer<Scalar> { part(index) }
  func output(_ channel: Int) -> UnsafeMutablePointer<Scalar> { part(2 + channel) }
  func inputCotangent(_ index: Int) -> UnsafeMutablePointer<Scalar> { part(4 + index) }
  func outputCotangent(_ channel: Int) -> UnsafeMutablePointer<Scalar> { part(6 + channel) }
  func scratch(_ index: Int) -> UnsafeMutablePointer<Scalar> { part(Self.fixed + index) }
}

/// Number of bins of a chunk that exist, of `binCount`.
func bins(ofChunk index: Int, binCount: Int) -> Int { min(chunkBins, binCount - index * chunkBins) }

/// Takes a chunk out of an interleaved spectrum of `binCount` bins; past its end there are zeros.
func split<Scalar: SignalScalar>(
  _ spectrum: UnsafePointer<Scalar>, chunk index: Int, binCount: Int, into chunk: UnsafeMutablePointer<Scalar>
) {
  let (source, count) = (spectrum + 2 * chunkBins * index, bins(ofChunk: index, binCount: binCount))
  if Scalar.self == Float.self {
    f32_split(single(source), single(chunk), count)
  } else {
    f64_split(double(source), double(chunk), count)
  }
}

/// Puts a chunk into an interleaved spectrum.
func merge<Scalar: SignalScalar>(
  _ chunk: UnsafePointer<Scalar>, chunk index: Int, binCount: Int, into spectrum: UnsafeMutablePointer<Scalar>
) {
  let (target, count) = (spectrum + 2 * chunkBins * index, bins(ofChunk: index, binCount: binCount))
  if Scalar.self == Float.self {
    f32_merge(single(chunk), single(target), count)
  } else {
    f64_merge(double(chunk), double(target), count)
  }
}
