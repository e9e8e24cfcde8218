import NumericCore

/// Products of interleaved complex spectra of `count` bins.

/// target (+)= a conj(b).
@specialized(where Scalar == Float)
@specialized(where Scalar == Double)
func multiplyConjugate<Scalar: SignalScalar>(
  _ a: UnsafePointer<Scalar>, _ b: UnsafePointer<Scalar>, into target: UnsafeMutablePointer<Scalar>, count: Int,
  adding: Bool
) {
  if adding {
    for k in 0..<count {
      let (ar, ai, br, bi) = (a[2 * k], a[2 * k + 1], b[2 * k], b[2 * k + 1])
      target[2 * k] += ar * br + ai * bi
      target[2 * k + 1] += ai * br - ar * bi
    }
  } else {
    for k in 0..<count {
      let (ar, ai, br, bi) = (a[2 * k], a[2 * k + 1], b[2 * k], b[2 * k + 1])
      target[2 * k] = ar * br + ai * bi
      target[2 * k + 1] = ai * br - ar * bi
    }
  }
}

/// a *= b.
@specialized(where Scalar == Float)
@specialized(where Scalar == Double)
func multiply<Scalar: SignalScalar>(_ a: UnsafeMutablePointer<Scalar>, _ b: UnsafePointer<Scalar>, count: Int) {
  for k in 0..<count {
    let (ar, ai, br, bi) = (a[2 * k], a[2 * k + 1], b[2 * k], b[2 * k + 1])
    a[2 * k] = ar * br - ai * bi
    a[2 * k + 1] = ar * bi + ai * br
  }
}

/// target (+)= a b.
@specialized(where Scalar == Float)
@specialized(where Scalar == Double)
func multiply<Scalar: SignalScalar>(
  _ a: UnsafePointer<Scalar>, _ b: UnsafePointer<Scalar>, into target: UnsafeMutablePointer<Scalar>, count: Int,
  adding: Bool
) {
  if adding {
    for k in 0..<count {
      let (ar, ai, br, bi) = (a[2 * k], a[2 * k + 1], b[2 * k], b[2 * k + 1])
      target[2 * k] += ar * br - ai * bi
      target[2 * k + 1] += ar * bi + ai * br
    }
  } else {
    for k in 0..<count {
      let (ar, ai, br, bi) = (a[2 * k], a[2 * k + 1], b[2 * k], b[2 * k + 1])
      target[2 * k] = ar * br - ai * bi
      target[2 * k + 1] = ar * bi + ai * br
    }
  }
}

/// target = factor source.
@specialized(where Scalar == Float)
@specialized(where Scalar == Double)
func scale<Scalar: SignalScalar>(
  _ source: UnsafePointer<Scalar>, by factor: Double, into target: UnsafeMutablePointer<Scalar>, count: Int
) {
  let factor = Scalar(factor)
  for n in 0..<count { target[n] = factor * source[n] }
}

/// Inner product of two real signals of even length `count` from their half spectra.
@specialized(where Scalar == Float)
@specialized(where Scalar == Double)
func spectralProduct<Scalar: SignalScalar>(
  _ a: UnsafePointer<Scalar>, _ b: UnsafePointer<Scalar>, count: Int
) -> Double {
  let last = count / 2
  var sum = 0.0
  for k in 1..<last { sum += Double(a[2 * k]) * Double(b[2 * k]) + Double(a[2 * k + 1]) * Double(b[2 * k + 1]) }
  let edges = Double(a[0]) * Double(b[0]) + Double(a[2 * last]) * Double(b[2 * last])
  return (2 * sum + edges) / Double(count)
}
