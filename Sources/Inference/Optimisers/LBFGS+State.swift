import Foundation

extension LBFGS {
  /// The last point accepted, the line searched from there, and the pairs of moves and changes of the gradient.
  public struct State: OptimiserState {
    public internal(set) var stepCount = 0
    public internal(set) var isExhausted = false
    /// The last accepted point with its loss and gradient; empty before the first evaluation.
    private(set) var base: [Double] = []
    private(set) var loss = 0.0
    private(set) var gradient: [Double] = []
    var direction: [Double] = []
    var search = WolfeSearch()
    /// Moves and changes, the oldest first, one after another.
    private var moves: [Double] = []
    private var changes: [Double] = []
    private let dimension: Int

    var pairCount: Int { dimension == 0 ? 0 : moves.count / dimension }

    init(dimension: Int) { self.dimension = dimension }

    // MARK: - Moves

    func point(at step: Double) -> [Double] { zip(base, direction).map { $0 + step * $1 } }

    mutating func accept(_ point: [Double], loss: Double, gradient: [Double]) {
      (base, self.loss, self.gradient) = (point, loss, gradient)
    }

    /// Keeps the pair of a move from the base to `point`, unless its curvature is lost in rounding.
    mutating func remember(_ point: [Double], _ newGradient: [Double], limit: Int) {
      let move = zip(point, base).map { $0 - $1 }
      let change = zip(newGradient, gradient).map { $0 - $1 }
      let (size, growth) = (dot(move, move), dot(change, change))
      guard dot(move, change) > 1e-10 * (size * growth).squareRoot() else { return }
      if pairCount == limit {
        moves.removeFirst(dimension)
        changes.removeFirst(dimension)
      }
      moves += move
      changes += change
    }

    mutating func forget() { (moves, changes) = ([], []) }

    /// -H g by the two-loop recursion; the steepest descent without pairs.
    func quasiNewtonDirection(boldness: Double) -> [Double] {
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
        let curvature = inner(change, Array(move))
        let (cautious, bold) = (curvature / inner(change, Array(change)), inner(move, Array(move)) / curvature)
        let scale = cautious * pow(bold / cautious, boldness)
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
        "search": [loss, isExhausted ? 1 : 0] + search.numbers,
      ]
    }

    public init?(stepCount: Int, dimension: Int, arrays: [String: [Double]]) {
      self.init(dimension: dimension)
      guard let base = arrays["base"], let gradient = arrays["base_gradient"], let direction = arrays["direction"],
        let moves = arrays["moves"], let changes = arrays["changes"], let numbers = arrays["search"],
        numbers.count >= 2, let search = WolfeSearch(numbers: Array(numbers.dropFirst(2))), stepCount >= 0,
        [base, gradient, direction].allSatisfy({ $0.count == (stepCount == 0 ? 0 : dimension) }),
        moves.count == changes.count, dimension > 0, moves.count.isMultiple(of: dimension)
      else { return nil }
      self.stepCount = stepCount
      (self.base, self.gradient, self.direction, self.search) = (base, gradient, direction, search)
      (self.moves, self.changes, loss, isExhausted) = (moves, changes, numbers[0], numbers[1] == 1)
    }
  }
}
