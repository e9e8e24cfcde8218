import ArgumentParser
import FXParams
import FileOutput
import HDF5Store
import Inference
import NumericCore
import PresetStore
import PriorKit
import StyleFeatures
import Workflows

/// `priorkit objective`: the transfer objective at one preset, with its gradients.
struct Objective: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Evaluate the transfer objective and its gradients at a preset.",
    discussion: """
      EXAMPLE:
        priorkit objective --prior prior.h5 --presets presets.h5 --row 0 \\
          --encoder mfcc --alpha 0.1 --dry dry.wav --reference wet.wav \\
          -o objective.h5

      The file holds /log_likelihood, /log_prior, /loss, the gradients with
      respect to the logits /gradient/log_likelihood and /gradient/log_prior [D],
      and the embeddings of the rendered inputs /embedding/mid and /embedding/side
      [segments, features]. loss = -log_likelihood - alpha log_prior.
      """)

  @OptionGroup var style: StyleOptions

  @Option(name: .long, help: "The preset file.")
  var presets: String

  @OptionGroup var choice: RowOptions

  @OptionGroup var output: OutputOptions
  @OptionGroup var parallel: ThreadOptions
  @OptionGroup var global: GlobalOptions

  func validate() throws { try style.requireRecordings() }

  func run() throws {
    let overwrite = output.overwriting.force
    try OutputFile.check(output.output, overwrite: overwrite)
    let collection = try PresetFile.read(presets, acceptsVaryingShape: true)
    let row = try choice.index(of: collection.count, path: presets) { collection.allLabels }
    let preset = try collection.alone(row: row, path: presets)
    let logits = preset.theta.row(0)
    try preset.chain.requireUsable(logits, row: row, path: presets)
    let problem = try style.problem(console: global.console)
    try preset.requireChain(of: problem.prior, paths: (presets, style.prior))
    try problem.requireGradient("objective")
    let posterior = try problem.makePosterior(threads: parallel.count)
    let found = try posterior.termsAndGradients(at: logits)
    let loss = -posterior.weights.evaluation(logLikelihood: found.logLikelihood, logPrior: found.logPrior).value
    guard loss.isFinite else {
      throw CommandError("The loss at row \(row) of \(presets) is \(loss): check the preset.")
    }

    let provenance = try Provenance.ofThisCommand(inputs: [presets] + style.paths)
    try HDF5Writer.create(output.output, overwrite: overwrite) { file in
      try provenance.write(to: file)
      try file.write([found.logLikelihood], shape: [], to: "/log_likelihood")
      try file.write([found.logPrior], shape: [], to: "/log_prior")
      try file.write([loss], shape: [], to: "/loss")
      try file.write(found.likelihoodGradient, shape: [logits.count], to: "/gradient/log_likelihood")
      try file.write(found.priorGradient, shape: [logits.count], to: "/gradient/log_prior")
      let encoder = problem.settings.encoder
      for (name, vectors, count) in [
        ("mid", posterior.predictions.map(\.mid), encoder.featureCount),
        ("side", posterior.predictions.map(\.side), encoder.sideFeatureCount),
      ] where count > 0 {
        try file.write(vectors.flatMap { $0 }, shape: [vectors.count, count], to: "/embedding/\(name)")
      }
      try file.write(problem.prior.space.names, to: "/names")
    }
    global.console.message(
      "\(output.output): loss \(NumberText.short(loss)), log-likelihood \(NumberText.short(found.logLikelihood)), "
        + "log-prior \(NumberText.short(found.logPrior))")
  }
}
