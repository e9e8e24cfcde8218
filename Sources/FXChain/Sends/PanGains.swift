import Foundation

/// Equal-power pan: gains sqrt 2 (cos, sin)(position pi/2), unity at the centre position 1/2.
struct PanGains {
  let left: Double
  let right: Double

  init(_ position: Double) {
    left = 2.0.squareRoot() * cos(position * .pi / 2)
    right = 2.0.squareRoot() * sin(position * .pi / 2)
  }

  /// The gain of channel 0, left, or 1, right.
  subscript(channel: Int) -> Double { channel == 0 ? left : right }

  /// Cotangent of the position, given cotangents of the gains: d left = -pi/2 right, d right = pi/2 left.
  func pullback(left leftCotangent: Double, right rightCotangent: Double) -> Double {
    .pi / 2 * (left * rightCotangent - right * leftCotangent)
  }
}
