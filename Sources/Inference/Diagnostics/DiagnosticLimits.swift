/// What draws must meet to be trusted.
public struct DiagnosticLimits: Sendable, Hashable {
  /// R-hat must be below it (Vehtari et al. 2021).
  public var rHat: Double
  /// Bulk and tail effective sample sizes must reach it: at 400, split chains tell their variances well enough.
  public var ess: Double
  /// E-BFMI of each chain must reach it.
  public var energyFraction: Double

  public init(rHat: Double = 1.01, ess: Double = 400, energyFraction: Double = 0.3) {
    self.rHat = rHat
    self.ess = ess
    self.energyFraction = energyFraction
  }
}
