import NumericCore

/// Takes a chunk out of an interleaved spectrum of `binCount` bins; past its end there are zeros.
func split<Scalar: SignalScalar>(
  _ spectrum: UnsafePointer<Scalar>, chunk index: Int, binCount: Int, into chunk: UnsafeMutablePointer<Scalar>
) {
  let (source, count) = (spectrum + 2 * chunkBins * index, bins(ofChunk: index, binCount: binCount))
  Scalar.kernels.sends.splitChunk(source, chunk, count)
}

/// Puts a chunk into an interleaved spectrum.
func merge<Scalar: SignalScalar>(
  _ chunk: UnsafePointer<Scalar>, chunk index: Int, binCount: Int, into spectrum: UnsafeMutablePointer<Scalar>
) {
  let (target, count) = (spectrum + 2 * chunkBins * index, bins(ofChunk: index, binCount: binCount))
  Scalar.kernels.sends.mergeChunk(chunk, target, count)
}

/// outputs = matrix inputs, for one chunk of a send.
@specialized(where Scalar == Float)
@specialized(where Scalar == Double)
func sendResponse<Scalar: SignalScalar>(
  inputCount: Int, matrix: [SignalBuffer<Scalar>], _ chunk: SendChunk<Scalar>, index: Int, binCount: Int
) {
  let count = bins(ofChunk: index, binCount: binCount)
  withMatrix(matrix, index) {
    Scalar.kernels.sends.response(inputCount, $0, chunk.inputs.sources, chunk.outputs.targets, count)
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
  withMatrix(matrix, index) {
    Scalar.kernels.sends.pullback(
      inputCount, $0, chunk.inputs.sources, chunk.outputCotangents.sources, chunk.inputCotangents.targets, count)
  }
}

/// The sums over odd and over even echoes at every bin, given the spectrum H of one echo:
/// odd = H (1 + q + q^2 + ...), even = f H^2 (1 + q + ...), q = f^2 H^2.
func sumEchoes<Scalar: SignalScalar>(
  _ echo: UnsafePointer<Scalar>, feedback: Double, echoes: Int, odd: UnsafeMutablePointer<Scalar>,
  even: UnsafeMutablePointer<Scalar>, binCount: Int
) {
  Scalar.kernels.sends.echoes(echo, Scalar(feedback), Int32(echoes), odd, even, binCount)
}

/// Pullback of ``sumEchoes``: replaces `odd`, which with `even` holds the transforms of the time-domain cotangents,
/// by the transform of the echo's time-domain cotangent, and returns the cotangent of the feedback.
///
/// `binCount` belongs to a real transform of even length: interior bins count twice.
func pullEchoes<Scalar: SignalScalar>(
  _ echo: UnsafePointer<Scalar>, feedback: Double, echoes: Int, odd: UnsafeMutablePointer<Scalar>,
  even: UnsafePointer<Scalar>, binCount: Int
) -> Double {
  let sum = Scalar.kernels.sends.echoesPullback(echo, Scalar(feedback), Int32(echoes), odd, even, binCount)
  return sum / Double(HalfSpectrum<Scalar>.sampleCount(binCount: binCount))
}

/// A C table of where a chunk begins in each spectrum of a matrix.
@inline(__always)
private func withMatrix<Scalar: SignalScalar>(
  _ matrix: [SignalBuffer<Scalar>], _ index: Int, _ body: (Kernels<Scalar>.RoomTable) -> Void
) {
  withUnsafeTemporaryAllocation(of: UnsafeMutablePointer<Scalar>?.self, capacity: 4) { table in
    for entry in 0..<matrix.count {
      table.initializeElement(at: entry, to: matrix[entry].pointer + 2 * chunkBins * index)
    }
    body(UnsafePointer(table.baseAddress!))
  }
}
