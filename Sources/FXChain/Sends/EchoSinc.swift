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
