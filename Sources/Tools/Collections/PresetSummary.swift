import FXParams
import NumericCore
import PresetStore
import Statistics
import Workflows

/// What `priorkit show` says about presets. The property names are the keys of its JSON.
struct PresetSummary: Encodable {
  struct Entry: Encodable {
    let name: String
    let unit: String
    /// Nil where no preset has the effect, as are ``median`` and ``maximum``.
    let minimum: Double?
    let median: Double?
    let maximum: Double?
    /// How many presets have it; nil where all do.
    let presets: Int?
    /// The mean standard error of the logit in typical standard deviations; nil where that is not known.
    let relativeError: Double?
  }

  let kind = "presets"
  let count: Int
  let sampleRate: Double
  let effects: [String]
  let parameters: [Entry]
  let labels: [String]?
  /// Names of groups with the number of their presets, in the order in which they come.
  let groups: [Group]?
  /// How many features each preset has, and how they were made.
  let featureCount: Int?
  let featureSource: String?
  let canonicalisation: String?
  /// What was done to the values when they were read from text.
  let adjustments: [String]?
  let isWeighted: Bool
  /// The least, median and greatest loss of presets that were retrieved; nil for others.
  let losses: [Double]?
  /// Retrievals that have no row; nil for presets from elsewhere.
  let refusedCount: Int?
  let provenance: Provenance?
  /// Which effects presets have, and how many presets; nil where nothing is missing.
  let patterns: [PatternEntry]?
  private let chain: ChainDescription

  struct Group: Encodable {
    let name: String
    let count: Int
  }

  private enum CodingKeys: String, CodingKey {
    case kind, count, sampleRate, effects, parameters, labels, groups, featureCount, featureSource, canonicalisation
    case adjustments, isWeighted, losses, refusedCount, provenance, patterns
  }

  init(of presets: PresetCollection, provenance: Provenance?) {
    let space = presets.chain.parameterSpace
    let rows = (0..<presets.count).map { space.values(ofLogits: presets.theta.row($0)) }
    chain = presets.chain
    count = presets.count
    patterns = PatternEntry.all(of: presets)
    sampleRate = presets.chain.sampleRate
    effects = presets.chain.effectNames
    labels = presets.labels
    groups = presets.groups.map(Self.counted)
    featureCount = presets.features?.columns
    featureSource = presets.featureRecord?.summary
    canonicalisation = presets.canonicalisation
    adjustments = presets.adjustments
    isWeighted = presets.weights != nil
    self.provenance = provenance
    losses = presets.retrieval.map { retrieval in
      let sorted = SortedQuantiles(retrieval.losses)
      return [0, 0.5, 1].map { sorted.value(at: $0) }
    }
    refusedCount = presets.retrieval?.refused.count
    let errors = presets.information.flatMap { information in
      information.widths.map { widths in
        widths.indices.map { column in
          let sum = (0..<presets.count).reduce(0) { $0 + information.standardErrors[$1, column] }
          return sum / Double(presets.count) / widths[column]
        }
      }
    }
    parameters = space.parameters.enumerated().map { index, parameter in
      let sorted = rows.map { $0[index] }.filter { !$0.isNaN }.sorted()
      let middle = sorted.count / 2
      return Entry(
        name: parameter.name, unit: parameter.unit.rawValue, minimum: sorted.first,
        median: sorted.isEmpty
          ? nil : sorted.count % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2,
        maximum: sorted.last, presets: presets.patterns == nil ? nil : sorted.count,
        relativeError: errors?[index])
    }
  }

  private static func counted(_ groups: [String]) -> [Group] {
    var (order, counts): ([String], [String: Int]) = ([], [:])
    for group in groups {
      if counts[group] == nil { order.append(group) }
      counts[group, default: 0] += 1
    }
    return order.map { Group(name: $0, count: counts[$0] ?? 0) }
  }

  // MARK: - Text

  func text(all: Bool) -> String {
    lines(all: all).map { $0 + "\n" }.joined() + "\n" + (patterns.map { PatternEntry.table($0) + "\n" } ?? "")
      + table(all: all)
      + (provenance.map { "\n" + ProvenanceText.text($0) } ?? "")
  }

  private func lines(all: Bool) -> [String] {
    var lines = [
      "\(count) preset\(count == 1 ? "" : "s") of \(parameters.count) parameters",
      ChainText.line(effects, sampleRate: sampleRate),
    ]
    lines += patterns == nil ? [] : ShapeText.lines(chain)
    lines += ChainText.fixedLines(chain)
    if let labels { lines.append("labels:  \(Self.list(labels, all: all))") }
    if let groups {
      lines.append(
        "groups:  \(groups.count): \(Self.list(groups.map { "\($0.name) (\($0.count))" }, all: all))")
    }
    if let featureCount {
      lines.append("given:   \(featureCount) features\(featureSource.map { ": " + $0 } ?? "")")
    }
    if let canonicalisation { lines.append("form:    \(canonicalisation)") }
    lines += (adjustments ?? []).map { "changed: \($0)" }
    if isWeighted { lines.append("Presets have weights, which fits use.") }
    if let losses, let refusedCount {
      let numbers = losses.map { NumberText.short($0) }
      lines.append(
        "Retrieved from recordings: losses from \(numbers[0]) to \(numbers[2]), median \(numbers[1]); "
          + "\(refusedCount) retrievals are left out")
    }
    return lines
  }

  /// The first few names of many.
  private static func list(_ names: [String], all: Bool) -> String {
    let shown = all ? names[...] : names.prefix(5)
    let rest = names.count - shown.count
    return PrintableText.escaped(shown.joined(separator: ", ")) + (rest > 0 ? " and \(rest) more (--all)" : "")
  }

  private func table(all: Bool) -> String {
    let hasErrors = parameters.contains { $0.relativeError != nil }
    let varies = patterns != nil
    var table = TextTable(
      [("parameter", .left), ("minimum", .right), ("median", .right), ("maximum", .right), ("unit", .left)]
        + (varies ? [("presets", .right)] : []) + (hasErrors ? [("error / spread", .right)] : []))
    let text = ParameterText(chain)
    let space = chain.parameterSpace
    for (index, left) in ParameterText.shown(parameters.map(\.name), all: all) {
      let (entry, parameter) = (parameters[index], space.parameters[index])
      let found = [entry.minimum, entry.median, entry.maximum].compactMap { $0 }
      let values = found.isEmpty ? ["", "", ""] : text.values(found, of: parameter)
      let more =
        (entry.presets.map { ["\($0)"] } ?? [])
        + (entry.relativeError.map { [NumberText.short($0, digits: 2)] } ?? [])
      table.append([entry.name] + values + [text.unit(of: parameter)] + more)
      if left > 0 { table.append(["  (\(left) more: --all)", "", "", "", ""] + more.map { _ in "" }) }
    }
    return table.text
  }
}
