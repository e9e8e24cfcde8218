import ArgumentParser
import FileOutput
import PriorKit

/// `priorkit fit`: presets to a prior.
struct Fit: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Fit a Gaussian prior to presets.",
    discussion: """
      EXAMPLE:
        priorkit fit presets.h5 -o prior.h5

      The prior is over the logits: their mean, and their covariance with N - 1
      in its denominator, as published (arXiv 2505.11315). It takes more presets
      than parameters.
      """)

  @Argument(help: "The preset file.")
  var presets: String

  @OptionGroup var output: OutputOptions
  @OptionGroup var global: GlobalOptions

  func run() throws {
    try OutputFile.check(output.output, overwrite: output.overwriting.force)
    let collection = try PresetFile.read(presets)
    let prior = try GaussianEstimator.unbiased.fit(collection)
    try PriorFile.write(
      prior, to: output.output, provenance: .ofThisCommand(inputs: [presets]), overwrite: output.overwriting.force)
    global.console.message(
      "\(output.output): a Gaussian over \(collection.dimension) parameters, from \(collection.count) presets")
  }
}
