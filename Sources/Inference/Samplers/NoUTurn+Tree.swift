import Foundation
import NumericCore

/// A stretch of a path: its ends in time, the sum of its momenta, the sum of its weights, and a draw by them.
struct Trajectory {
  /// The earliest and the latest point in the direction in which the stretch was made.
  var first: PhasePoint
  var last: PhasePoint
  var momentumSum: [Double]
  /// log sum exp(H_0 - H).
  var logWeight: Double
  var proposal: PhasePoint

  /// One point of weight 1.
  init(_ point: PhasePoint, logWeight: Double = 0) {
    (first, last, proposal) = (point, point, point)
    momentumSum = point.momentum
    self.logWeight = logWeight
  }

  /// Adds a stretch at one end.
  ///
  /// - Parameter forward: whether it continues `last`; otherwise it leads away from `first`, its own `last`
  ///   outermost.
  /// - Returns: false if the whole, or either half with the nearest point of the other, makes a U-turn.
  mutating func join(_ other: Trajectory, forward: Bool) -> Bool {
    let near = forward ? last.momentum : first.momentum
    let far = forward ? first.momentum : last.momentum
    let (otherNear, otherFar) = (other.first.momentum, other.last.momentum)
    let sum = zip(momentumSum, other.momentumSum).map(+)
    let goesOn =
      Self.goesOn(sum, far, otherFar)
      && Self.goesOn(zip(momentumSum, otherNear).map(+), far, otherNear)
      && Self.goesOn(zip(other.momentumSum, near).map(+), near, otherFar)
    if forward { last = other.last } else { first = other.last }
    momentumSum = sum
    logWeight = Self.logSum(logWeight, other.logWeight)
    return goesOn
  }

  private static func goesOn(_ sum: [Double], _ start: [Double], _ end: [Double]) -> Bool {
    dot(sum, start) > 0 && dot(sum, end) > 0
  }

  static func logSum(_ a: Double, _ b: Double) -> Double {
    let larger = max(a, b)
    return larger == -.infinity ? larger : larger + log1p(exp(min(a, b) - larger))
  }
}

/// What one transition of ``NoUTurn`` counts while its tree grows.
struct TreeGrowth {
  let startEnergy: Double
  let stepSize: Double
  private(set) var steps = 0
  /// Sum of the acceptance probabilities of all points.
  private(set) var acceptance = 0.0
  private(set) var hasDiverged = false
  private(set) var largestError = 0.0

  init(startEnergy: Double, stepSize: Double) {
    self.startEnergy = startEnergy
    self.stepSize = stepSize
  }

  /// A stretch of 2^depth steps from `edge`; nil if it diverges or turns back.
  mutating func build(
    depth: Int, from edge: PhasePoint, direction: Double, target: SamplingTarget, source: inout RandomSource
  ) throws -> Trajectory? {
    guard depth > 0 else { return try leaf(from: edge, direction: direction, target: target) }
    guard
      var tree = try build(
        depth: depth - 1, from: edge, direction: direction, target: target, source: &source),
      let rest = try build(
        depth: depth - 1, from: tree.last, direction: direction, target: target, source: &source)
    else { return nil }
    let whole = Trajectory.logSum(tree.logWeight, rest.logWeight)
    if source.nextUniform() < exp(rest.logWeight - whole) { tree.proposal = rest.proposal }
    return tree.join(rest, forward: true) ? tree : nil
  }

  private mutating func leaf(
    from edge: PhasePoint, direction: Double, target: SamplingTarget
  ) throws -> Trajectory? {
    var point = edge
    try point.leapfrog(direction * stepSize, target: target)
    steps += 1
    let error = point.energy - startEnergy
    if error.magnitude > largestError.magnitude { largestError = error }
    acceptance += min(1, exp(-error))
    guard error < PhasePoint.divergence else {
      hasDiverged = true
      return nil
    }
    return Trajectory(point, logWeight: -error)
  }
}
