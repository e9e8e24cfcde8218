import Statistics

/// Which retrievals are worth keeping: the rules of the published collection (SonyResearch/diffvox).
public struct RunSelection: Sendable, Hashable {
  /// The greatest loss of a preset; nil for any.
  public var greatestLoss: Double?
  /// The greatest median of |difference of successive losses|; nil for any.
  public var greatestFluctuation: Double?
  /// Whether runs whose first loss is their least are refused.
  public var requiresProgress: Bool

  /// The published rules.
  public static let published = RunSelection(greatestLoss: 4, greatestFluctuation: 0.2, requiresProgress: true)
  /// Every run that ended.
  public static let all = RunSelection(greatestLoss: nil, greatestFluctuation: nil, requiresProgress: false)

  /// Why a run is refused, in half a sentence; nil for one that is kept.
  ///
  /// - Parameter losses: those of all steps, in order.
  public func refusal(losses: [Double]) -> String? {
    let losses = losses.filter(\.isFinite)
    guard let first = losses.first, let least = losses.min() else { return "no step" }
    if let greatestLoss, least > greatestLoss {
      return "loss \(NumberText.short(least)) above \(NumberText.short(greatestLoss))"
    }
    if requiresProgress, first <= least { return "not converged: the first loss is the least" }
    let fluctuation = Self.fluctuation(of: losses)
    if let greatestFluctuation, fluctuation > greatestFluctuation {
      return "fluctuation \(NumberText.short(fluctuation)) above \(NumberText.short(greatestFluctuation))"
    }
    return nil
  }

  /// The median of |difference of successive losses|, 0 for fewer than two; of an even number, the mean of the
  /// middle two.
  public static func fluctuation(of losses: [Double]) -> Double {
    let losses = losses.filter(\.isFinite)
    guard losses.count > 1 else { return 0 }
    return SortedQuantiles(zip(losses.dropFirst(), losses).map { abs($0 - $1) }).median
  }
}
