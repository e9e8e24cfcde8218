/// The cubic B-spline beta(t) on (-2, 2), a smooth kernel of unit integral and variance 1 / 3, at the four integers
/// around a point.
///
/// For a point a fraction t of the way from knot i to knot i + 1, entry j belongs to the spline centred at knot
/// i - 1 + j (Unser 1999, doi:10.1109/79.799930).
struct CubicBasisSpline {
  /// beta.
  let density: SIMD4<Double>
  /// beta'.
  let derivative: SIMD4<Double>
  /// The integral of beta up to the point.
  let below: SIMD4<Double>
  /// The integral of beta beyond the point.
  let above: SIMD4<Double>

  init(fraction t: Double) {
    let s = 1 - t
    let (t2, s2) = (t * t, s * s)
    let (t3, s3) = (t2 * t, s2 * s)
    density = SIMD4(s3, 4 - 6 * t2 + 3 * t3, 4 - 6 * s2 + 3 * s3, t3) / 6
    derivative = SIMD4(-s2, t * (3 * t - 4), s * (4 - 3 * s), t2) / 2
    // Tails of the outer splines are quartics without cancellation; the inner ones are integrated from the knot.
    let outerAbove = s2 * s2 / 24
    let outerBelow = t2 * t2 / 24
    let innerFirst = (4 * t - 2 * t3 + 0.75 * t2 * t2) / 6
    let innerSecond = (4 * s - 2 * s3 + 0.75 * s2 * s2) / 6
    below = SIMD4(1 - outerAbove, 0.5 + innerFirst, 0.5 - innerSecond, outerBelow)
    above = SIMD4(outerAbove, 0.5 - innerFirst, 0.5 + innerSecond, 1 - outerBelow)
  }
}
