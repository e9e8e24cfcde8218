import NumericCore

/// A mono effect fed block by block: what comes out may lag what went in, until the last block flushes it.
protocol StreamingStage<Scalar>: AnyObject {
  associatedtype Scalar: SignalScalar

  /// Appends to `output` what can be computed with the samples of `input`, and everything left if `isLast`.
  func process(_ input: [Scalar], isLast: Bool, into output: inout [Scalar])
}
