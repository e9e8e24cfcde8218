import ArgumentParser
import FileOutput
import PriorKit

/// `priorkit fit`: presets to a prior.
struct Fit: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Fit a Gaussian prior to presets.",
    discussion: """
      EXAMPLES:
        priorkit fit presets.h5 -o prior.h5
        priorkit fit part1.h5 --statistics-only -o stats1.h5

      The prior is over the logits: their mean, and their covariance with N - 1
      in its denominator, as published (arXiv 2505.11315). It takes more presets
      than parameters. The file is read once, in blocks: it may be larger than
      the memory. Statistics of parts are joined by `priorkit merge`.
      """)

  @Argument(help: "The preset file.")
  var presets: String

  @Flag(name: .long, help: "Write count, mean and scatter instead of a prior, for `priorkit merge`.")
  var statisticsOnly = false

  @OptionGroup var output: OutputOptions
  @OptionGroup var parallel: ThreadOptions
  @OptionGroup var global: GlobalOptions

  func run() throws {
    try OutputFile.check(output.output, overwrite: output.overwriting.force)
    let fit = StreamedFit(output: output, console: global.console)
    let (statistics, provenance) = try fit.statistics(of: presets, threads: parallel.count)
    try fit.write(statistics, provenance, statisticsOnly: statisticsOnly)
  }
}
