/// L-BFGS in all directions but those of oscillatory parameters, and a parabola through values along each of these,
/// in turn.
///
/// Along a oscillatory parameter (``LogDensity/oscillatoryPositions``) the gradient is that of ripples, hundreds of
/// times as steep as the trend, and would spoil every quasi-Newton direction. So L-BFGS is told of gradients
/// without their part along `directions`, and leaves these parameters where they are. Whenever its last two
/// accepted points together gained less than ``stall``, or it has accepted ``patience`` points, or its line search
/// fails, the directions are scanned: values at both sides of the present point, ``reach`` away, then at the
/// minimum of the parabola through the three, at most twice as far; the best of the four is where L-BFGS goes on,
/// with all that it remembers. The next scan reaches as far as this one moved, within ``reach`` and a third of it.
///
/// Without directions it is L-BFGS and no more.
public struct ScanningLBFGS: Optimiser, Hashable {
  /// The method in all other directions.
  public let descent: LBFGS
  /// Orthonormal, in the coordinates at hand.
  public let directions: [[Double]]
  /// How far from the present point values are asked for: in white coordinates, standard deviations of the prior.
  public let reach: Double
  /// The gain of two accepted points that counts as none, in units of the loss.
  public let stall: Double
  /// Accepted points between scans, at most.
  public let patience: Int

  /// Shortenings of a step that end a descent.
  static let shorteningLimit = 4

  /// - Precondition: the reach is positive, the stall not negative, the patience positive.
  public init(
    descent: LBFGS, directions: [[Double]], reach: Double = 0.3, stall: Double = 0.003, patience: Int = 8
  ) {
    precondition(
      reach > 0 && reach.isFinite && stall >= 0 && patience > 0, "Reach \(reach), stall \(stall), \(patience)")
    self.descent = descent
    self.directions = directions
    self.reach = reach
    self.stall = stall
    self.patience = patience
  }

  /// For a posterior in white coordinates: a Hessian of about `curvature` in unseen directions, and 0.003 of it for
  /// a gain that counts as none. The constants served best of those tried (docs/posteriors.md).
  ///
  /// - Parameters:
  ///   - curvature: the Hessian in unseen directions, such as ``ObjectiveWeights/expectedCurvature``.
  ///   - oscillatoryPositions: positions of the parameters to move by values.
  ///   - coordinates: those that the method is to walk in.
  ///   - growth: see ``LBFGS/growth``.
  public init(
    curvature: Double, oscillatoryPositions: [Int], coordinates: WhiteCoordinates, growth: Double = 1.5
  ) {
    self.init(
      descent: LBFGS(memory: 40, longestStep: 3, curvature: curvature, patience: 1, growth: growth),
      directions: coordinates.directions(moving: oscillatoryPositions), stall: 0.003 * curvature)
  }

  public var settings: String {
    guard !directions.isEmpty else { return descent.settings }
    return descent.settings
      + " scanning=\(directions.count) reach=\(reach) stall=\(stall) scan_patience=\(patience)"
  }
  public var survivesFailures: Bool { true }

  public func makeState(dimension: Int) -> State {
    State(
      descent: descent.makeState(dimension: dimension), reaches: Array(repeating: reach, count: directions.count))
  }

  public func advance(_ theta: inout [Double], loss: Double, gradient: [Double], state: inout State) {
    var smooth = gradient
    for direction in directions { smooth.removeComponent(along: direction) }
    guard state.scan != nil else { return descend(&theta, loss: loss, gradient: smooth, state: &state) }
    state.note(theta, loss: loss, gradient: smooth)
    guard let scan = state.scan,
      let offset = nextOffset(of: scan, reach: state.reaches[scan.direction], base: state.descent.loss)
    else {
      return finishScan(&theta, state: &state)
    }
    theta = state.descent.base.moved(by: offset, along: directions[scan.direction])
  }

  private func descend(_ theta: inout [Double], loss: Double, gradient: [Double], state: inout State) {
    let told = theta
    descent.advance(&theta, loss: loss, gradient: gradient, state: &state.descent)
    guard !directions.isEmpty else { return }
    if state.descent.base == told { state.accepted.append(state.descent.loss) }
    let path = state.accepted
    let isStalled = path.count > 2 && path[path.count - 3] - path[path.count - 1] < stall
    let hasFailed = state.descent.isExhausted || state.descent.shortenings >= Self.shorteningLimit
    if isStalled || hasFailed || path.count > patience { startScan(of: 0, &theta, state: &state) }
  }

  // MARK: - Scans

  private func startScan(of direction: Int, _ theta: inout [Double], state: inout State) {
    state.scan = Scan(direction: direction)
    state.descent.isExhausted = false
    theta = state.descent.base.moved(by: state.reaches[direction], along: directions[direction])
  }

  /// Where along the direction to look next: at the other side, then at the minimum of the parabola.
  private func nextOffset(of scan: Scan, reach: Double, base: Double) -> Double? {
    guard scan.losses.count > 1 else { return -reach }
    guard scan.losses.count == 2, scan.losses.allSatisfy(\.isFinite) else { return nil }
    let (above, below) = (scan.losses[0], scan.losses[1])
    let slope = (above - below) / (2 * reach)
    let bend = (above + below - 2 * base) / (reach * reach)
    guard bend > 0 else { return above < below ? 2 * reach : -2 * reach }
    return min(max(-slope / bend, -2 * reach), 2 * reach)
  }

  private func finishScan(_ theta: inout [Double], state: inout State) {
    guard let scan = state.scan else { return }
    let move = state.takeBest(along: directions[scan.direction])
    state.reaches[scan.direction] = min(max(abs(move), reach / 3), reach)
    state.hasMoved = (scan.direction > 0 && state.hasMoved) || move != 0
    if scan.direction + 1 < directions.count {
      return startScan(of: scan.direction + 1, &theta, state: &state)
    }
    state.scan = nil
    state.accepted = [state.descent.loss]
    descent.begin(&theta, state: &state.descent)
    // Nowhere to go but along the directions, which may lead further.
    if state.descent.isExhausted, state.hasMoved { startScan(of: 0, &theta, state: &state) }
  }

  /// Values asked for along one direction, and the best of them that is better than the base.
  struct Scan: Sendable, Hashable {
    let direction: Int
    var losses: [Double] = []
    var best: Point?

    struct Point: Sendable, Hashable {
      let position: [Double]
      let loss: Double
      let gradient: [Double]
    }
  }
}
