import NumericCore

/// Biquads in series on up to four signals at once, one lane each, with the stages kept for the pullback.
///
/// The lanes share coefficients, so the recursions, which latency bounds, cost what one signal would.
final class ToneFilter<Scalar: SignalScalar>: @unchecked Sendable {
  let stageCount: Int
  let length: Int
  /// stages[k]: input of stage k, four lanes interleaved; the last is the output.
  private let stages: [SignalBuffer<Scalar>]
  private let cotangent: SignalBuffer<Scalar>

  init(stageCount: Int, length: Int) {
    self.stageCount = stageCount
    self.length = length
    cotangent = SignalBuffer(count: 4 * length)
    stages = (0...stageCount).map { _ in SignalBuffer(count: 4 * length) }
  }

  /// Filters `scale` times the signals, from rest.
  func apply(
    _ coefficients: [BiquadCoefficients], to signals: [SignalBuffer<Scalar>], scale: Double,
    into filtered: [SignalBuffer<Scalar>]
  ) {
    for (lane, signal) in signals.enumerated() {
      interleave(signal.pointer, lane: lane, scale: scale, into: stages[0].pointer, count: length)
    }
    for (stage, coefficients) in coefficients.enumerated() {
      filterLanes(coefficients, input: stages[stage].pointer, output: stages[stage + 1].pointer, count: length)
    }
    for (lane, signal) in filtered.enumerated() {
      deinterleave(stages[stageCount].pointer, lane: lane, into: signal.pointer, count: length)
    }
  }

  /// Pulls `scale` times cotangents of the filtered signals back to cotangents of the scaled signals that entered the first stage
  /// (the caller applies the factor), handing those of each stage's coefficients to `body`, last stage first.
  func pullback(
    _ coefficients: [BiquadCoefficients], cotangents: [SignalBuffer<Scalar>], scale: Double,
    into signals: [SignalBuffer<Scalar>],
    _ body: (_ stage: Int, _ cotangent: BiquadCoefficients) -> Void
  ) {
    for (lane, signal) in cotangents.enumerated() {
      interleave(signal.pointer, lane: lane, scale: scale, into: cotangent.pointer, count: length)
    }
    for stage in stride(from: stageCount - 1, through: 0, by: -1) {
      body(
        stage,
        pullLanes(
          coefficients[stage], input: stages[stage].pointer, output: stages[stage + 1].pointer,
          cotangent: cotangent.pointer, count: length))
    }
    for (lane, signal) in signals.enumerated() {
      deinterleave(cotangent.pointer, lane: lane, into: signal.pointer, count: length)
    }
  }
}

@specialized(where Scalar == Float)
@specialized(where Scalar == Double)
private func interleave<Scalar: SignalScalar>(
  _ signal: UnsafePointer<Scalar>, lane: Int, scale: Double, into target: UnsafeMutablePointer<Scalar>, count: Int
) {
  let scale = Scalar(scale)
  for n in 0..<count { target[4 * n + lane] = scale * signal[n] }
}

@specialized(where Scalar == Float)
@specialized(where Scalar == Double)
private func deinterleave<Scalar: SignalScalar>(
  _ source: UnsafePointer<Scalar>, lane: Int, into signal: UnsafeMutablePointer<Scalar>, count: Int
) {
  for n in 0..<count { signal[n] = source[4 * n + lane] }
}

@inline(__always)
private func lanes<Scalar: SignalScalar>(_ pointer: UnsafePointer<Scalar>, _ n: Int) -> SIMD4<Double> {
  SIMD4(Double(pointer[4 * n]), Double(pointer[4 * n + 1]), Double(pointer[4 * n + 2]), Double(pointer[4 * n + 3]))
}

@inline(__always)
private func store<Scalar: SignalScalar>(_ value: SIMD4<Double>, _ pointer: UnsafeMutablePointer<Scalar>, _ n: Int)
{
  for lane in 0..<4 { pointer[4 * n + lane] = Scalar(value[lane]) }
}

@specialized(where Scalar == Float)
@specialized(where Scalar == Double)
private func filterLanes<Scalar: SignalScalar>(
  _ c: BiquadCoefficients, input: UnsafePointer<Scalar>, output: UnsafeMutablePointer<Scalar>, count: Int
) {
  var first = SIMD4<Double>.zero
  var second = SIMD4<Double>.zero
  for n in 0..<count {
    let x = lanes(input, n)
    let y = c.b0 * x + first
    first = c.b1 * x - c.a1 * y + second
    second = c.b2 * x - c.a2 * y
    store(y, output, n)
  }
}

/// ``pullBiquad`` with four lanes; the coefficients' cotangents are summed over the lanes.
@specialized(where Scalar == Float)
@specialized(where Scalar == Double)
private func pullLanes<Scalar: SignalScalar>(
  _ c: BiquadCoefficients, input: UnsafePointer<Scalar>, output: UnsafePointer<Scalar>,
  cotangent: UnsafeMutablePointer<Scalar>, count: Int
) -> BiquadCoefficients {
  var v1 = SIMD4<Double>.zero
  var v2 = SIMD4<Double>.zero
  var sums = (SIMD4<Double>.zero, SIMD4<Double>.zero, SIMD4<Double>.zero, SIMD4<Double>.zero, SIMD4<Double>.zero)
  for n in stride(from: count - 1, through: 0, by: -1) {
    let v = lanes(UnsafePointer(cotangent), n) - c.a1 * v1 - c.a2 * v2
    store(c.b0 * v + c.b1 * v1 + c.b2 * v2, cotangent, n)
    v2 = v1
    v1 = v
    sums.0 += v * lanes(input, n)
    if n >= 1 {
      sums.1 += v * lanes(input, n - 1)
      sums.3 += v * lanes(output, n - 1)
    }
    if n >= 2 {
      sums.2 += v * lanes(input, n - 2)
      sums.4 += v * lanes(output, n - 2)
    }
  }
  return BiquadCoefficients(
    b0: sums.0.sum(), b1: sums.1.sum(), b2: sums.2.sum(), a1: -sums.3.sum(), a2: -sums.4.sum())
}
