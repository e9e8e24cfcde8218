import Evaluation

/// Tables of scores, from files to statistics: joined, on common tracks, compared with a baseline and, on request,
/// with published numbers.
public struct ScoreTabulation: Sendable {
  /// Files of scores, in the layout of ``ScoreFile``.
  public var paths: [String]
  /// The published scores, in the same layout; nil to leave them out.
  public var against: String?
  /// The methods to tabulate, in order; nil for all.
  public var methods: [String]?
  /// The columns to tabulate, in order; nil for all.
  public var metrics: [String]?
  /// The method that others are compared with; nil for `mean`, or the first one where there is no such method.
  public var baseline: String?
  /// Whether stems count as independent observations of the tests, as if those of one song were
  /// not alike; otherwise they are averaged first.
  public var testsStems = false
  /// Whether all methods are seen on the tracks that they have in common; otherwise each on its own.
  public var sharesTracks = true
  /// Resamples of the songs for each interval, at least 1.
  public var resamples = ScoreBootstrap().resamples
  /// The seed of the resamples.
  public var seed: UInt64 = 0

  /// The tabulation of some files.
  public init(_ paths: [String]) { self.paths = paths }

  /// Reads the files and computes everything.
  ///
  /// - Parameter monitor: hears of tracks and methods that are left out, and of the baseline where none was named.
  /// - Throws: `DataError` for a file that is no table of scores, ``WorkflowError`` for tables that do not fit each
  ///   other or names that they do not have.
  public func run(monitor: some WorkMonitor = QuietMonitor()) throws -> ScoreReport {
    do {
      return try report(monitor)
    } catch let error as ScoreError {
      throw WorkflowError(error.code, error.description)
    }
  }

  private func report(_ monitor: some WorkMonitor) throws -> ScoreReport {
    let everything = try ScoreTable(joining: paths.map { ($0, try ScoreFile.read($0)) })
    let chosen = try everything.selecting(methods: methods, metrics: metrics)
    let table = sharesTracks ? try chosen.onCommonTracks() : chosen
    let leftOut = chosen.tracks.count - table.tracks.count
    if leftOut > 0 {
      monitor.message(
        "\(leftOut) of \(chosen.tracks.count) tracks are left out: not every method was tried on them.")
    }
    var settings = ScoreAnalysis.Settings()
    settings.baseline = baseline
    settings.unit = testsStems ? .stem : .song
    settings.sharesTracks = sharesTracks
    settings.bootstrap.resamples = resamples
    settings.bootstrap.seed = seed
    let analysis = try ScoreAnalysis(table, settings)
    if baseline == nil, table.methods.count > 1 { monitor.message("The baseline is \(analysis.baseline).") }
    for column in analysis.columns where column.entries.count < table.methods.count {
      let missing = table.methods.filter { method in !column.entries.contains { $0.method == method } }
      monitor.message("There is no \(column.metric.key) of \(missing.joined(separator: ", ")).")
    }
    return ScoreReport(
      files: paths, table: table, analysis: analysis, settings: settings,
      against: try beside(table, settings, monitor))
  }

  private func beside(
    _ table: ScoreTable, _ settings: ScoreAnalysis.Settings, _ monitor: some WorkMonitor
  ) throws -> (file: String, scores: ScoresBesidePublished)? {
    guard let against else { return nil }
    let published = try ScoreFile.read(against)
    guard !published.rows.isEmpty else { throw ScoreError.noScores(sources: [against]) }
    let scores = try ScoresBesidePublished(table, published: published, settings)
    let found = Set(scores.columns.flatMap(\.entries).map(\.method))
    let missing = table.methods.filter { !found.contains($0) }
    if !missing.isEmpty {
      monitor.message("\(missing.joined(separator: ", ")): no published counterpart in \(against).")
    }
    return (against, scores)
  }
}

extension ScoreError {
  fileprivate var code: WorkflowError.Code {
    switch self {
    case .noCommonTracks, .noCommonValues: .noCommonTracks
    case .noScores, .repeated, .namedTwice, .unknown, .noNumbers, .noCounterpart: .wrongContents
    }
  }
}
