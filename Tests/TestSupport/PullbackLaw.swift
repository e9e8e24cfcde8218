import NumericCore
public import Testing

/// A hand-written gradient equals the central difference of its function in Double, along random directions and in the
/// coordinates where the gradient is largest; a gradient that is not finite or zero everywhere fails.
///
/// Coordinate i is moved in steps of `step * scale[i]`: scales proportional to a signal keep its zero samples zero and its
/// signs as they are, which is what functions with kinks at zero need. Errors are measured against the norm of the scaled
/// gradient, the size of a typical directional derivative.
///
/// - Parameter scale: one positive number or zero a coordinate; 1 everywhere if absent.
public func checkPullback(
  of function: ([Double]) -> Double, gradient: [Double], at point: [Double], scale: [Double]? = nil,
  directions: Int = 4, coordinates: Int = 4, step: Double = 1e-4, tolerance: Double = 1e-6, seed: UInt64 = 1,
  _ comment: Comment? = nil, sourceLocation: SourceLocation = #_sourceLocation
) {
  let scale = scale ?? Array(repeating: 1, count: point.count)
  guard gradient.count == point.count, gradient.allSatisfy(\.isFinite) else {
    Issue.record(
      "the gradient is not finite or has \(gradient.count) entries, not \(point.count)",
      sourceLocation: sourceLocation)
    return
  }
  let scaled = zip(gradient, scale).map { $0 * $1 }
  let norm = scaled.reduce(0) { $0 + $1 * $1 }.squareRoot()
  #expect(norm > 0, "the gradient is zero everywhere", sourceLocation: sourceLocation)

  func check(_ direction: [Double], _ name: String) {
    let expected = centralDifference(
      of: { offset in function(zip(point, direction).map { $0 + offset[0] * $1 }) }, at: [0], coordinate: 0,
      step: step)
    let found = zip(gradient, direction).reduce(0) { $0 + $1.0 * $1.1 }
    #expect(
      (found - expected).magnitude <= tolerance * max(norm, found.magnitude),
      "\(comment.map { "\($0): " } ?? "")\(name): pullback \(found), central difference \(expected), norm \(norm)",
      sourceLocation: sourceLocation)
  }

  var source = RandomSource(seed: seed)
  for index in 0..<directions {
    check(scale.map { $0 * Double.random(in: -1...1, using: &source) }, "direction \(index)")
  }
  for coordinate in scaled.indices.sorted(by: { scaled[$0].magnitude > scaled[$1].magnitude }).prefix(coordinates) {
    var direction = [Double](repeating: 0, count: point.count)
    direction[coordinate] = scale[coordinate]
    check(direction, "coordinate \(coordinate)")
  }
}
