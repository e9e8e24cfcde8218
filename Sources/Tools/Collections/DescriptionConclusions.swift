import Foundation
import Workflows

/// What a description of presets comes to, in sentences: what a prior of them can and should be like.
struct DescriptionConclusions {
  let report: DescriptionReport

  /// A p-value below it speaks against a hypothesis.
  private static let level = 0.05
  /// Correlations that many times those of independent parameters are there.
  private static let remarkable = 1.5

  var sentences: [String] {
    [size, presence, constants, shape, dependence, dimension, outliers, shift].compactMap { $0 }
      + (report.shapes?.conclusions ?? [])
  }

  private var size: String {
    let presets = "\(report.count) presets of \(report.dimension) parameters"
    let ratio = Double(report.count) / Double(max(report.dimension, 1))
    if report.count <= report.dimension {
      return "\(presets): too few for the published covariance, which needs more presets than parameters; families "
        + "that shrink it need fewer."
    }
    let times = "\(NumberText.short(ratio, digits: 2)) presets per parameter"
    return ratio < 10
      ? "\(presets), \(times): a full covariance is uncertain, so compare families that shrink it (priorkit "
        + "compare)."
      : "\(presets), \(times): enough for a full covariance."
  }

  /// What presets lack; nil where nothing is missing.
  private var presence: String? {
    report.shapes.map { shapes in
      "The presets are \(ShapeText.patterns(shapes.patterns.count)); "
        + "\(shapes.completeCount) of \(report.count) presets are complete."
    }
  }

  /// The number of presets that the statistics of all parameters together are of.
  private var completeCount: Int { report.shapes?.completeCount ?? report.count }

  private var constants: String? {
    guard let first = report.constantParameters.first else { return nil }
    let count = report.constantParameters.count
    return "\(count) \(count == 1 ? "parameter is" : "parameters are") the same in every preset (\(first)"
      + "\(count > 1 ? ", ..." : "")): no prior can be fitted to what does not vary."
  }

  private var shape: String? {
    let tested = report.parameters.compactMap(\.adjustedPValue)
    guard !tested.isEmpty else { return nil }
    let odd = tested.count { $0 < Self.level }
    guard odd > 0 else { return "No parameter is told from a normal one: Gaussian families suit them." }
    return "\(odd) of \(tested.count) parameters are not normal (Shapiro-Wilk, Holm): families with marginals of "
      + "their own (copula) or heavy tails (student-t) may suit them better."
  }

  private var dependence: String? {
    let ranked = report.correlations.sorted { $0.meanMagnitude > $1.meanMagnitude }
    guard let first = ranked.first, let chance = report.chanceCorrelation, chance > 0 else { return nil }
    let strong = ranked.filter { $0.meanMagnitude > Self.remarkable * chance }
    guard !strong.isEmpty else {
      return "Parameters correlate no more than by chance: a diagonal covariance loses little."
    }
    func name(_ pair: DescriptionReport.Correlation) -> String {
      pair.first == pair.second ? "within \(pair.first)" : "between \(pair.first) and \(pair.second)"
    }
    return "Parameters correlate more than by chance in \(strong.count) of \(ranked.count) pairs of blocks, most "
      + "\(name(first)) (mean |r| \(NumberText.short(first.meanMagnitude, digits: 2)); by chance "
      + "\(NumberText.short(chance, digits: 2)))."
  }

  private var dimension: String? {
    guard let components = report.components, report.dimension > 1 else { return nil }
    let shares = components.cumulativeShares
    guard let needed = shares.firstIndex(where: { $0 >= 0.9 }) else { return nil }
    return "\(needed + 1) components hold 90 % of the variance; the presets are as spread out as "
      + "\(NumberText.short(components.effectiveRank, digits: 3)) equal ones."
  }

  private var outliers: String? {
    guard let outliers = report.outliers, let farthest = outliers.presets.first else { return nil }
    guard outliers.count > 0 else { return "No preset is an outlier." }
    let expected = NumberText.short(Double(completeCount) / 40, digits: 2)
    return "\(outliers.count) presets are outliers, of which normal presets would have \(expected); farthest: "
      + "\(PrintableText.escaped(farthest.label))."
  }

  private var shift: String? {
    report.shift.map { shift in
      shift.energyPValue < Self.level
        ? "The other presets are of another distribution (energy distance "
          + "\(NumberText.short(shift.energyDistance)), p = \(NumberText.short(shift.energyPValue, digits: 2)))."
        : "The other presets cannot be told from these (energy distance, p = "
          + "\(NumberText.short(shift.energyPValue, digits: 2)))."
    }
  }
}
