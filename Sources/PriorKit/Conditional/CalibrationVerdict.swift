import Foundation
import NumericCore

/// Whether the regions of a conditional prior can be trusted.
public struct CalibrationVerdict: Sendable {
  /// Share of the pairs in their 90 % region.
  public let coverage: Double
  /// What that share should lie in: 85 to 95 %, or two standard errors where there are few pairs. Few draws tell
  /// the level of a region in steps, and then the middle is what a calibrated prior has.
  public let expected: ClosedRange<Double>

  /// A region of another level that holds far more or fewer truths than it says.
  public struct Stray: Sendable, Hashable {
    /// The level of the region.
    public let level: Double
    /// Share of the pairs in it.
    public let coverage: Double
    /// What that share should lie in.
    public let expected: ClosedRange<Double>
  }

  /// The region of the levels 10, 20, ..., 80 % that strays farthest from its level; nil if none does.
  public let stray: Stray?
  /// Share of the parameters whose ranks pass a chi-squared test at 1 %.
  public let passingShare: Double

  /// Of the regions that are checked first.
  static let level = 0.9
  private static let tolerance = 0.05
  /// Regions of other levels are many: they are allowed more.
  private static let (strayTolerance, strayErrors) = (0.1, 3.0)
  /// Of calibrated parameters one in a hundred fails; that many failures are more than chance.
  private static let neededShare = 0.95

  /// - Parameter calibration: on pairs that the prior was not fitted to.
  public init(_ calibration: Calibration) {
    coverage = calibration.coverage(at: Self.level)
    let attained = Self.attained(Self.level, draws: calibration.drawCount)
    let width = max(Self.tolerance, 2 * calibration.coverageError(at: attained))
    expected = max(0, attained - width)...min(1, attained + width)
    stray = (1...8).compactMap { Self.stray(at: Double($0) / 10, calibration) }
      .max { abs($0.coverage - $0.level) < abs($1.coverage - $1.level) }
    passingShare = calibration.passingShare()
  }

  /// The share of truths in regions of a level that so many draws can tell.
  private static func attained(_ level: Double, draws: Int) -> Double {
    (level * Double(draws)).rounded(.up) / Double(draws + 1)
  }

  private static func stray(at level: Double, _ calibration: Calibration) -> Stray? {
    let attained = attained(level, draws: calibration.drawCount)
    let width = max(strayTolerance, strayErrors * calibration.coverageError(at: attained))
    let expected = max(0, attained - width)...min(1, attained + width)
    let coverage = calibration.coverage(at: level)
    return expected.contains(coverage) ? nil : Stray(level: level, coverage: coverage, expected: expected)
  }

  /// Whether the 90 % regions hold as many truths as they say.
  public var isCalibrated: Bool { expected.contains(coverage) }

  /// Whether regions of all levels do, and ranks of parameters are uniform.
  public var isCalibratedThroughout: Bool {
    isCalibrated && stray == nil && passingShare >= Self.neededShare
  }

  /// What regions of other levels and the ranks say against the prior; empty if nothing.
  public var reservations: [String] {
    let percent = { (share: Double) in String(format: "%.1f %%", 100 * share) }
    var sentences: [String] = []
    if let stray {
      let isWide = stray.coverage > stray.expected.upperBound
      sentences.append(
        "\(String(format: "%.0f %%", 100 * stray.level)) regions hold \(percent(stray.coverage)), "
          + "\(isWide ? "more" : "fewer") than \(percent(stray.expected.lowerBound)) to "
          + "\(percent(stray.expected.upperBound)): the truth lies \(isWide ? "nearer to" : "farther from") the "
          + "middle than draws do.")
    }
    if passingShare < Self.neededShare {
      sentences.append(
        "The ranks of \(percent(1 - passingShare)) of the parameters are not uniform: their own spread or place is "
          + "wrong.")
    }
    return sentences
  }

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
