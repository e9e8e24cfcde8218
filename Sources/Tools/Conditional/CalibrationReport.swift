import FileOutput
import Foundation
import PresetStore
import PriorKit
import Statistics
import Workflows

/// What `priorkit calibrate` says. The property names are the keys of its JSON.
struct CalibrationReport: Encodable {
  struct Parameter: Encodable {
    let name: String
    let chiSquared: Double
    let probability: Double
  }

  struct Coverage: Encodable {
    let level: Double
    let coverage: Double
    let standardError: Double
  }

  /// Of the mean over parameters of squared errors, and of log densities in nats.
  struct Guess: Encodable {
    let meanSquaredError: Double
    let medianSquaredError: Double
    let logDensity: Double

    init(_ squaredErrors: [Double], _ logDensities: [Double]) {
      meanSquaredError = squaredErrors.reduce(0, +) / Double(squaredErrors.count)
      medianSquaredError = SortedQuantiles(squaredErrors).median
      logDensity = logDensities.reduce(0, +) / Double(logDensities.count)
    }

    func row(_ name: String, against other: Guess?) -> [String] {
      let numbers = [meanSquaredError, medianSquaredError, logDensity].map { NumberText.short($0) }
      guard let other else { return [name] + numbers + ["", ""] }
      let changes = [(meanSquaredError, other.meanSquaredError), (medianSquaredError, other.medianSquaredError)]
      return [name] + numbers + changes.map { String(format: "%+.1f %%", 100 * ($0 / $1 - 1)) }
    }
  }

  let pairs: Int
  let draws: Int
  let bins: Int
  /// Share of parameters whose ranks pass a chi-squared test at 1 %.
  let passingShare: Double
  let parameters: [Parameter]
  let coverage: [Coverage]
  /// By the conditional prior.
  let guess: Guess
  /// By the prior that it is set against.
  let baseline: Guess?
  /// Whether the regions hold what they should.
  let verdict: String
  /// What else speaks against the prior.
  let reservations: [String]
  private let calibration: Calibration

  private enum CodingKeys: String, CodingKey {
    case pairs, draws, bins, passingShare, parameters, coverage, guess, baseline, verdict,
      reservations
  }

  static let files = ["ranks.svg", "coverage.svg", "parameters.csv"]

  init(_ calibration: Calibration, against prior: Prior?, verdict: CalibrationVerdict) {
    self.calibration = calibration
    self.verdict = verdict.sentence
    reservations = verdict.reservations
    guess = Guess(calibration.squaredErrors, calibration.logDensities)
    baseline = prior.map { calibration.baseline($0) }.map { Guess($0.squaredErrors, $0.logDensities) }
    pairs = calibration.ranks.count
    draws = calibration.drawCount
    bins = calibration.binCount
    passingShare = calibration.passingShare()
    parameters = calibration.parameterNames.enumerated().map { index, name in
      let test = calibration.uniformity(ofParameter: index)
      return Parameter(name: name, chiSquared: test.statistic, probability: test.probability)
    }
    coverage = stride(from: 0.05, to: 0.96, by: 0.05).map { level in
      Coverage(
        level: level, coverage: calibration.coverage(at: level), standardError: calibration.coverageError(at: level)
      )
    }
  }

  // MARK: - Text

  var text: String {
    let percent = { (share: Double) in String(format: "%.1f %%", 100 * share) }
    var text = ([verdict] + reservations).joined(separator: "\n") + "\n\n"
    text +=
      "\(pairs) pairs, \(draws) draws each: the ranks of \(percent(passingShare)) of \(parameters.count) "
      + "parameters "
      + "pass a chi-squared test at 1 % (\(bins) bins)\n\n"
    var table = TextTable([("level", .right), ("coverage", .right), ("s.e. if calibrated", .right)])
    for entry in coverage where Int((entry.level * 100).rounded()) % 10 == 0 {
      table.append([percent(entry.level), percent(entry.coverage), percent(entry.standardError)])
    }
    text += table.text + "\nThe mean as a guess: squared error over parameters, and log density in nats\n\n"
    var guesses = TextTable(
      [("prior", .left), ("PMSE", .right), ("median", .right), ("log density", .right)]
        + (baseline == nil ? [] : [("PMSE against it", .right), ("median against it", .right)]))
    let width = baseline == nil ? 4 : 6
    guesses.append(Array(guess.row("conditional", against: baseline).prefix(width)))
    if let baseline { guesses.append(baseline.row("the prior given by --against", against: nil)) }
    text += guesses.text + "\nLeast uniform ranks\n\n"
    var worst = TextTable([("parameter", .left), ("chi-squared", .right), ("p", .right)])
    for entry in parameters.sorted(by: { $0.probability < $1.probability }).prefix(10) {
      worst.append([entry.name, NumberText.short(entry.chiSquared), NumberText.short(entry.probability, digits: 2)])
    }
    return text + worst.text
  }

  private var csv: String {
    parameters.reduce(into: "parameter,chi_squared,p\n") { text, entry in
      text +=
        "\(CSVText.field(entry.name)),\(NumberText.full(entry.chiSquared)),\(NumberText.full(entry.probability))\n"
    }
  }

  // MARK: - Plots

  func write(to folder: OutputFolder, provenance: Provenance, overwrite: Bool) throws {
    let program = try GnuplotProgram()
    func write(_ figure: Figure, _ name: String, _ id: String) throws {
      let text = try figure.svgDocument(by: program, id: id, provenance: provenance)
      try OutputFile.write(Data(text.utf8), to: folder.file(name), overwrite: overwrite)
    }
    let figures = CalibrationFigures(pairs: pairs)
    let deviations = parameters.indices.map { [0] + calibration.rankDeviation(ofParameter: $0) }
    try write(figures.ranks(deviations, draws: draws), "ranks.svg", "ranks")
    let levels = (0...100).map { Double($0) / 100 }
    let shares = levels.map { $0 >= 1 ? 1 : calibration.coverage(at: $0) }
    try write(figures.coverage(levels: levels, shares: shares), "coverage.svg", "coverage")
    try OutputFile.write(Data(csv.utf8), to: folder.file("parameters.csv"), overwrite: overwrite)
  }
}
