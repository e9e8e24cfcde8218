import Foundation

/// Limited-memory BFGS with a weak Wolfe line search: steps along -H g, where H, the inverse Hessian, is known from the
/// latest moves s and changes of the gradient y (two-loop recursion).
///
/// The line search brackets by f(t) <= f(0) + c1 t g·d and g(t)·d >= c2 g·d with c1 = 1e-4, c2 = 0.9, which needs no
/// smooth function: compressors and folds have kinks. The first try of every line is t = 1, and the first line of all
/// has length ``firstStep``. Where a loss is infinite the step is shortened.
///
/// H of directions never visited is the mean of two scales of the latest pair, the cautious s·y / y·y and the
/// bold s·s / s·y, the geometric one.
///
/// Sources: Nocedal, "Updating quasi-Newton matrices with limited storage", Math. Comp. 35 (1980),
/// doi 10.1090/S0025-5718-1980-0572855-7; Lewis & Overton, "Nonsmooth optimization via quasi-Newton methods", Math.
/// Programming 141 (2013), doi 10.1007/s10107-012-0514-2 (the line search).
public struct LBFGS: Optimiser, Hashable {
  /// Pairs (s, y) remembered.
  public let memory: Int
  /// Length of the first move, in the coordinates at hand: about one standard deviation in white ones.
  public let firstStep: Double
  /// Between the cautious (0) and the bold (1) scale of unseen directions, on a logarithmic axis.
  public let boldness: Double

  /// - Precondition: memory is positive, the step positive and finite, the boldness in 0...1.
  public init(memory: Int = 30, firstStep: Double = 1, boldness: Double = 0.5) {
    precondition(memory > 0, "A memory of \(memory) pairs")
    precondition(firstStep > 0 && firstStep.isFinite, "The first step \(firstStep) is not positive")
    precondition((0...1).contains(boldness), "The boldness \(boldness) is outside 0...1")
    self.memory = memory
    self.firstStep = firstStep
    self.boldness = boldness
  }

  public var settings: String { "lbfgs memory=\(memory) first_step=\(firstStep) boldness=\(boldness)" }
  public var survivesFailures: Bool { true }

  public func makeState(dimension: Int) -> State { State(dimension: dimension) }

  public func advance(_ theta: inout [Double], loss: Double, gradient: [Double], state: inout State) {
    state.stepCount += 1
    guard !state.base.isEmpty else {
      state.accept(theta, loss: loss, gradient: gradient)
      return begin(&theta, state: &state)
    }
    let slope = dot(gradient, state.direction)
    switch state.search.judge(loss: loss, slope: slope) {
    case .tryNext:
      theta = state.point(at: state.search.step)
    case .accepted:
      state.remember(theta, gradient, limit: memory)
      state.accept(theta, loss: loss, gradient: gradient)
      begin(&theta, state: &state)
    case .failed:
      // A line with no lower point: forget what bent it; where that does not help either, this is the end.
      if state.pairCount == 0 { state.isExhausted = true }
      state.forget()
      begin(&theta, state: &state)
    }
  }

  /// Chooses a direction from the base point and proposes the first point along it.
  private func begin(_ theta: inout [Double], state: inout State) {
    state.direction = state.quasiNewtonDirection(boldness: boldness)
    var slope = dot(state.gradient, state.direction)
    if !(slope < 0) {
      state.forget()
      state.direction = state.gradient.map { -$0 }
      slope = dot(state.gradient, state.direction)
    }
    let length = slope < 0 ? dot(state.direction, state.direction).squareRoot() : 0
    if length == 0 || !length.isFinite {
      state.isExhausted = true
      theta = state.base
      return
    }
    let first = state.pairCount == 0 ? firstStep / length : 1
    state.search = WolfeSearch(loss: state.loss, slope: slope, step: first)
    theta = state.point(at: first)
  }
}

/// The inner product.
func dot(_ a: [Double], _ b: [Double]) -> Double {
  var sum = 0.0
  for index in a.indices { sum += a[index] * b[index] }
  return sum
}
