import Foundation
import Inference
import Workflows

/// What `priorkit diagnose` says. The property names are the keys of its JSON; an absent key means that there is no
/// such number, as the R-hat of a parameter that never moved.
struct DiagnosticsReport: Encodable {
  struct Parameter: Encodable {
    let name: String
    let unit: String
    let mean: Double
    let standardDeviation: Double?
    let lower5: Double
    let median: Double
    let upper95: Double
    let meanError: Double?
    let deviationError: Double?
    let medianError: Double?
    let bulkESS: Double?
    let tailESS: Double?
    let rHat: Double?
    let isConstant: Bool
    let isFixed: Bool
  }

  let isTrustworthy: Bool
  let findings: [PosteriorDiagnostics.Finding]
  let sampler: String
  let alpha: Double
  let chainCount: Int
  let drawCount: Int
  /// The worst first, fixed ones last.
  let parameters: [Parameter]
  let divergences: [Int]
  let energyFractions: [Double?]
  let paretoShape: Double?
  let paretoThreshold: Double
  /// How many parameters the text lists.
  private let rows: Int

  private enum CodingKeys: String, CodingKey {
    case isTrustworthy, findings, sampler, alpha, chainCount, drawCount, parameters, divergences, energyFractions
    case paretoShape, paretoThreshold
  }

  init(_ diagnostics: PosteriorDiagnostics, rows: Int?) {
    isTrustworthy = diagnostics.isTrustworthy
    findings = diagnostics.findings
    sampler = diagnostics.sampler
    alpha = diagnostics.alpha
    chainCount = diagnostics.chainCount
    drawCount = diagnostics.drawCount
    parameters = diagnostics.worstFirst.map { parameter in
      Parameter(
        name: parameter.name, unit: parameter.unit, mean: parameter.mean,
        standardDeviation: parameter.standardDeviation, lower5: parameter.lower5, median: parameter.median,
        upper95: parameter.upper95, meanError: parameter.meanError, deviationError: parameter.deviationError,
        medianError: parameter.medianError, bulkESS: parameter.bulkESS, tailESS: parameter.tailESS,
        // JSON has no infinity.
        rHat: parameter.rHat.flatMap { $0.isFinite ? $0 : nil }, isConstant: parameter.isConstant,
        isFixed: parameter.isFixed)
    }
    divergences = diagnostics.divergences
    energyFractions = diagnostics.energyFractions
    paretoShape = diagnostics.paretoShape.flatMap { $0.isFinite ? $0 : nil }
    paretoThreshold = diagnostics.paretoThreshold
    self.rows = rows ?? diagnostics.parameters.count
  }

  // MARK: - Text

  var text: String { words + "\n" + table }

  /// What is wrong, or that nothing is.
  var words: String {
    let counts =
      """
      \(CountText.draws(chains: chainCount, each: drawCount)) of \(parameters.count) parameters\
      \(fixed > 0 ? ", \(fixed) of them fixed," : "") by \(sampler)
      """
      + (alpha > 0 ? ", alpha \(NumberText.short(alpha))" : "")
    return "\(counts): \(verdict)\n" + note
  }

  /// Whether the draws can be trusted, and each limit that they miss.
  var verdict: String {
    guard !findings.isEmpty else { return "every limit is met." }
    return "not to be trusted yet.\n" + findings.map { "- \(Self.sentence(of: $0))" }.joined(separator: "\n")
  }

  /// A finding with the options of `posterior` that carry out its remedy.
  private static func sentence(of finding: PosteriorDiagnostics.Finding) -> String {
    let options =
      switch finding.kind {
      case .tooFewDraws, .rHat, .bulkESS, .tailESS, .energyFraction: "posterior --draws, --thinning"
      case .divergences: "posterior --target-acceptance"
      case .paretoShape: "posterior --sampler"
      case .constant: ""
      }
    guard !options.isEmpty, finding.sentence.hasSuffix(".") else { return finding.sentence }
    return "\(finding.sentence.dropLast()) (\(options))."
  }

  private var fixed: Int { parameters.count { $0.isFixed } }

  private var note: String {
    guard chainCount == 1, drawCount > 1 else { return "" }
    return "One chain cannot show that it missed a mode: sample four to see whether they agree.\n"
  }

  private var table: String {
    var table = TextTable([
      ("parameter", .left), ("unit", .left), ("mean", .right), ("error", .right), ("deviation", .right),
      ("5 %", .right), ("median", .right), ("95 %", .right), ("bulk ESS", .right), ("tail ESS", .right),
      ("R-hat", .right),
    ])
    for entry in parameters.prefix(rows) {
      func cell(_ value: Double?, _ format: (Double) -> String) -> String { value.map(format) ?? "-" }
      table.append(
        [entry.name, entry.unit, NumberText.short(entry.mean)]
          + [cell(entry.meanError) { NumberText.short($0, digits: 2) }]
          + [cell(entry.standardDeviation) { NumberText.short($0, digits: 3) }]
          + [entry.lower5, entry.median, entry.upper95].map { NumberText.short($0) }
          + [entry.bulkESS, entry.tailESS].map { cell($0) { "\(Int($0))" } }
          + [entry.isFixed ? "fixed" : cell(entry.rHat) { String(format: "%.3f", $0) }])
    }
    let rest = parameters.dropFirst(rows)
    let words = [
      (rest.count { !$0.isFixed }, "more, better than these"), (rest.count { $0.isFixed }, "that are fixed"),
    ].filter { $0.0 > 0 }.map { "\($0) \($1)" }
    return table.text + (words.isEmpty ? "" : "and \(words.joined(separator: ", ")) (--rows).\n")
  }
}
