import NumericCore

/// target = weights.0 first + weights.1 second.
@specialized(where Scalar == Float)
@specialized(where Scalar == Double)
func mix<Scalar: SignalScalar>(
  _ first: UnsafePointer<Scalar>, _ second: UnsafePointer<Scalar>, weights: (Double, Double),
  into target: UnsafeMutablePointer<Scalar>, count: Int
) {
  let (a, b) = (Scalar(weights.0), Scalar(weights.1))
  for n in 0..<count { target[n] = a * first[n] + b * second[n] }
}

/// target += weight source.
@specialized(where Scalar == Float)
@specialized(where Scalar == Double)
func accumulate<Scalar: SignalScalar>(
  _ source: UnsafePointer<Scalar>, weight: Double, into target: UnsafeMutablePointer<Scalar>, count: Int
) {
  let weight = Scalar(weight)
  for n in 0..<count { target[n] += weight * source[n] }
}

/// sum first second, accumulated in Double over eight lanes.
@specialized(where Scalar == Float)
@specialized(where Scalar == Double)
func innerProduct<Scalar: SignalScalar>(
  _ first: UnsafePointer<Scalar>, _ second: UnsafePointer<Scalar>, count: Int
) -> Double {
  var lanes = SIMD8<Double>.zero
  let whole = count - count % 8
  for n in stride(from: 0, to: whole, by: 8) {
    for lane in 0..<8 { lanes[lane] += Double(first[n + lane]) * Double(second[n + lane]) }
  }
  var sum = lanes.sum()
  for n in whole..<count { sum += Double(first[n]) * Double(second[n]) }
  return sum
}
