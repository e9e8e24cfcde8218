import Workflows

/// The analysis of a listening test as tables for the terminal.
struct ListeningTables {
  private let report: ListeningReport

  init(_ report: ListeningReport) { self.report = report }

  var text: String {
    listeners + "\n" + stimuli + "\n" + pairs
      + "(over \(report.keptCount) listeners, each one's ratings averaged over pages; p: Wilcoxon's signed-rank\n"
      + "test; Holm: over all \(report.pairs.count) pairs; p < 0.01: without correction, as published)\n"
  }

  private var level: String { "\(NumberText.short(100 * report.level)) %" }

  // MARK: - Listeners

  /// In words, and in the order in which the rules are applied.
  private static let faults = [
    ("incomplete", "did not rate every stimulus"),
    ("anchor_rated_high", "paper: anchor below 20 on less than 40 % of the pages"),
    ("anchor_varies", "paper: standard deviation of the anchor above 40"),
    ("others_vary", "paper: mean standard deviation of the others above 30"),
    ("reference_rated_low", "BS.1534: hidden reference below 90 on more than 15 % of the pages"),
    ("mid_anchor_rated_high", "BS.1534: mid-range anchor above 90 on more than 15 % of the pages"),
  ]

  private var listeners: String {
    var text =
      "\(report.listeners.count) listeners, \(report.trials) page\(report.trials == 1 ? "" : "s"), "
      + "\(report.stimuli.count) stimuli; screening: \(report.screening)\n"
    var left = report.listeners.count
    for (fault, words) in Self.faults {
      let dropped = report.listeners.filter { $0.fault == fault }
      guard !dropped.isEmpty else { continue }
      left -= dropped.count
      text +=
        "  \(left) left without \(dropped.count): \(words)\n"
        + dropped.map { "    \(PrintableText.escaped($0.name)) (\(Self.figures($0)))\n" }.joined()
    }
    return text
  }

  private static func figures(_ listener: ListeningReport.Listener) -> String {
    func percent(_ share: Double?) -> String { share.map { NumberText.short(100 * $0, digits: 3) + " %" } ?? "-" }
    func number(_ value: Double?) -> String { value.map { NumberText.short($0, digits: 3) } ?? "-" }
    return "anchor low on \(percent(listener.lowAnchorShare)), deviations \(number(listener.anchorDeviation)) and "
      + "\(number(listener.otherDeviation)), reference low on \(percent(listener.lowReferenceShare))"
  }

  // MARK: - Stimuli and pairs

  private var stimuli: String {
    var table = TextTable([
      ("stimulus", .left), ("median", .right), (level, .right), ("quartiles", .right), ("mean", .right),
    ])
    for stimulus in report.stimuli {
      table.append([
        stimulus.name, Self.score(stimulus.median), Self.range(stimulus.medianInterval),
        Self.range(stimulus.quartiles), Self.score(stimulus.mean),
      ])
    }
    return table.text
  }

  private var pairs: String {
    var table = TextTable([
      ("higher", .left), ("lower", .left), ("difference", .right), (level, .right), ("effect", .right),
      ("p", .right), ("Holm", .right), ("p < 0.01", .left),
    ])
    for pair in report.pairs {
      table.append([
        pair.first, pair.second, Self.score(pair.medianDifference), Self.range(pair.differenceInterval),
        NumberText.short(pair.rankBiserial, digits: 2), NumberText.short(pair.pValue, digits: 2),
        NumberText.short(pair.holmPValue, digits: 2), pair.pValue < 0.01 ? "yes" : "no",
      ])
    }
    return table.text
  }

  private static func score(_ value: Double) -> String { NumberText.short(value, digits: 3) }

  private static func range(_ ends: [Double]) -> String { ends.map(score).joined(separator: " ") }
}
