import ArgumentParser
import FileOutput
import Foundation
import PresetStore
import Workflows

/// `priorkit listening-test analyse`
struct ListeningTestAnalyse: ParsableCommand {
  /// The rules by which listeners are screened.
  enum Screening: String, ExpressibleByArgument, CaseIterable { case paper, bs1534, both, none }

  static let configuration = CommandConfiguration(
    commandName: "analyse",
    abstract: "Screen the listeners of a listening test, and compare what they rated.",
    discussion: """
      EXAMPLES:
        priorkit listening-test analyse mushra.csv
        priorkit listening-test analyse mushra.csv --screening paper \\
          --anchor anchor --figure ratings.svg -o means.csv

      RESULTS is the mushra.csv of webMUSHRA. Pages whose id holds train_ do not
      count. --screening paper drops listeners who rate the anchor below 20 on less
      than 40 % of the pages, then those whose ratings of the anchor deviate by more
      than 40, or of the others by more than 30 (arXiv 2505.11315); bs1534 those who
      rate the hidden reference below 90, or the mid-range anchor above 90, on more
      than 15 % of the pages. The ratings of each listener are averaged over pages;
      medians have bootstrap intervals over listeners, and every pair has Wilcoxon's
      signed-rank test with Holm's correction.
      """)

  @Argument(help: "The results.")
  var results: String

  @Option(name: .long, help: "The rules by which listeners are screened.")
  var screening = Screening.both

  @Option(name: .long, help: ArgumentHelp("The anchor of the paper's rules.", valueName: "name"))
  var anchor = ListeningTestPlan.dry

  @Option(name: .long, help: ArgumentHelp("The hidden reference.", valueName: "name"))
  var reference = ListeningTestPlan.reference

  @Option(name: .long, help: ArgumentHelp("The mid-range anchor of BS.1534.", valueName: "name"))
  var midAnchor = ListeningTestPlan.midAnchor

  @Option(name: .long, help: ArgumentHelp("The column that tells listeners apart.", valueName: "column"))
  var listener = ListeningResults.usualListenerColumn

  @Option(within: 0.5...0.999, help: "What the intervals hold.")
  var level = 0.95

  @Option(name: .long, help: ArgumentHelp("A picture of the ratings to write.", valueName: "svg"))
  var figure: String?

  @Option(
    name: [.customShort("o"), .long],
    help: ArgumentHelp("A table of each listener's means to write.", valueName: "csv"))
  var output: String?

  @OptionGroup var overwriting: OverwriteOptions
  @OptionGroup var format: JSONOptions
  @OptionGroup var random: RandomOptions
  @OptionGroup var global: GlobalOptions

  func validate() throws {
    if let output, let figure, OutputFile.destination(output) == OutputFile.destination(figure) {
      throw ValidationError("--figure and --output are both \(output): name two files.")
    }
    if let figure, !figure.lowercased().hasSuffix(".svg") {
      throw ValidationError("--figure is \(figure) but figures are SVG: name a file that ends in .svg.")
    }
  }

  func run() throws {
    for path in [output, figure].compactMap(\.self) { try OutputFile.check(path, overwrite: overwriting.force) }
    let program = try figure.map { _ in try GnuplotProgram() }
    let report = try analysis.run(monitor: global.console)
    let image = try program.map {
      try ListeningFigure(report, provenance: .ofThisCommand(seed: random.seed, inputs: [results])).svg(by: $0)
    }
    if let output {
      try OutputFile.write(Data(report.meansText.utf8), to: output, overwrite: overwriting.force)
      global.console.message("\(output): means of \(report.listeners.count) listeners")
    }
    if let figure, let image {
      try OutputFile.write(Data(image.utf8), to: figure, overwrite: overwriting.force)
      global.console.message("\(figure): ratings of \(report.stimuli.count) stimuli")
    }
    try Console.standardOutput(format.json ? JSONText.text(report) : ListeningTables(report).text)
  }

  private var analysis: ListeningAnalysis {
    var analysis = ListeningAnalysis(of: results)
    analysis.appliesPaperRules = screening == .paper || screening == .both
    analysis.appliesRecommendation = screening == .bs1534 || screening == .both
    analysis.anchor = anchor
    analysis.reference = reference
    analysis.midAnchor = midAnchor
    analysis.listenerColumn = listener
    analysis.level = level
    analysis.seed = random.seed
    return analysis
  }
}
