import CKernels
import NumericCore

/// Products of interleaved complex spectra of `count` bins. Arguments are different arrays.

/// target (+)= a conj(b).
func multiplyConjugate<Scalar: SignalScalar>(
  _ a: UnsafePointer<Scalar>, _ b: UnsafePointer<Scalar>, into target: UnsafeMutablePointer<Scalar>, count: Int,
  adding: Bool
) {
  switch (Scalar.self == Float.self, adding) {
  case (true, true): f32_multiply_conjugate_add(single(a), single(b), single(target), count)
  case (true, false): f32_multiply_conjugate(single(a), single(b), single(target), count)
  case (false, true): f64_multiply_conjugate_add(double(a), double(b), double(target), count)
  case (false, false): f64_multiply_conjugate(double(a), double(b), double(target), count)
  }
}

/// target (+)= a b.
func multiply<Scalar: SignalScalar>(
  _ a: UnsafePointer<Scalar>, _ b: UnsafePointer<Scalar>, into target: UnsafeMutablePointer<Scalar>, count: Int,
  adding: Bool
) {
  switch (Scalar.self == Float.self, adding) {
  case (true, true): f32_multiply_add(single(a), single(b), single(target), count)
  case (true, false): f32_multiply(single(a), single(b), single(target), count)
  case (false, true): f64_multiply_add(double(a), double(b), double(target), count)
  case (false, false): f64_multiply(double(a), double(b), double(target), count)
  }
}

/// Inner product of two real signals of even length `count` from their half spectra.
func spectralProduct<Scalar: SignalScalar>(
  _ a: UnsafePointer<Scalar>, _ b: UnsafePointer<Scalar>, count: Int
) -> Double {
  let last = count / 2
  let edges = Double(a[0]) * Double(b[0]) + Double(a[2 * last]) * Double(b[2 * last])
  return (2 * innerProduct(a + 2, b + 2, count: count - 2) + edges) / Double(count)
}
