import ArgumentParser
import FileOutput
import Foundation
import PresetStore
import Workflows

/// `priorkit tabulate`: statistics of scores, and the published scores beside them.
struct Tabulate: ParsableCommand {
  enum Observation: String, ExpressibleByArgument, CaseIterable { case song, stem }
  enum Form: String, ExpressibleByArgument, CaseIterable { case text, markdown, csv }

  static let configuration = CommandConfiguration(
    abstract: "Tabulate scores of methods: intervals, tests, published numbers.",
    discussion: """
      EXAMPLES:
        priorkit tabulate scores.csv
        priorkit tabulate part-1.csv part-2.csv --format markdown -o scores.csv
        priorkit tabulate scores.csv --against raw_scores.csv --figure scores.svg
        priorkit tabulate raw_scores.csv --methods afx_01,afx --baseline afx --by stem

      Files have the layout of the published raw_scores.csv (arXiv 2505.11315). Their
      methods are seen on the tracks that all of them share. For each metric: mean,
      median and trimmed mean over tracks, intervals from resampled songs, and paired
      differences to a baseline: Wilcoxon's signed-rank test on songs, their stems
      averaged first, Holm's correction over methods, rank-biserial effect size.
      --against sets the published numbers of the same configurations beside them;
      where track names coincide, on the common tracks.
      """)

  @Argument(help: "Files of scores.")
  var scores: [String]

  @Option(name: .long, help: ArgumentHelp("Methods, in order (default: all).", valueName: "a,b"))
  var methods: String?

  @Option(name: .long, help: ArgumentHelp("Columns, in order (default: all).", valueName: "a,b"))
  var metrics: String?

  @Option(
    name: .long,
    help: ArgumentHelp(
      "The method that others are compared with (default: mean, or else the first).", valueName: "name"))
  var baseline: String?

  @Option(name: .long, help: "What the tests count as one observation.")
  var by = Observation.song

  @Flag(name: .long, help: "Take each method on its own tracks, not on those that all methods share.")
  var allTracks = false

  @Option(name: .long, help: ArgumentHelp("Published scores to set beside these.", valueName: "csv"))
  var against: String?

  @Option(within: 100...1_000_000, help: "Resamples of the songs for each interval.")
  var resamples = 2000

  @Option(name: .long, help: "How to print the tables (default: text).")
  var format: Form?

  @Option(
    name: [.customShort("o"), .long],
    help: ArgumentHelp("A file for the joined scores, in the published layout.", valueName: "csv"))
  var output: String?

  @Option(name: .long, help: ArgumentHelp("A picture of the intervals to write.", valueName: "svg"))
  var figure: String?

  @OptionGroup var overwriting: OverwriteOptions
  @OptionGroup var machine: JSONOptions
  @OptionGroup var random: RandomOptions
  @OptionGroup var global: GlobalOptions

  func validate() throws {
    if machine.json, format != nil {
      throw ValidationError("--json and --format are two ways to print: choose one.")
    }
    if let output, let figure, OutputFile.destination(output) == OutputFile.destination(figure) {
      throw ValidationError("--figure and --output are both \(output): name two files.")
    }
    if let figure, !figure.hasSuffix(".svg") {
      throw ValidationError("--figure is \(figure) but figures are SVG: name a file that ends in .svg.")
    }
  }

  func run() throws {
    for path in [output, figure].compactMap(\.self) { try OutputFile.check(path, overwrite: overwriting.force) }
    let program = try figure.map { _ in try GnuplotProgram() }
    let report = try tabulation.run(monitor: global.console)
    let image = try program.map { program in
      let inputs = scores + [against].compactMap(\.self)
      return try ScoreFigure(report, provenance: .ofThisCommand(seed: random.seed, inputs: inputs)).svg(by: program)
    }
    let text = try text(of: report)
    if let output {
      try OutputFile.write(Data(report.joined.utf8), to: output, overwrite: overwriting.force)
      global.console.message("\(output): \(report.methods.count) methods on \(report.tracks) tracks")
    }
    if let figure, let image {
      try OutputFile.write(Data(image.utf8), to: figure, overwrite: overwriting.force)
      global.console.message("\(figure): intervals in \(report.metrics.count) metrics")
    }
    try Console.standardOutput(text)
  }

  private var tabulation: ScoreTabulation {
    var tabulation = ScoreTabulation(scores)
    tabulation.against = against
    tabulation.methods = Self.names(methods)
    tabulation.metrics = Self.names(metrics)
    tabulation.baseline = baseline
    tabulation.testsStems = by == .stem
    tabulation.sharesTracks = !allTracks
    tabulation.resamples = resamples
    tabulation.seed = random.seed
    return tabulation
  }

  private func text(of report: ScoreReport) throws -> String {
    if machine.json { return try JSONText.text(report) }
    return switch format ?? .text {
    case .text: ScoreTables(report, .text).text
    case .markdown: ScoreTables(report, .markdown).text
    case .csv: ScoreRecords(report).text
    }
  }

  private static func names(_ list: String?) -> [String]? {
    list.map { $0.split(separator: ",", omittingEmptySubsequences: false).map(String.init) }
  }
}
