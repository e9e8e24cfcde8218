import ArgumentParser
import Inference
import PresetStore
import Workflows

/// `priorkit diagnose`: how far posterior draws can be trusted.
struct Diagnose: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Say how far posterior draws can be trusted, the worst parameters first.",
    discussion: """
      EXAMPLES:
        priorkit diagnose posterior.nc
        priorkit diagnose posterior.nc --rows 10
        priorkit diagnose posterior.nc --json > diagnostics.json

      The words at the top say what is wrong and what to do; the table has mean,
      deviation, quantiles, their Monte Carlo error, effective sample sizes and
      R-hat, equal to ArviZ's. The exit code is 3 if a limit is not met.
      """)

  @Argument(help: "The posterior file.")
  var posterior: String

  @Option(within: 1...1_000_000, help: "How many parameters the table has (default: all).")
  var rows: Int?

  @Flag(name: .long, help: "Judge the unconstrained numbers instead of physical values.")
  var logits = false

  @Option(within: 1...1e9, help: "Bulk and tail effective sample sizes to reach.")
  var minimumEss = DiagnosticLimits().ess

  @Option(within: 1.0001...1000, help: "The R-hat to stay below.")
  var maximumRhat = DiagnosticLimits().rHat

  @OptionGroup var format: JSONOptions
  @OptionGroup var threads: ThreadOptions
  @OptionGroup var global: GlobalOptions

  func run() throws {
    let diagnostics = PosteriorDiagnostics(
      try PosteriorFile.read(posterior), scale: logits ? .logits : .physical,
      limits: DiagnosticLimits(rHat: maximumRhat, ess: minimumEss), threads: threads.count)
    let report = DiagnosticsReport(diagnostics, rows: rows)
    try Console.standardOutput(format.json ? JSONText.text(report) : report.text)
    guard diagnostics.isTrustworthy else { throw DiagnosticsFailed() }
  }
}
