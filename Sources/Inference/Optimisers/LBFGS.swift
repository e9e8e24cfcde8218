import Foundation

/// Limited-memory BFGS with a non-monotone line search: steps along -H g, where H, the inverse Hessian, is known
/// from the latest moves s and changes of the gradient y (two-loop recursion).
///
/// A point is accepted if its loss is at most the largest of the last ``patience`` accepted ones, plus 1e-4 times
/// what the slope promises; otherwise the step is shortened to the minimum of a parabola, between a tenth and a
/// half of it. Rendered audio makes a loss with small jumps and kinks, at which searches for a lower point stop:
/// this one steps over them. After five shortenings the point is taken as it is. Refused points give pairs as
/// well. Where a loss is infinite the step is shortened without limit.
///
/// In directions never visited the Hessian is taken for a multiple of the identity: ``curvature`` where it is
/// given, else y·y / s·y of the latest pair. A curvature that is known beforehand serves better: in white
/// coordinates of a prior most directions have little more than the prior's own. No step is longer than
/// ``longestStep``, nor the first one longer than ``firstStep``.
///
/// Where that curvature is too small for some directions, full steps overshoot and every other evaluation is one
/// that is refused. ``growth`` limits a step to so many times the latest accepted move: what had to be shortened is
/// not tried at full length again, and what is accepted at once may grow.
///
/// Sources: Nocedal, "Updating quasi-Newton matrices with limited storage", Math. Comp. 35 (1980),
/// doi 10.1090/S0025-5718-1980-0572855-7; Grippo, Lampariello & Lucidi, "A nonmonotone line search technique for
/// Newton's method", SIAM J. Numer. Anal. 23 (1986), doi 10.1137/0723046.
public struct LBFGS: Optimiser, Hashable {
  /// Pairs (s, y) remembered.
  public let memory: Int
  /// The length of the first move, in the coordinates at hand: in white ones, standard deviations.
  public let firstStep: Double
  /// The length of the longest move, in the same unit.
  public let longestStep: Double
  /// The Hessian in unseen directions, in the coordinates at hand.
  public let curvature: Double?
  /// Accepted points of which a new one need not be worse than the worst.
  public let patience: Int
  /// How many times as long as the latest accepted move the next one may be at first; infinite for no such limit.
  public let growth: Double

  /// Shortenings of one step.
  static let tries = 5
  /// Shortenings until infinite losses end the run.
  static let lastTry = 60

  /// - Precondition: memory and patience are positive; steps and curvature are positive and finite.
  public init(
    memory: Int = 50, firstStep: Double = 0.5, longestStep: Double = 1, curvature: Double? = nil, patience: Int = 2,
    growth: Double = .infinity
  ) {
    precondition(memory > 0 && patience > 0, "A memory of \(memory) pairs, a patience of \(patience)")
    precondition(firstStep > 0 && firstStep.isFinite, "The first step \(firstStep) is not positive")
    precondition(longestStep > 0 && longestStep.isFinite, "The longest step \(longestStep) is not positive")
    precondition(curvature.map { $0 > 0 && $0.isFinite } ?? true, "A curvature of \(curvature ?? 0)")
    self.memory = memory
    self.firstStep = firstStep
    self.longestStep = longestStep
    self.curvature = curvature
    precondition(growth > 1, "A growth of \(growth)")
    self.patience = patience
    self.growth = growth
  }

  public var settings: String {
    "lbfgs memory=\(memory) first_step=\(firstStep) longest_step=\(longestStep) "
      + "curvature=\(curvature.map { "\($0)" } ?? "adaptive") patience=\(patience)"
      + (growth.isFinite ? " growth=\(growth)" : "")
  }
  public var survivesFailures: Bool { true }

  public func makeState(dimension: Int) -> State { State(dimension: dimension) }

  public func advance(_ theta: inout [Double], loss: Double, gradient: [Double], state: inout State) {
    state.stepCount += 1
    guard !state.base.isEmpty else {
      state.accept(theta, loss: loss, gradient: gradient, patience: patience)
      return begin(&theta, state: &state)
    }
    if loss.isFinite { state.remember(theta, gradient, limit: memory) }
    let allowed = state.worstLoss + 1e-4 * state.step * state.slope
    if loss.isFinite, loss <= allowed || state.shortenings >= Self.tries {
      state.accept(theta, loss: loss, gradient: gradient, patience: patience)
      begin(&theta, state: &state)
    } else {
      state.shorten(after: loss)
      if state.shortenings > Self.lastTry { state.isExhausted = true }
      theta = state.proposal
    }
  }

  /// Chooses a direction from the base point and proposes the first point along it.
  func begin(_ theta: inout [Double], state: inout State) {
    var direction = state.quasiNewtonDirection(curvature: curvature)
    if !(dot(state.gradient, direction) < 0) {
      state.forget()
      direction = state.quasiNewtonDirection(curvature: curvature)
    }
    let length = dot(direction, direction).squareRoot()
    // At a stationary point, to the last digit, there is nowhere to go.
    let scale = dot(state.base, state.base).squareRoot()
    if !(length > 1e-13 * (1 + scale)) || !length.isFinite {
      state.isExhausted = true
      theta = state.base
      return
    }
    let first =
      state.pairCount == 0 ? firstStep / length : min(1, min(longestStep, growth * state.latestMove) / length)
    state.start(direction, step: first)
    theta = state.proposal
  }
}
