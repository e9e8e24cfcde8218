import Distributions
import FXParams
import NumericCore
import PresetStore
import PriorKit
import Statistics
import Workflows

/// What `priorkit show` says about a prior. The property names are the keys of its JSON.
struct PriorSummary: Encodable {
  struct Entry: Encodable {
    let name: String
    let unit: String
    /// The physical value at the mean of the logits.
    let valueAtMean: Double
    /// Physical values that 5 % of draws are below, and above.
    let lower5: Double
    let upper95: Double
    let logitMean: Double
    let logitDeviation: Double
    /// Present where the prior was conditioned on a value.
    let isFixed: Bool?
  }

  /// A shape that presets may have.
  struct Pattern: Encodable {
    /// In words: `without reverb`.
    let name: String
    let probability: Double
  }

  let kind = "prior"
  let family: String
  let estimator: String?
  let presets: Int?
  let effectivePresets: Double?
  let hyperparameters: [String: Double]
  let canonicalisation: String?
  let logDensityAtMean: Double
  let sampleRate: Double
  let effects: [String]
  /// The most probable first; absent for a prior of presets of one shape.
  let patterns: [Pattern]?
  /// The probability that a preset has each optional effect.
  let presence: [String: Double]?
  let parameters: [Entry]
  let evidence: String?
  let provenance: Provenance?
  private let chain: ChainDescription

  private enum CodingKeys: String, CodingKey {
    case kind, family, estimator, presets, effectivePresets, hyperparameters, canonicalisation, logDensityAtMean
    case sampleRate, effects, patterns, presence, parameters, evidence, provenance
  }

  /// Draws that the spread is measured on, which every family has: quantiles to a tenth of a deviation.
  private static let drawCount = 2000

  init(of prior: Prior, provenance: Provenance?) {
    let pinned = Set(prior.pinnedPositions)
    let mean = prior.mean
    let values = prior.space.values(ofLogits: mean)
    chain = prior.chain
    family = type(of: prior.distribution).family
    estimator = prior.record?.estimator
    presets = prior.record?.presetCount
    effectivePresets = prior.record?.effectivePresetCount
    hyperparameters = Dictionary(
      (prior.record?.hyperparameters ?? []).map { ($0.name, $0.value) }, uniquingKeysWith: { first, _ in first })
    canonicalisation = prior.record?.canonicalisation
    evidence = prior.record.flatMap { $0.evidence.isEmpty ? nil : $0.evidence }
    self.provenance = provenance
    logDensityAtMean = prior.logDensity(at: mean)
    sampleRate = prior.chain.sampleRate
    effects = prior.chain.effectNames
    patterns = prior.patterns.map { patterns in
      zip(patterns.patterns, patterns.probabilities).map {
        Pattern(name: prior.chain.words(for: $0), probability: $1)
      }
    }
    presence = prior.patterns.map { patterns in
      Dictionary(
        uniqueKeysWithValues: zip(prior.chain.optionalNames, 0...).map { ($0, patterns.presence(ofEffect: $1)) })
    }
    let draws = prior.samples(Self.drawCount, seed: 0)
    let covariance = prior.gaussian?.covariance
    parameters = prior.space.parameters.enumerated().map { index, parameter in
      let column = draws.column(index)
      let quantiles = SortedQuantiles(column)
      let variance =
        covariance?[index, index]
        ?? column.reduce(0) { $0 + ($1 - mean[index]) * ($1 - mean[index]) } / Double(column.count)
      func quantile(_ share: Double) -> Double { parameter.bijector.forward(quantiles.value(at: share)) }
      return Entry(
        name: parameter.name, unit: parameter.unit.rawValue, valueAtMean: values[index], lower5: quantile(0.05),
        upper95: quantile(0.95), logitMean: mean[index], logitDeviation: variance.squareRoot(),
        isFixed: pinned.contains(index) ? true : nil)
    }
  }

  // MARK: - Text

  func text(all: Bool) -> String {
    lines.map { $0 + "\n" }.joined() + "\n" + table(all: all)
      + (evidence.map { "\nWhy this estimator:\n\($0)" } ?? "")
      + (provenance.map { "\n" + ProvenanceText.text($0) } ?? "")
  }

  private var lines: [String] {
    let density = "log density at the mean \(NumberText.short(logDensityAtMean, digits: 6))"
    var lines = [
      "A prior over \(parameters.count) parameters, \(NumberText.short(sampleRate, digits: 6)) Hz; \(density)",
      ChainText.line(effects, sampleRate: sampleRate),
    ]
    lines += ChainText.fixedLines(chain)
    lines.append("family:  \(family)")
    if let estimator {
      let chosen = hyperparameters.sorted { $0.key < $1.key }.map { "\($0.key) \(NumberText.short($0.value))" }
      lines.append("fitted:  by \(estimator)" + (chosen.isEmpty ? "" : " (\(chosen.joined(separator: ", ")))"))
    }
    if let presets {
      let effective = effectivePresets.flatMap { $0 < Double(presets) - 0.5 ? $0 : nil }
      lines.append(
        "         to \(presets) presets" + (effective.map { ", worth \(NumberText.short($0)) by weight" } ?? ""))
    }
    if let canonicalisation { lines.append("form:    \(canonicalisation)") }
    return lines + patternLines
  }

  /// Patterns that a line is given to.
  private static let shownPatterns = 5

  private var patternLines: [String] {
    guard let patterns, let presence else { return [] }
    func percent(_ share: Double) -> String { NumberText.short(100 * share, digits: 3) + " %" }
    let shown = patterns.prefix(Self.shownPatterns).map { "\($0.name) \(percent($0.probability))" }
    let rest = patterns.dropFirst(Self.shownPatterns)
    let others = rest.isEmpty ? [] : ["\(rest.count) others \(percent(rest.reduce(0) { $0 + $1.probability }))"]
    let own = chain.optionalNames.map { "\($0) \(percent(presence[$0] ?? 0))" }
    return ["shapes:  " + (shown + others).joined(separator: "; ")]
      + (own.isEmpty ? [] : ["         with " + own.joined(separator: ", ")])
  }

  private func table(all: Bool) -> String {
    var table = TextTable([
      ("parameter", .left), ("5 %", .right), ("at mean", .right), ("95 %", .right), ("unit", .left),
      ("logit mean", .right), ("logit deviation", .right),
    ])
    let text = ParameterText(chain)
    for (index, left) in ParameterText.shown(parameters.map(\.name), all: all) {
      let (entry, parameter) = (parameters[index], chain.parameterSpace.parameters[index])
      let isFixed = entry.isFixed == true
      let values = text.values([entry.lower5, entry.valueAtMean, entry.upper95], of: parameter)
      table.append(
        [entry.name] + (isFixed ? ["", values[1], ""] : values) + [text.unit(of: parameter)] + [
          NumberText.short(entry.logitMean), isFixed ? "fixed" : NumberText.short(entry.logitDeviation),
        ])
      if left > 0 { table.append(["  (\(left) more: --all)"] + Array(repeating: "", count: 6)) }
    }
    return table.text
  }
}
