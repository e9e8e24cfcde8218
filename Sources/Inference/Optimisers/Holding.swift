/// An optimiser that does not move along some directions: it sees gradients without their part along them.
///
/// For coordinates whose gradient misleads (``LogDensity/oscillatoryPositions``) and which others move.
public struct Holding<Base: Optimiser>: Optimiser {
  /// The method in all other directions.
  public let base: Base
  /// Orthonormal, in the coordinates at hand.
  public let directions: [[Double]]

  public init(_ base: Base, directions: [[Double]]) {
    self.base = base
    self.directions = directions
  }

  public var settings: String { base.settings + (directions.isEmpty ? "" : " holding=\(directions.count)") }
  public var usesGradient: Bool { base.usesGradient }
  public var survivesFailures: Bool { base.survivesFailures }

  public func makeState(dimension: Int) -> Base.State { base.makeState(dimension: dimension) }

  public func advance(_ theta: inout [Double], loss: Double, gradient: [Double], state: inout Base.State) {
    var smooth = gradient
    let from = theta
    if usesGradient { for direction in directions { smooth.removeComponent(along: direction) } }
    base.advance(&theta, loss: loss, gradient: smooth, state: &state)
    // A method that scales coordinates one by one leaves the plane all the same.
    for direction in directions {
      let drift = dot(theta, direction) - dot(from, direction)
      theta = theta.moved(by: -drift, along: direction)
    }
  }
}
