import PresetStore
import PriorKit
import Workflows

/// `priorkit fit --given features`: fits a conditional prior and says whether the features help.
struct ConditionalFitting {
  let presets: String
  let output: String
  let overwrite: Bool
  let options: ConditionalOptions
  let seed: UInt64
  let threads: Int
  let console: Console

  /// - Parameter family: a conditional family, or `auto`.
  func run(family: String) throws {
    let collection = try PresetFile.read(presets)
    let names = family == "auto" ? ConditionalCatalogue.names : [family]
    var fit = ConditionalFit(
      collection, path: presets, fitters: try options.fitters(names, presets: collection, path: presets))
    fit.seed = seed
    fit.threads = threads
    let result = try fit.run(monitor: console)
    let provenance = try Provenance.ofThisCommand(
      seed: seed, inputs: [presets] + options.paths)
    switch result.prior {
    case .conditional(let prior):
      try ConditionalPriorFile.write(prior, to: output, provenance: provenance, overwrite: overwrite)
      console.message(
        "\(output): family \(result.verdict.conditional ?? family), \(collection.dimension) parameters given "
          + "\(prior.featureNames.count) features (\(prior.transform.componentCount) components), from "
          + "\(collection.count) presets")
      if result.verdict.helps { console.message(result.verdict.sentence) }
    case .unconditional(let prior):
      try PriorFile.write(prior, to: output, provenance: provenance, overwrite: overwrite)
      console.message(
        "\(output): an unconditional prior, \(prior.record?.estimator ?? "of the best family"), from "
          + "\(collection.count) presets")
    }
    if !result.verdict.helps { console.warning(result.verdict.sentence) }
  }
}
