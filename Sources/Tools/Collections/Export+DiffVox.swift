import Distributions
import FXParams
import FileOutput
import Foundation
import Inference
import NumericCore
import PresetStore
import PriorKit
import Workflows

// Presets and priors as the authors' code reads them.

extension Export {
  /// Writes the folder, completely or not at all.
  func writeDiffVox(to folder: String) throws {
    try OutputBundle.check(folder, overwrite: overwriting.force) { DiffVoxExport.fileNames.contains($0) }
    var content: [DiffVoxExport.File] = []
    var messages: [String] = []
    for file in files {
      let (own, sentences) = try diffVoxFiles(of: file)
      let names = Set(content.map(\.name))
      if own.contains(where: { names.contains($0.name) && $0.name != "feature_mask.npy" }) {
        throw CommandError(
          "\(files.joined(separator: " and ")) hold the same: give presets, a prior, or one of each.")
      }
      content += own.filter { !names.contains($0.name) }
      messages += sentences
    }
    try DiffVoxExport.write(content, to: folder, overwrite: overwriting.force)
    global.console.message("\(folder): \(content.map(\.name).joined(separator: ", "))")
    for message in messages { global.console.message(message) }
  }

  private func diffVoxFiles(of file: String) throws -> (files: [DiffVoxExport.File], messages: [String]) {
    switch try StoredKind(of: file) {
    case .presets: return try diffVoxFiles(of: PresetFile.read(file, acceptsVaryingShape: true), path: file)
    case .posterior: return try diffVoxFiles(of: PosteriorFile.read(file).presets, path: file)
    case .prior: return try diffVoxFiles(of: PriorFile.read(file), path: file)
    case .conditional, .statistics:
      throw CommandError("\(file) holds neither presets nor a prior: export presets, draws or a prior.")
    }
  }

  private func diffVoxFiles(
    of presets: PresetCollection, path: String
  ) throws -> (files: [DiffVoxExport.File], messages: [String]) {
    let chosen = try chosen(of: presets, path: path).ofOneShape(path: path)
    let provenance = try Provenance.ofThisCommand(inputs: files)
    let content = try DiffVoxExport.files(of: chosen, path: path, provenance: provenance)
    let message =
      "raw_params.npy is float64, which keeps every bit of the logits: the released files, and those parts of the "
      + "authors' code that compute with them directly, have float32."
    return (content, DiffVoxExport.isSinglePrecision(chosen) ? [] : [message])
  }

  private func diffVoxFiles(
    of prior: Prior, path: String
  ) throws -> (files: [DiffVoxExport.File], messages: [String]) {
    let family = type(of: prior.distribution).family
    guard let covariance = prior.covariance else {
      throw CommandError(
        "\(path) is a prior of the family \(family), which has no covariance in closed form: export a Gaussian, or "
          + "presets drawn from it.")
    }
    let content = try DiffVoxExport.files(
      ofMean: prior.mean, covariance: covariance, chain: prior.chain, path: path)
    let message =
      "\(path) is a prior of the family \(family): gaussian.npz has its mean and covariance, and no more of it."
    return (content, prior.gaussian == nil ? [message] : [])
  }
}
