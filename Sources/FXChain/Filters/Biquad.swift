import NumericCore

/// The memory of one biquad between blocks (transposed direct form II).
struct BiquadState {
  var first = 0.0
  var second = 0.0
}

/// Filters `count` samples, keeping the state; `input` and `output` may be the same array.
///
/// The recursion runs in Double whatever the sample type, since poles near the unit circle (30 Hz shelves) lose too
/// much in Float.
@specialized(where Scalar == Float)
@specialized(where Scalar == Double)
func filterBiquad<Scalar: SignalScalar>(
  _ coefficients: BiquadCoefficients, state: inout BiquadState, input: UnsafePointer<Scalar>,
  output: UnsafeMutablePointer<Scalar>, count: Int
) {
  let (b0, b1, b2) = (coefficients.b0, coefficients.b1, coefficients.b2)
  let (a1, a2) = (coefficients.a1, coefficients.a2)
  var (first, second) = (state.first, state.second)
  for n in 0..<count {
    let x = Double(input[n])
    let y = b0 * x + first
    first = b1 * x + second - a1 * y
    second = b2 * x - a2 * y
    output[n] = Scalar(y)
  }
  state = BiquadState(first: first, second: second)
}

/// The pullback of ``filterBiquad`` from rest over a whole signal.
///
/// With v the anticausal recursion v[n] = ybar[n] - a1 v[n+1] - a2 v[n+2]:
/// xbar[n] = sum_k b_k v[n+k], bbar_k = <v[n], x[n-k]>, abar_k = -<v[n], y[n-k]>
/// (the adjoint of an IIR filter is the same filter on reversed time; Yu & Fazekas, arXiv 2404.07970).
/// `cotangent` holds ybar on entry and xbar on return.
@specialized(where Scalar == Float)
@specialized(where Scalar == Double)
func pullBiquad<Scalar: SignalScalar>(
  _ coefficients: BiquadCoefficients, input: UnsafePointer<Scalar>, output: UnsafePointer<Scalar>,
  cotangent: UnsafeMutablePointer<Scalar>, count: Int
) -> BiquadCoefficients {
  let (b0, b1, b2) = (coefficients.b0, coefficients.b1, coefficients.b2)
  let (a1, a2) = (coefficients.a1, coefficients.a2)
  var sums = SIMD4<Double>.zero  // b1, b2, a1, a2
  var sumB0 = 0.0
  var (v1, v2) = (0.0, 0.0)
  for n in stride(from: count - 1, through: 0, by: -1) {
    let v = Double(cotangent[n]) - a1 * v1 - a2 * v2
    cotangent[n] = Scalar(b0 * v + b1 * v1 + b2 * v2)
    v2 = v1
    v1 = v
    sumB0 += v * Double(input[n])
    if n >= 2 {
      sums += v * SIMD4(Double(input[n - 1]), Double(input[n - 2]), Double(output[n - 1]), Double(output[n - 2]))
    } else if n == 1 {
      sums += v * SIMD4(Double(input[0]), 0, Double(output[0]), 0)
    }
  }
  return BiquadCoefficients(b0: sumB0, b1: sums[0], b2: sums[1], a1: -sums[2], a2: -sums[3])
}
