import Statistics

/// The posterior of one parameter in numbers, and how far they can be trusted.
public struct ParameterDiagnostics: Sendable, Hashable {
  public let name: String
  public let unit: String
  public let mean: Double
  /// Nil for a single draw.
  public let standardDeviation: Double?
  /// Quantiles of all draws together.
  public let lower5: Double
  public let median: Double
  public let upper95: Double
  /// Monte Carlo standard errors; nil for too few draws, as are the rest.
  public let meanError: Double?
  public let deviationError: Double?
  public let medianError: Double?
  public let bulkESS: Double?
  public let tailESS: Double?
  /// Infinite where each chain stands still at a place of its own; nil also where no draw differs from another.
  public let rHat: Double?
  /// Whether every draw is the same.
  public let isConstant: Bool
  /// Whether that is as it must be: the prior gives it one value.
  public let isFixed: Bool

  init(name: String, unit: String, draws: ScalarDraws, isFixed: Bool) {
    self.name = name
    self.unit = unit
    self.isFixed = isFixed
    // Everything below is either in the unit of the draws or without one.
    let (draws, scale) = draws.inSafeUnit
    let quantiles = SortedQuantiles(draws.pooled)
    mean = draws.mean * scale
    standardDeviation = draws.standardDeviation.map { $0 * scale }
    lower5 = quantiles.value(at: 0.05) * scale
    median = quantiles.median * scale
    upper95 = quantiles.value(at: 0.95) * scale
    meanError = draws.meanError.map { $0 * scale }
    deviationError = draws.deviationError.map { $0 * scale }
    medianError = draws.quantileError(0.5).map { $0 * scale }
    bulkESS = draws.bulkESS
    tailESS = draws.tailESS
    rHat = draws.rHat
    isConstant = draws.isConstant
  }

  /// How far it is from what the limits ask, 1 being just there: the largest of its shortfalls. Infinite where it
  /// cannot be judged, and minus that where there is nothing to judge.
  public func shortfall(_ limits: DiagnosticLimits) -> Double {
    guard !isFixed else { return -.infinity }
    guard !isConstant, let rHat, let bulkESS, let tailESS else { return .infinity }
    return max((rHat - 1) / (limits.rHat - 1), limits.ess / bulkESS, limits.ess / tailESS)
  }
}
