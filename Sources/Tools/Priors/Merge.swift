import ArgumentParser
import FXParams
import FileOutput
import NumericCore
import PresetStore

/// `priorkit merge`: statistics of parts to the prior of the whole.
struct Merge: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Fit a Gaussian prior to the merged statistics of several fits.",
    discussion: """
      EXAMPLE:
        priorkit fit part1.h5 --statistics-only -o stats1.h5
        priorkit fit part2.h5 --statistics-only -o stats2.h5
        priorkit merge stats1.h5 stats2.h5 -o prior.h5

      The prior is that of all presets together, but for rounding. With
      --statistics-only the merged statistics are written instead.
      """)

  @Argument(help: "The statistics files.")
  var statistics: [String]

  @Flag(name: .long, help: "Write the merged statistics instead of a prior.")
  var statisticsOnly = false

  @OptionGroup var output: OutputOptions
  @OptionGroup var global: GlobalOptions

  func run() throws {
    try OutputFile.check(output.output, overwrite: output.overwriting.force)
    var merged = try StatisticsFile.read(statistics[0])
    for path in statistics.dropFirst() {
      let part = try StatisticsFile.read(path)
      guard part.chain == merged.chain else {
        throw CommandError("\(path) and \(statistics[0]) are of different chains: merge statistics of one chain.")
      }
      merged.merge(part)
      guard merged.moments.isFinite else {
        throw CommandError(
          "The scatter of \(path) together with those before it is beyond any number: look for logits beyond 1e150."
        )
      }
    }
    try StreamedFit(output: output.output, overwrite: output.overwriting.force, console: global.console)
      .write(merged, .ofThisCommand(inputs: statistics), statisticsOnly: statisticsOnly)
  }
}
