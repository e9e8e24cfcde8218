import CKernels
import NumericCore

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

/// outputs = matrix inputs, for one chunk of a send.
@specialized(where Scalar == Float)
@specialized(where Scalar == Double)
func sendResponse<Scalar: SignalScalar>(
  inputCount: Int, matrix: [SignalBuffer<Scalar>], _ chunk: SendChunk<Scalar>, index: Int, binCount: Int
) {
  let count = bins(ofChunk: index, binCount: binCount)
  if Scalar.self == Float.self {
    withMatrix(matrix, index, of: Float.self) {
      f32_send_response(
        inputCount, $0, sources(chunk.inputs, Float.self), targets(chunk.outputs, Float.self), count)
    }
  } else {
    withMatrix(matrix, index, of: Double.self) {
      f64_send_response(
        inputCount, $0, sources(chunk.inputs, Double.self), targets(chunk.outputs, Double.self), count)
    }
  }
}

/// The pullback of ``sendResponse(inputCount:matrix:_:index:binCount:)``: adds to the input cotangents and puts the
/// matrix's in its place.
@specialized(where Scalar == Float)
@specialized(where Scalar == Double)
func sendPullback<Scalar: SignalScalar>(
  inputCount: Int, matrix: [SignalBuffer<Scalar>], _ chunk: SendChunk<Scalar>, index: Int, binCount: Int
) {
  let count = bins(ofChunk: index, binCount: binCount)
  if Scalar.self == Float.self {
    withMatrix(matrix, index, of: Float.self) {
      f32_send_pullback(
        inputCount, $0, sources(chunk.inputs, Float.self), sources(chunk.outputCotangents, Float.self),
        targets(chunk.inputCotangents, Float.self), count)
    }
  } else {
    withMatrix(matrix, index, of: Double.self) {
      f64_send_pullback(
        inputCount, $0, sources(chunk.inputs, Double.self), sources(chunk.outputCotangents, Double.self),
        targets(chunk.inputCotangents, Double.self), count)
    }
  }
}

/// The sums over odd and over even echoes at every bin, given the spectrum H of one echo:
/// odd = H (1 + q + q^2 + ...), even = f H^2 (1 + q + ...), q = f^2 H^2.
func sumEchoes<Scalar: SignalScalar>(
  _ echo: UnsafePointer<Scalar>, feedback: Double, echoes: Int, odd: UnsafeMutablePointer<Scalar>,
  even: UnsafeMutablePointer<Scalar>, binCount: Int
) {
  if Scalar.self == Float.self {
    f32_echoes(single(echo), Float(feedback), Int32(echoes), single(odd), single(even), binCount)
  } else {
    f64_echoes(double(echo), feedback, Int32(echoes), double(odd), double(even), binCount)
  }
}

/// Pullback of ``sumEchoes``: replaces `odd`, which with `even` holds the transforms of the time-domain cotangents,
/// by the transform of the echo's time-domain cotangent, and returns the cotangent of the feedback.
///
/// `binCount` belongs to a real transform of even length: interior bins count twice.
func pullEchoes<Scalar: SignalScalar>(
  _ echo: UnsafePointer<Scalar>, feedback: Double, echoes: Int, odd: UnsafeMutablePointer<Scalar>,
  even: UnsafePointer<Scalar>, binCount: Int
) -> Double {
  let sum =
    Scalar.self == Float.self
    ? f32_echoes_pullback(single(echo), Float(feedback), Int32(echoes), single(odd), single(even), binCount)
    : f64_echoes_pullback(double(echo), feedback, Int32(echoes), double(odd), double(even), binCount)
  return sum / Double(2 * (binCount - 1))
}

/// A C table of where a chunk begins in each spectrum of a matrix.
@inline(__always)
private func withMatrix<Scalar: SignalScalar, T>(
  _ matrix: [SignalBuffer<Scalar>], _ index: Int, of type: T.Type,
  _ body: (UnsafePointer<UnsafeMutablePointer<T>?>) -> Void
) {
  withUnsafeTemporaryAllocation(of: UnsafeMutablePointer<T>?.self, capacity: 4) { table in
    for entry in 0..<matrix.count {
      let start = UnsafeMutableRawPointer(matrix[entry].pointer + 2 * chunkBins * index)
      table.initializeElement(at: entry, to: start.assumingMemoryBound(to: T.self))
    }
    body(UnsafePointer(table.baseAddress!))
  }
}

private func sources<Scalar: SignalScalar, T>(
  _ table: PointerTable<Scalar>, _ type: T.Type
) -> UnsafePointer<UnsafePointer<T>?> {
  UnsafeRawPointer(table.pointer).assumingMemoryBound(to: UnsafePointer<T>?.self)
}

private func targets<Scalar: SignalScalar, T>(
  _ table: PointerTable<Scalar>, _ type: T.Type
) -> UnsafePointer<UnsafeMutablePointer<T>?> {
  UnsafeRawPointer(table.pointer).assumingMemoryBound(to: UnsafeMutablePointer<T>?.self)
}
