import NumericCore

/// Pointers to samples as the C kernels of one precision take them.
///
/// A generic function asks `Scalar.self == Float.self` and calls one kernel or the other; the loops are in C, so
/// nothing is gained from specialising the caller.
@inline(__always)
func single<Scalar: SignalScalar>(_ pointer: UnsafePointer<Scalar>) -> UnsafePointer<Float> {
  UnsafeRawPointer(pointer).assumingMemoryBound(to: Float.self)
}

@inline(__always)
func single<Scalar: SignalScalar>(_ pointer: UnsafeMutablePointer<Scalar>) -> UnsafeMutablePointer<Float> {
  UnsafeMutableRawPointer(pointer).assumingMemoryBound(to: Float.self)
}

@inline(__always)
func double<Scalar: SignalScalar>(_ pointer: UnsafePointer<Scalar>) -> UnsafePointer<Double> {
  UnsafeRawPointer(pointer).assumingMemoryBound(to: Double.self)
}

@inline(__always)
func double<Scalar: SignalScalar>(_ pointer: UnsafeMutablePointer<Scalar>) -> UnsafeMutablePointer<Double> {
  UnsafeMutableRawPointer(pointer).assumingMemoryBound(to: Double.self)
}
