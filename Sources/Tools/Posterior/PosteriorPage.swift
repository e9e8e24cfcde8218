import FXParams
import Foundation
import Inference
import PresetStore
import Workflows

/// The report on a posterior as one HTML page that needs nothing beside it: words first, then figures, then
/// numbers.
struct PosteriorPage {
  private let draws: PosteriorDraws
  private let diagnostics: PosteriorDiagnostics
  private let report: DiagnosticsReport
  /// Names of the parameters that conclusions are drawn about.
  private let reliable: Set<String>
  private let information: [ParameterInformation]?
  private let sensitivity: SensitivityWords
  private let name: String
  private let provenance: Provenance

  init(_ draws: PosteriorDraws, name: String, provenance: Provenance, threads: Int) {
    self.draws = draws
    self.name = name
    self.provenance = provenance
    diagnostics = PosteriorDiagnostics(draws, threads: threads)
    report = DiagnosticsReport(diagnostics, rows: nil)
    let reliable = Self.reliable(diagnostics)
    self.reliable = reliable
    let informed = ParameterInformation.all(in: draws)?.filter { reliable.contains($0.name) }
    information = informed?.isEmpty == true ? nil : informed
    sensitivity = SensitivityWords(draws, about: reliable)
  }

  /// The page.
  ///
  /// - Parameter progress: called after each figure.
  /// - Throws: ``CommandError`` if gnuplot is absent or fails.
  func html(progress: () -> Void) throws -> String {
    let program = try GnuplotProgram()
    var sections: [String] = [words]
    for (number, section) in try figures().enumerated() {
      let images = try section.figures.enumerated().map { index, figure in
        try figure.svg(by: program, id: "figure\(number)_\(index)")
      }
      let columns = images.count > 1 ? " class=\"pair\"" : ""
      let figure = images.isEmpty ? "" : "<figure\(columns)>\n\(images.joined(separator: "\n"))\n</figure>\n"
      sections.append(
        "<section>\n<h2>\(HTML.escaped(section.title))</h2>\n<p>\(HTML.escaped(section.caption))</p>\n"
          + section.before + figure + section.after + "</section>\n")
      progress()
    }
    sections.append(numbers)
    return PageTemplate.page(
      title: "Posterior of \(name)", subtitle: subtitle, body: sections.joined(),
      provenance: provenance)
  }

  /// How many figures there will be, for progress.
  static let sectionCount = 8

  private var subtitle: String {
    let alpha = draws.alpha > 0 ? ", alpha \(NumberText.short(draws.alpha))" : ", from the prior alone"
    return "\(CountText.draws(chains: draws.chains.count, each: draws.drawCount)) of "
      + "\(draws.dimension) parameters by \(draws.sampler)\(alpha), "
      + ProgressText.time(seconds: draws.elapsedSeconds)
  }

  // MARK: - Words

  private var words: String {
    let verdict =
      diagnostics.isTrustworthy
      ? "<p class=\"verdict good\">The draws meet every limit.</p>\n"
      : "<p class=\"verdict bad\">The draws are not to be trusted yet.</p>\n"
        + HTML.list(diagnostics.findings.map(\.sentence))
    let said = conclusions
    return HTML.section("In words", verdict + (said.isEmpty ? "" : HTML.list(said)))
  }

  /// What the draws say, as far as they can be trusted: the settings of a chain that has not settled are those of
  /// its start.
  private var conclusions: [String] {
    let (judged, free) = (reliable.count, diagnostics.free.count)
    guard judged > 0 else {
      return ["No conclusions are drawn: no parameter has 100 effective draws. The figures show what there is."]
    }
    let caution =
      judged < free
      ? ["Conclusions are about the \(judged) of \(free) parameters that have 100 effective draws."]
      : []
    return caution + (information.map(InformationWords.sentences) ?? []) + sensitivity.sentences
  }

  /// Deviations of 100 effective draws are known to 7 %, which is enough for a sentence.
  private static let conclusionLimits = DiagnosticLimits(rHat: 1.05, ess: 100)

  /// Names of the parameters that there are draws enough of to conclude something.
  private static func reliable(_ diagnostics: PosteriorDiagnostics) -> Set<String> {
    Set(diagnostics.free.filter { $0.shortfall(conclusionLimits) <= 1 }.map(\.name))
  }

  // MARK: - Figures

  private struct Section {
    let title: String
    let caption: String
    let figures: [Figure]
    var before = ""
    var after = ""
  }

  private func figures() throws -> [Section] {
    guard draws.drawCount >= ScalarDraws.minimumDraws else { return [] }
    let space = draws.chain.parameterSpace
    let worst = diagnostics.worstFirst.filter { !$0.isFixed }.prefix(6).compactMap { space.index(of: $0.name) }
    let chains = MarkovChainFigures(draws: draws, worst: worst)
    let parameters = ParameterFigures(draws)
    var sections: [Section] = []
    let curves = ResponseFans(draws).figures()
    if !curves.isEmpty {
      sections.append(
        Section(
          title: "What the settings do",
          caption:
            "Curves of the effects over the draws: the median, and the bands that hold half and nine tenths of "
            + "them, on what the prior alone expects.", figures: curves, before: ResponseFans.legend))
    }
    if let information {
      sections.append(
        Section(
          title: "What the data informed",
          caption:
            "Posterior over prior standard deviation of each parameter's logit, in the order of the chain. Low "
            + "bars are settings that the recording decides; bars near 1 are the prior's.",
          figures: [parameters.information(information)],
          after: InformationWords.table(information, blocks: draws.chain.parameterBlocks)))
      let best = parameters.varied(information.sorted { $0.ratio < $1.ratio }.map(\.index), count: 12)
      sections.append(
        Section(
          title: "Marginals of the best informed parameters",
          caption: "The posterior as a line, the prior as an area; at most three entries of a vector.",
          figures: [parameters.marginals(best)]))
    }
    if draws.freePositions.count > 1 {
      sections.append(
        Section(
          title: "The most correlated parameters",
          caption:
            "Pairs that the draws let trade against each other, strongest first, the strongest pair of any two "
            + "variables.",
          figures: [parameters.pairs(try parameters.strongestPairs(6))]))
    }
    if let table = sensitivity.table {
      sections.append(
        Section(
          title: "Sensitivity to the prior",
          caption: "How fast each posterior changes when prior or likelihood is raised to a power near 1 "
            + "(Kallioinen et al. 2023); above 0.05 is worth a look.", figures: [], after: table))
    }
    sections.append(
      Section(
        title: "Traces of the worst parameters",
        caption: "One colour per Markov chain. Good chains look alike, like noise without drift.",
        figures: [chains.traces()], before: chains.legend))
    sections.append(
      Section(
        title: "Ranks of the worst parameters",
        caption:
          "Each chain's share of the ranks, from the lowest to the highest: level at 1 where the chains agree.",
        figures: [chains.ranks()], before: chains.legend))
    sections.append(
      Section(
        title: "Loss", caption: "Lower is better. Chains should settle at one level.", figures: [chains.losses()],
        before: chains.legend))
    return sections
  }

  // MARK: - Numbers

  private var numbers: String {
    let rows = report.parameters.map { entry in
      let deviation = entry.standardDeviation.map { NumberText.short($0, digits: 3) } ?? "-"
      let bulkESS = entry.bulkESS.map { "\(Int($0))" } ?? "-"
      let tailESS = entry.tailESS.map { "\(Int($0))" } ?? "-"
      let rHat = entry.rHat.map { String(format: "%.3f", $0) } ?? "-"
      return [
        entry.name, entry.unit, NumberText.short(entry.mean), deviation, NumberText.short(entry.lower5),
        NumberText.short(entry.median), NumberText.short(entry.upper95), bulkESS, tailESS,
        entry.isFixed ? "fixed" : rHat,
      ]
    }
    let header = [
      "parameter", "unit", "mean", "deviation", "5 %", "median", "95 %", "bulk ESS", "tail ESS", "R-hat",
    ]
    var text = HTML.table(header, Array(rows.prefix(10)))
    if rows.count > 10 {
      text += HTML.details("the other \(rows.count - 10)", HTML.table(header, Array(rows.dropFirst(10))))
    }
    return HTML.section("Every parameter, the worst first", text)
  }
}
