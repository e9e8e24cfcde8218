/// An optimiser in white coordinates: it walks in z, where theta = centre + L z, and sees the gradient L^T g.
///
/// In the coordinates of a Gaussian prior the prior's part of the loss is alpha |z|^2 / 2: equally curved in all
/// directions, which no method that starts from the identity could know of the logits.
public struct Whitened<Base: Optimiser>: Optimiser {
  /// The method that is given white coordinates.
  public let base: Base
  /// The map between z and theta.
  public let coordinates: WhiteCoordinates

  public init(_ base: Base, coordinates: WhiteCoordinates) {
    self.base = base
    self.coordinates = coordinates
  }

  public var settings: String { "whitened " + base.settings }
  public var usesGradient: Bool { base.usesGradient }
  public var survivesFailures: Bool { base.survivesFailures }

  public func makeState(dimension: Int) -> State {
    precondition(
      dimension == coordinates.parameterCount,
      "\(dimension) parameters of a space of \(coordinates.parameterCount)")
    return State(
      white: [], dimension: coordinates.dimension, base: base.makeState(dimension: coordinates.dimension))
  }

  public func advance(_ theta: inout [Double], loss: Double, gradient: [Double], state: inout State) {
    // The base's own point is kept, because white(theta(z)) is z but for rounding only.
    if state.white.isEmpty { state.white = coordinates.white(theta) }
    base.advance(
      &state.white, loss: loss, gradient: usesGradient ? coordinates.pullback(gradient) : [], state: &state.base)
    theta = coordinates.theta(state.white)
  }

  // MARK: - State

  /// The base's state, and the proposed point in white coordinates.
  public struct State: OptimiserState {
    /// Empty before the first evaluation.
    fileprivate(set) var white: [Double]
    /// How many coordinates there are: fewer than parameters where some are pinned.
    private let dimension: Int
    /// The state of the base, in white coordinates.
    public fileprivate(set) var base: Base.State

    public var stepCount: Int { base.stepCount }
    public var isExhausted: Bool { base.isExhausted }
    public var arrays: [String: [Double]] {
      base.arrays.merging(["white": white, "white_dimension": [Double(dimension)]]) { $1 }
    }

    fileprivate init(white: [Double], dimension: Int, base: Base.State) {
      self.white = white
      self.dimension = dimension
      self.base = base
    }

    public init?(stepCount: Int, dimension: Int, arrays: [String: [Double]]) {
      guard let white = arrays["white"], let stored = arrays["white_dimension"], stored.count == 1,
        let own = Int(exactly: stored[0]), (1...dimension).contains(own), white.isEmpty || white.count == own,
        let base = Base.State(stepCount: stepCount, dimension: own, arrays: arrays)
      else { return nil }
      self.init(white: white, dimension: own, base: base)
    }
  }
}
