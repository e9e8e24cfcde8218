import Glibc
import NumericCore

/// target = factor source; `source` may be `target`.
func scale<Scalar: SignalScalar>(
  _ source: UnsafePointer<Scalar>, by factor: Double, into target: UnsafeMutablePointer<Scalar>, count: Int
) {
  Scalar.kernels.arithmetic.scale(source, Scalar(factor), target, count)
}

/// target += weight source.
func accumulate<Scalar: SignalScalar>(
  _ source: UnsafePointer<Scalar>, weight: Double, into target: UnsafeMutablePointer<Scalar>, count: Int
) {
  Scalar.kernels.arithmetic.addScaled(source, Scalar(weight), target, count)
}

/// target = weights.0 first + weights.1 second; `second` may not be `target`.
func mix<Scalar: SignalScalar>(
  _ first: UnsafePointer<Scalar>, _ second: UnsafePointer<Scalar>, weights: (Double, Double),
  into target: UnsafeMutablePointer<Scalar>, count: Int
) {
  scale(first, by: weights.0, into: target, count: count)
  accumulate(second, weight: weights.1, into: target, count: count)
}

/// sum first second, accumulated in Double.
func innerProduct<Scalar: SignalScalar>(
  _ first: UnsafePointer<Scalar>, _ second: UnsafePointer<Scalar>, count: Int
) -> Double {
  Scalar.kernels.arithmetic.dot(first, second, count)
}

/// target = source, which may overlap; in generic code the standard library copies element by element.
func copy<Scalar: SignalScalar>(
  _ source: UnsafePointer<Scalar>, into target: UnsafeMutablePointer<Scalar>, count: Int
) {
  memmove(target, source, count * MemoryLayout<Scalar>.stride)
}

/// target = 0.
func clear<Scalar: SignalScalar>(_ target: UnsafeMutablePointer<Scalar>, count: Int) {
  memset(target, 0, count * MemoryLayout<Scalar>.stride)
}
