extension LBFGS {
  /// The last point accepted, the step tried from there, and the pairs of moves and changes of the gradient.
  public struct State: OptimiserState {
    public internal(set) var stepCount = 0
    public internal(set) var isExhausted = false
    /// The last accepted point with its loss and gradient; empty before the first evaluation.
    private(set) var base: [Double] = []
    private(set) var loss = 0.0
    private(set) var gradient: [Double] = []
    private var direction: [Double] = []
    /// How far along the direction the present proposal lies, and how often that was shortened.
    private(set) var step = 0.0
    private(set) var shortenings = 0
    /// How long the latest accepted step was; infinite before the first.
    private(set) var latestMove = Double.infinity
    /// Losses of the latest accepted points.
    private var losses: [Double] = []
    /// Moves and changes, the oldest first, one after another.
    private var moves: [Double] = []
    private var changes: [Double] = []
    private let dimension: Int

    var pairCount: Int { dimension == 0 ? 0 : moves.count / dimension }

    init(dimension: Int) { self.dimension = dimension }

    // MARK: - Moves

    var worstLoss: Double { losses.max() ?? loss }
    /// The derivative of the loss along the direction, at the base.
    var slope: Double { dot(gradient, direction) }
    var proposal: [Double] { zip(base, direction).map { $0 + step * $1 } }

    /// - Parameter jump: how far the point is from the base where something else than a step of the line search led
    ///   there: the next step may be as long at least, because what was learnt at the base no longer holds it
    ///   short.
    mutating func accept(
      _ point: [Double], loss: Double, gradient: [Double], patience: Int, jump: Double? = nil
    ) {
      if let jump {
        latestMove = max(latestMove, jump)
      } else if !base.isEmpty {
        latestMove = step * dot(direction, direction).squareRoot()
      }
      (base, self.loss, self.gradient) = (point, loss, gradient)
      losses = (losses + [loss]).suffix(patience)
    }

    mutating func start(_ direction: [Double], step: Double) {
      (self.direction, self.step, shortenings) = (direction, step, 0)
    }

    /// To the minimum of the parabola through value and slope at the base and the value told.
    mutating func shorten(after loss: Double) {
      let bend = loss - self.loss - slope * step
      let minimum = loss.isFinite && bend > 0 ? -slope * step * step / (2 * bend) : 0
      step = min(max(minimum, 0.1 * step), 0.5 * step)
      shortenings += 1
    }

    /// Keeps the pair of a move from the base to `point`, unless the loss bends downwards there or hardly at all.
    mutating func remember(_ point: [Double], _ newGradient: [Double], limit: Int) {
      let move = zip(point, base).map { $0 - $1 }
      let change = zip(newGradient, gradient).map { $0 - $1 }
      let (size, growth) = (dot(move, move), dot(change, change))
      guard dot(move, change) > 1e-4 * (size * growth).squareRoot() else { return }
      if pairCount == limit {
        moves.removeFirst(dimension)
        changes.removeFirst(dimension)
      }
      moves += move
      changes += change
    }

    mutating func forget() { (moves, changes) = ([], []) }

    /// -H g by the two-loop recursion; the steepest descent without pairs.
    func quasiNewtonDirection(curvature: Double?) -> [Double] {
      var result = gradient.map { -$0 }
      var weights = [Double](repeating: 0, count: pairCount)
      func pair(_ index: Int) -> (move: ArraySlice<Double>, change: ArraySlice<Double>) {
        let range = index * dimension..<(index + 1) * dimension
        return (moves[range], changes[range])
      }
      func inner(_ slice: ArraySlice<Double>, _ vector: [Double]) -> Double {
        zip(slice, vector).reduce(0) { $0 + $1.0 * $1.1 }
      }
      func add(_ weight: Double, _ slice: ArraySlice<Double>) {
        for (index, entry) in slice.enumerated() { result[index] += weight * entry }
      }
      for index in (0..<pairCount).reversed() {
        let (move, change) = pair(index)
        weights[index] = inner(move, result) / inner(change, Array(move))
        add(-weights[index], change)
      }
      if pairCount > 0 {
        let (move, change) = pair(pairCount - 1)
        let scale = curvature.map { 1 / $0 } ?? inner(change, Array(move)) / inner(change, Array(change))
        for index in result.indices { result[index] *= scale }
      }
      for index in 0..<pairCount {
        let (move, change) = pair(index)
        add(weights[index] - inner(change, result) / inner(change, Array(move)), move)
      }
      return result
    }

    // MARK: - Storage

    public var arrays: [String: [Double]] {
      [
        "base": base, "base_gradient": gradient, "direction": direction, "moves": moves, "changes": changes,
        "losses": losses, "search": [loss, step, Double(shortenings), isExhausted ? 1 : 0, latestMove],
      ]
    }

    public init?(stepCount: Int, dimension: Int, arrays: [String: [Double]]) {
      self.init(dimension: dimension)
      guard let base = arrays["base"], let gradient = arrays["base_gradient"], let direction = arrays["direction"],
        let moves = arrays["moves"], let changes = arrays["changes"], let losses = arrays["losses"],
        let search = arrays["search"], search.count == 5, let shortenings = Int(exactly: search[2]), stepCount >= 0,
        base.count == (stepCount == 0 ? 0 : dimension), gradient.count == base.count,
        direction.isEmpty || direction.count == base.count, moves.count == changes.count, dimension > 0,
        moves.count.isMultiple(of: dimension)
      else { return nil }
      (self.stepCount, self.base, self.gradient, self.direction) = (stepCount, base, gradient, direction)
      (self.moves, self.changes, self.losses) = (moves, changes, losses)
      (loss, step, self.shortenings, isExhausted) = (search[0], search[1], shortenings, search[3] == 1)
      latestMove = search[4]
    }
  }
}
