/// Why scores cannot be tabulated: each message names the methods and the remedy.
public enum ScoreError: Error, Equatable, Sendable, CustomStringConvertible {
  /// Tables without a row.
  case noScores(sources: [String])
  /// A method has scores on a track in two tables.
  case repeated(method: String, track: String, sources: [String])
  /// A method or a metric is asked for twice.
  case namedTwice(kind: String, name: String)
  /// A method or a metric that no table has.
  case unknown(kind: String, name: String, known: [String])
  /// No track has scores of every method.
  case noCommonTracks(counts: [String])
  /// A metric has no track where every method has a number.
  case noCommonValues(metric: String, counts: [String])
  /// None of the methods has a number of any metric.
  case noNumbers(methods: [String], metrics: [String])
  /// None of the methods is in the published scores, or none of the metrics.
  case noCounterpart(methods: [String], published: [String])

  public var description: String {
    switch self {
    case .noScores(let sources):
      "\(Self.list(sources)) \(sources.count == 1 ? "has" : "have") no scores below the header: name a table that "
        + "is not empty."
    case .repeated(let method, let track, let sources):
      sources[0] == sources[1]
        ? "\(sources[0]) is given twice, and with it \(method) on \(track): give each table once."
        : "\(sources[0]) and \(sources[1]) both have \(method) on \(track): keep it in one of them."
    case .namedTwice(let kind, let name):
      "The \(kind) \(name) is named twice: name each once."
    case .unknown(let kind, let name, let known):
      "The \(kind) \(name) is not among the scores: choose from \(Self.list(known))."
    case .noCommonTracks(let counts):
      "The methods have no track in common (\(Self.list(counts))): leave some of them out, or take each on its own "
        + "tracks."
    case .noCommonValues(let metric, let counts):
      "There is no track where every method has a number of \(metric) (\(Self.list(counts))): leave out the metric "
        + "or some methods, or take each on its own tracks."
    case .noNumbers(let methods, let metrics):
      "There is no number of \(Self.list(metrics)) for \(Self.list(methods)): choose other metrics or methods."
    case .noCounterpart(let methods, let published):
      "Nothing of \(Self.list(methods)) is among the published scores, which are of \(Self.list(published)): "
        + "tabulate without them."
    }
  }

  private static func list(_ names: [String]) -> String { names.joined(separator: ", ") }
}
