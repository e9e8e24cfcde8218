/// A search along a line for a step that meets the weak Wolfe conditions, by bracketing.
///
/// Every too long step closes the bracket from above and every too short one from below. Inside the bracket the next
/// try is the minimum of the parabola through what is known, kept off the ends; without an upper end it doubles.
/// Source: Lewis & Overton, Math. Programming 141 (2013), doi 10.1007/s10107-012-0514-2.
struct WolfeSearch: Sendable, Hashable {
  enum Verdict { case accepted, tryNext, failed }

  private static let decrease = 1e-4
  private static let curvature = 0.9
  private static let limit = 20

  /// The step to try next.
  private(set) var step = 1.0
  private var loss = 0.0
  private var slope = -1.0
  private var lower = 0.0
  /// Infinite until a step was too long.
  private var upper = Double.infinity
  private var tries = 0

  init() {}

  /// - Parameters:
  ///   - loss: the function where the line begins.
  ///   - slope: its derivative along the line there, negative.
  init(loss: Double, slope: Double, step: Double) {
    (self.loss, self.slope, self.step) = (loss, slope, step)
  }

  /// Judges the function and its derivative along the line at ``step``, and moves that on if it is not accepted.
  mutating func judge(loss trial: Double, slope trialSlope: Double) -> Verdict {
    tries += 1
    if !(trial <= loss + Self.decrease * step * slope) {
      upper = step
      // The parabola with the value and slope at the beginning and this value; nothing of an infinite one.
      let bend = trial - loss - slope * step
      let minimum = trial.isFinite && lower == 0 ? -slope * step * step / (2 * bend) : (lower + upper) / 2
      step = min(max(minimum, lower + 0.1 * (upper - lower)), lower + 0.5 * (upper - lower))
    } else if trialSlope < Self.curvature * slope {
      lower = step
      step = upper.isFinite ? (lower + upper) / 2 : 2 * step
    } else {
      return .accepted
    }
    return tries < Self.limit ? .tryNext : .failed
  }

  // MARK: - Storage

  /// All of it; an infinite upper end as -1.
  var numbers: [Double] { [step, loss, slope, lower, upper.isFinite ? upper : -1, Double(tries)] }

  init?(numbers: [Double]) {
    guard numbers.count == 6, let tries = Int(exactly: numbers[5]) else { return nil }
    (step, loss, slope, lower) = (numbers[0], numbers[1], numbers[2], numbers[3])
    (upper, self.tries) = (numbers[4] < 0 ? .infinity : numbers[4], tries)
  }
}
