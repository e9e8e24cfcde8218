import Foundation
import NumericCore

/// Whether the regions of a conditional prior can be trusted.
public struct CalibrationVerdict: Sendable {
  /// Share of the pairs in their 90 % region.
  public let coverage: Double
  /// What that share should lie in: 85 to 95 %, or two standard errors where there are few pairs. Few draws tell
  /// the level of a region in steps, and then the middle is what a calibrated prior has.
  public let expected: ClosedRange<Double>

  /// Of the regions that are checked.
  static let level = 0.9
  private static let tolerance = 0.05

  /// - Parameter calibration: on pairs that the prior was not fitted to.
  public init(_ calibration: Calibration) {
    coverage = calibration.coverage(at: Self.level)
    let draws = Double(calibration.drawCount)
    let attained = (Self.level * draws).rounded(.up) / (draws + 1)
    let width = max(Self.tolerance, 2 * calibration.coverageError(at: attained))
    expected = max(0, attained - width)...min(1, attained + width)
  }

  /// Whether the regions hold as many truths as they say.
  public var isCalibrated: Bool { expected.contains(coverage) }

  /// The verdict in words.
  public var sentence: String {
    let percent = { (share: Double) in String(format: "%.1f %%", 100 * share) }
    let found = "90 % regions hold \(percent(coverage)) of the presets"
    let range = "\(percent(expected.lowerBound)) to \(percent(expected.upperBound))"
    if isCalibrated { return "\(found), within \(range): the conditional prior is as sure as it should be here." }
    return coverage < expected.lowerBound
      ? "\(found), fewer than \(range): the conditional prior is too sure here, use its mean alone."
      : "\(found), more than \(range): the conditional prior is wider than it need be here."
  }
}

extension Calibration {
  /// What a prior without condition makes of the same truths.
  public struct Baseline: Sendable {
    /// PMSE of its mean, for each pair.
    public let squaredErrors: [Double]
    /// Its log density of each truth, in nats.
    public let logDensities: [Double]
  }

  /// Errors of the mean of a prior, and its densities.
  ///
  /// - Parameter prior: of the same chain.
  public func baseline(_ prior: Prior) -> Baseline {
    let mean = prior.mean
    return Baseline(
      squaredErrors: (0..<truths.rows).map { Self.squaredError(of: mean, truths.row($0)) },
      logDensities: prior.logDensities(ofRows: truths))
  }
}
