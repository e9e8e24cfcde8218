import FXParams
import NumericCore
public import PresetStore
public import PriorKit

/// Fits a conditional prior p(theta | features) and tells whether the features help, by cross-validation against
/// the same families without features.
public struct ConditionalFit: Sendable {
  /// Presets with features.
  public var presets: PresetCollection
  /// What errors call the presets.
  public var path: String
  /// The families to choose among; the first one's unconditional twin is the baseline of the table.
  public var fitters: [ConditionalFitter]
  /// Of the folds.
  public var seed: UInt64 = 0
  /// Most threads to use; the result does not depend on them.
  public var threads = 1

  private static let folds = 5

  /// A fit of one family, or of the best of several.
  ///
  /// - Precondition: there is a family.
  public init(_ presets: PresetCollection, path: String, fitters: [ConditionalFitter]) {
    precondition(!fitters.isEmpty, "A conditional fit of no family")
    (self.presets, self.path, self.fitters) = (presets, path, fitters)
  }

  /// What was fitted.
  public enum Fitted: Sendable {
    /// A prior given features.
    case conditional(ConditionalPrior)
    /// The best family without features: what a choice among families falls back to where features do not help.
    case unconditional(Prior)
  }

  /// The prior, with the comparison that speaks for or against it.
  public struct Result: Sendable {
    /// What was fitted; its record has the comparison as evidence.
    public let prior: Fitted
    /// Whether the features help.
    public let verdict: ConditionalVerdict
  }

  /// Compares, chooses and fits.
  ///
  /// - Throws: ``InterruptedError``, `ConditionalError` for features that cannot be used, ``WorkflowError`` if no
  ///   family could be fitted, what the estimators throw.
  public func run(monitor: some WorkMonitor = QuietMonitor()) throws -> Result {
    let data = try ConditionalData(presets: presets, path: path)
    // Before the comparison, which would tell of each fold what is wrong with all.
    let only = fitters.count == 1 ? try fitters[0].fit(presets, path: path) : nil
    let (verdict, table) = try compare(data, chosen: only, monitor: monitor)
    let evidence = verdict.sentence + "\n\n" + table
    guard let chosen = try only ?? (verdict.helps ? best(verdict) : nil) else {
      return Result(prior: .unconditional(try unconditional(verdict, data, evidence: evidence)), verdict: verdict)
    }
    var prior = chosen
    prior.record?.evidence = evidence
    prior.record?.observedRange = ObservedRange(of: presets)
    return Result(prior: .conditional(prior), verdict: verdict)
  }

  private func best(_ verdict: ConditionalVerdict) throws -> ConditionalPrior? {
    try fitters.first { $0.name == verdict.conditional }?.fit(presets, path: path)
  }

  /// Compares with the same families without features, in folds that keep groups together where there are enough.
  private func compare(
    _ data: ConditionalData, chosen: ConditionalPrior?, monitor: some WorkMonitor
  ) throws -> (ConditionalVerdict, String) {
    // A single family was searched already: its folds take what was found.
    let compared = chosen.map { prior in
      fitters.map { ConditionalFitter($0.estimator, candidates: [prior.transform.componentCount]) }
    }
    let conditional = (compared ?? fitters).filter { $0.candidates != [0] }
    let count = min(Self.folds, presets.count)
    let groups = presets.groups.flatMap { Set($0).count >= Self.folds ? $0 : nil }
    let folds =
      try groups.map { try FoldAssignment(groups: $0, folds: count, seed: seed) }
      ?? FoldAssignment(presets: presets.count, folds: count, seed: seed)
    let comparison = Comparison(
      conditional + fitters.map(\.unconditional), data: data.sideBySide, folds: folds)
    let report = try ComparisonReport(
      comparison, outcomes: try ComparisonRun(comparison, threads: threads).outcomes(monitor: monitor),
      foldCount: folds.count, baseline: fitters[0].unconditional.name, groups: groups, labels: presets.allLabels,
      testLabels: [])
    try report.requireAnySuccess()
    return (report.verdicts[0], report.evidence)
  }

  /// The best family without features, as a prior like any other.
  private func unconditional(
    _ verdict: ConditionalVerdict, _ data: ConditionalData, evidence: String
  ) throws -> Prior {
    guard let fitter = fitters.first(where: { $0.unconditional.name == verdict.unconditional })?.unconditional
    else {
      throw WorkflowError(
        .wrongContents, "No family could be fitted to \(path) with or without its features: check the presets.")
    }
    let fit = try fitter.fit(data)
    var record = FitRecord(
      estimator: fitter.name, hyperparameters: fit.estimate.hyperparameters, presetCount: presets.count,
      effectivePresetCount: data.parameters.effectiveCount, evidence: evidence)
    record.observedRange = ObservedRange(of: presets)
    return try Prior(chain: presets.chain, distribution: fit.estimate.distribution, record: record)
  }
}
