import Foundation

/// How a learning rate changes from step to step.
public enum LearningRateSchedule: Sendable, Hashable {
  /// Always the same, as published.
  case constant
  /// Half a cosine from the rate down to 0 at step `steps` (Loshchilov & Hutter 2017, arXiv 1608.03983), so that
  /// the path settles. Later steps keep a thousandth of the rate.
  case cosine(steps: Int)

  /// What the rate is multiplied by at step `step`, from 1.
  public func factor(atStep step: Int) -> Double {
    switch self {
    case .constant: return 1
    case .cosine(let steps):
      let phase = Double(step - 1) / Double(max(1, steps))
      return phase >= 1 ? 1e-3 : max(1e-3, (1 + cos(Double.pi * phase)) / 2)
    }
  }

  /// What ``Optimiser/settings`` say of it; nothing of a constant one.
  var settings: String {
    switch self {
    case .constant: ""
    case .cosine(let steps): " schedule=cosine:\(steps)"
    }
  }
}
