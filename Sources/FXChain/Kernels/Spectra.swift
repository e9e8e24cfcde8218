import NumericCore

/// Products of interleaved complex spectra of `count` bins. Arguments are different arrays.

/// target (+)= a conj(b).
func multiplyConjugate<Scalar: SignalScalar>(
  _ a: UnsafePointer<Scalar>, _ b: UnsafePointer<Scalar>, into target: UnsafeMutablePointer<Scalar>, count: Int,
  adding: Bool
) {
  let product = adding ? Scalar.kernels.spectra.multiplyConjugateAdd : Scalar.kernels.spectra.multiplyConjugate
  product(a, b, target, count)
}

/// target (+)= a b.
func multiply<Scalar: SignalScalar>(
  _ a: UnsafePointer<Scalar>, _ b: UnsafePointer<Scalar>, into target: UnsafeMutablePointer<Scalar>, count: Int,
  adding: Bool
) {
  let product = adding ? Scalar.kernels.spectra.multiplyAdd : Scalar.kernels.spectra.multiply
  product(a, b, target, count)
}

/// Inner product of two real signals of even length from their half spectra.
func spectralProduct<Scalar: SignalScalar>(
  _ a: UnsafePointer<Scalar>, _ b: UnsafePointer<Scalar>, binCount: Int
) -> Double {
  HalfSpectrum.innerProduct(a, b, binCount: binCount) { innerProduct($0, $1, count: $2) }
}
