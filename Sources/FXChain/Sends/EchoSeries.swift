import Foundation
import NumericCore

/// sin(pi d)/pi and cos(pi d), from the distance to the nearest integer: rounding pi d itself would cost relative
/// precision next to an integer delay, where the sine is small and the sinc divides by as small a distance.
private func halfTurns(_ delay: Double) -> (sine: Double, cosine: Double) {
  let nearest = delay.rounded()
  let sign: Double = nearest.remainder(dividingBy: 2) == 0 ? 1 : -1
  return (sign * sin(.pi * (delay - nearest)) / .pi, sign * cos(.pi * (delay - nearest)))
}

/// sinc(n - delay) for n in 0 ..< count, by one sine: sin(pi (n - d)) = -(-1)^n sin(pi d).
@specialized(where Scalar == Float)
@specialized(where Scalar == Double)
func fillSinc<Scalar: SignalScalar>(_ target: UnsafeMutablePointer<Scalar>, count: Int, delay: Double) {
  let (sine, _) = halfTurns(delay)
  for n in 0..<count {
    let distance = Double(n) - delay
    if abs(distance) < 1e-6 {
      target[n] = Scalar(1 - (.pi * distance) * (.pi * distance) / 6)
    } else {
      target[n] = Scalar((n & 1 == 0 ? -sine : sine) / distance)
    }
  }
}

/// <cotangent, d/d delay sinc(n - delay)>.
@specialized(where Scalar == Float)
@specialized(where Scalar == Double)
func sincSlopeProduct<Scalar: SignalScalar>(
  _ cotangent: UnsafePointer<Scalar>, count: Int, delay: Double
) -> Double {
  let (sine, cosine) = halfTurns(delay)
  var sum = 0.0
  for n in 0..<count {
    let distance = Double(n) - delay
    let slope: Double
    if abs(distance) < 1e-3 {
      slope = .pi * .pi / 3 * distance
    } else {
      let sinc = (n & 1 == 0 ? -sine : sine) / distance
      slope = (sinc - (n & 1 == 0 ? cosine : -cosine)) / distance
    }
    sum += Double(cotangent[n]) * slope
  }
  return sum
}

/// A complex number of the kernels below.
struct Complex<Scalar: SignalScalar> {
  var re: Scalar
  var im: Scalar

  @inline(__always) init(_ re: Scalar, _ im: Scalar) {
    self.re = re
    self.im = im
  }
  @inline(__always) static func + (a: Self, b: Self) -> Self { Self(a.re + b.re, a.im + b.im) }
  @inline(__always) static func * (a: Self, b: Self) -> Self {
    Self(a.re * b.re - a.im * b.im, a.re * b.im + a.im * b.re)
  }
  @inline(__always) static func * (a: Scalar, b: Self) -> Self { Self(a * b.re, a * b.im) }
  @inline(__always) var conjugate: Self { Self(re, -im) }
  /// Re(conj(self) other): the real inner product.
  @inline(__always) func dot(_ other: Self) -> Scalar { re * other.re + im * other.im }
}

/// The sums over odd and over even echoes at every bin, given the spectrum H of one echo:
/// odd = H (1 + q + q^2 + ...), even = f H^2 (1 + q + ...), q = f^2 H^2.
@specialized(where Scalar == Float)
@specialized(where Scalar == Double)
func sumEchoes<Scalar: SignalScalar>(
  _ echo: UnsafePointer<Scalar>, feedback: Double, echoes: Int, odd: UnsafeMutablePointer<Scalar>,
  even: UnsafeMutablePointer<Scalar>, binCount: Int
) {
  let f = Scalar(feedback)
  let (oddTerms, evenTerms) = ((echoes + 1) / 2, echoes / 2)
  for bin in 0..<binCount {
    let h = Complex(echo[2 * bin], echo[2 * bin + 1])
    let q = (f * f) * (h * h)
    // The two sums differ by at most one term.
    var sum = Complex<Scalar>(evenTerms > 0 ? 1 : 0, 0)
    for _ in 1..<max(evenTerms, 1) { sum = Complex(1, 0) + q * sum }
    let evenSum = f * (h * h) * sum
    if oddTerms > evenTerms { sum = Complex(1, 0) + q * sum }
    let oddSum = h * sum
    odd[2 * bin] = oddSum.re
    odd[2 * bin + 1] = oddSum.im
    even[2 * bin] = evenSum.re
    even[2 * bin + 1] = evenSum.im
  }
}

/// Pullback of ``sumEchoes``: replaces `odd`, which with `even` holds the transforms of the time-domain cotangents, by
/// the transform of the echo's time-domain cotangent, and returns the cotangent of the feedback.
///
/// `binCount` belongs to a real transform of even length: interior bins count twice.
@specialized(where Scalar == Float)
@specialized(where Scalar == Double)
func pullEchoes<Scalar: SignalScalar>(
  _ echo: UnsafePointer<Scalar>, feedback: Double, echoes: Int, odd: UnsafeMutablePointer<Scalar>,
  even: UnsafePointer<Scalar>, binCount: Int
) -> Double {
  let f = Scalar(feedback)
  let (oddTerms, evenTerms) = ((echoes + 1) / 2, echoes / 2)
  var feedbackSum = 0.0
  for bin in 0..<binCount {
    let h = Complex(echo[2 * bin], echo[2 * bin + 1])
    let h2 = h * h
    let q = (f * f) * h2
    // G_n(q) = 1 + q + ... + q^(n-1) with its derivative alongside.
    var evenSum = Complex<Scalar>(evenTerms > 0 ? 1 : 0, 0)
    var evenSlope = Complex<Scalar>(0, 0)
    for _ in 1..<max(evenTerms, 1) {
      evenSlope = evenSum + q * evenSlope
      evenSum = Complex(1, 0) + q * evenSum
    }
    var (oddSum, oddSlope) = (evenSum, evenSlope)
    if oddTerms > evenTerms {
      oddSlope = evenSum + q * evenSlope
      oddSum = Complex(1, 0) + q * evenSum
    }
    // odd = h G_o(q), even = f h^2 G_e(q), dq/dh = 2 f^2 h, dq/df = 2 f h^2.
    let oddByH = oddSum + 2 * (q * oddSlope)
    let evenByH = (2 * f) * (h * (evenSum + q * evenSlope))
    let oddByF = (2 * f) * (h * (h2 * oddSlope))
    let evenByF = h2 * (evenSum + 2 * (q * evenSlope))

    let oddBar = Complex(odd[2 * bin], odd[2 * bin + 1])
    let evenBar = Complex(even[2 * bin], even[2 * bin + 1])
    let share = Double(oddBar.dot(oddByF) + evenBar.dot(evenByF))
    feedbackSum += bin == 0 || bin == binCount - 1 ? share : 2 * share
    let echoBar = oddBar * oddByH.conjugate + evenBar * evenByH.conjugate
    odd[2 * bin] = echoBar.re
    odd[2 * bin + 1] = echoBar.im
  }
  return feedbackSum / Double(2 * (binCount - 1))
}
