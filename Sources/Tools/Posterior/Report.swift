import ArgumentParser
import FileOutput
import Foundation
import Inference
import PresetStore
import Workflows

/// `priorkit report`: what a posterior says, as a page.
struct Report: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Write a page on what a posterior says: words, figures, numbers.",
    discussion: """
      EXAMPLES:
        priorkit report posterior.nc -o report.html

      One HTML file that any browser opens without a network: whether the draws can
      be trusted, what the settings do, which parameters the data informed and which
      the prior decides, traces and ranks. The figures are drawn by gnuplot.
      """)

  @Argument(help: "The posterior file.")
  var posterior: String

  @OptionGroup var output: OutputOptions
  @OptionGroup var threads: ThreadOptions
  @OptionGroup var global: GlobalOptions

  func run() throws {
    try OutputFile.check(output.output, overwrite: output.overwriting.force)
    let draws = try PosteriorFile.read(posterior)
    let page = PosteriorPage(
      draws, name: URL(fileURLWithPath: posterior).lastPathComponent,
      provenance: try Provenance.ofThisCommand(inputs: [posterior]), threads: threads.count)
    let display = global.console.progress("report", total: PosteriorPage.sectionCount)
    let html = try page.html { display.advance() }
    display.finish()
    try OutputFile.write(Data(html.utf8), to: output.output, overwrite: output.overwriting.force)
    global.console.message("\(output.output): \(html.utf8.count / 1024) KiB")
  }
}
