import FileOutput
import Foundation
import PriorKit
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

  let pairs: Int
  let draws: Int
  let bins: Int
  /// Share of parameters whose ranks pass a chi-squared test at 1 %.
  let passingShare: Double
  let parameters: [Parameter]
  let coverage: [Coverage]
  private let calibration: Calibration

  private enum CodingKeys: String, CodingKey { case pairs, draws, bins, passingShare, parameters, coverage }

  static let files = ["ranks.svg", "coverage.svg", "parameters.csv"]

  init(_ calibration: Calibration) {
    self.calibration = calibration
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
    var text =
      "\(pairs) pairs, \(draws) draws each: the ranks of \(percent(passingShare)) of \(parameters.count) "
      + "parameters "
      + "pass a chi-squared test at 1 % (\(bins) bins)\n\n"
    var table = TextTable([("level", .right), ("coverage", .right), ("s.e. if calibrated", .right)])
    for entry in coverage where Int((entry.level * 100).rounded()) % 10 == 0 {
      table.append([percent(entry.level), percent(entry.coverage), percent(entry.standardError)])
    }
    text += table.text + "\nLeast uniform ranks\n\n"
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

  func write(to folder: OutputFolder, overwrite: Bool) throws {
    try rankPlot.write(to: folder.file("ranks.svg"), overwrite: overwrite)
    try coveragePlot.write(to: folder.file("coverage.svg"), overwrite: overwrite)
    try OutputFile.write(Data(csv.utf8), to: folder.file("parameters.csv"), overwrite: overwrite)
  }

  /// Deviation of each parameter's distribution of ranks, over the band that holds 99 % of calibrated ones
  /// pointwise.
  private var rankPlot: Gnuplot {
    let grid = (0...bins).map { Double($0) / Double(bins) }
    let width = grid.map { 2.576 * ($0 * (1 - $0) / Double(pairs)).squareRoot() }
    var plot = Gnuplot(
      title: "Ranks of the truth among \(draws) draws, \(pairs) pairs", xLabel: "rank / \(draws + 1)",
      yLabel: "distribution function - uniform",
      series: [
        .init(
          title: "99 % if calibrated", style: .band, x: grid, y: width.map { -$0 }, upper: width, colour: "#bbbbbb")
      ])
    for index in parameters.indices {
      plot.series.append(
        .init(
          title: index == 0 ? "one line per parameter" : nil, style: .line, x: grid,
          y: [0] + calibration.rankDeviation(ofParameter: index), colour: "#881f77b4"))
    }
    return plot
  }

  private var coveragePlot: Gnuplot {
    let grid = (0...100).map { Double($0) / 100 }
    let width = grid.map { 2.576 * calibration.coverageError(at: $0) }
    return Gnuplot(
      title: "Expected coverage, \(pairs) pairs", xLabel: "level of the region of highest density",
      yLabel: "share of pairs inside",
      series: [
        .init(
          title: "99 % if calibrated", style: .band, x: grid, y: zip(grid, width).map { max(0, $0 - $1) },
          upper: zip(grid, width).map { min(1, $0 + $1) }, colour: "#bbbbbb"),
        .init(
          title: "found", style: .line, x: grid,
          y: grid.map { $0 >= 1 ? 1 : calibration.coverage(at: $0) }, colour: "#1f77b4"),
      ])
  }
}
