import PriorKit

/// The posterior of one parameter in numbers, and how far they can be trusted.
public struct ParameterDiagnostics: Sendable, Hashable {
  /// The parameter's name.
  public let name: String
  /// The unit of the values, empty where there is none.
  public let unit: String
  /// The mean of all draws together.
  public let mean: Double
  /// Nil for a single draw.
  public let standardDeviation: Double?
  /// The 5 % quantile of all draws together.
  public let lower5: Double
  /// The median of all draws together.
  public let median: Double
  /// The 95 % quantile of all draws together.
  public let upper95: Double
  /// The Monte Carlo standard error of the mean; nil for too few draws, as are the rest.
  public let meanError: Double?
  /// The Monte Carlo standard error of the standard deviation.
  public let deviationError: Double?
  /// The Monte Carlo standard error of the median.
  public let medianError: Double?
  /// The effective sample size of the bulk (Vehtari et al. 2021).
  public let bulkESS: Double?
  /// The smaller effective sample size of the 5 % and 95 % quantiles.
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
