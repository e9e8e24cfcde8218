import FXParams
import FileOutput
import Foundation
import NumericCore

/// Export of presets for NumPy: `numpy.load` gives `theta` [N, D] (logits), `values` [N, D] (physical), `names`
/// [D], `units` [D] and, where known, `labels` [N], `groups` [N], `features` [N, F], `feature_names` [F],
/// `standard_errors` [N, D], `information` [N, D, D], `widths` [D] and `retrieval_loss` [N], and `provenance`
/// [1], a JSON text. Where presets lack effects, `theta` and `values` are not numbers there, `present` [N, E] says
/// which of `optional_effects` [E] they have, and `order` [N] which order of the series, from 0.
public enum NPZExport {
  /// Writes the archive, completely or not at all.
  public static func write(
    _ collection: PresetCollection, to path: String, provenance: Provenance? = nil, overwrite: Bool
  ) throws {
    try collection.check(path: path)
    let space = collection.chain.parameterSpace
    let shape = [collection.count, collection.dimension]
    let values = (0..<collection.count).flatMap { space.values(ofLogits: collection.theta.row($0)) }
    var arrays = [
      ("theta", NPYData.doubles(collection.theta.values, shape: shape)),
      ("values", NPYData.doubles(values, shape: shape)),
      ("names", NPYData.strings(space.names)),
      ("units", NPYData.strings(space.parameters.map(\.unit.rawValue))),
    ]
    if let patterns = collection.patterns {
      let effects = collection.chain.optionalNames
      arrays.append(
        ("present", NPYData.booleans(patterns.flatMap(\.present), shape: [patterns.count, effects.count])))
      arrays.append(("optional_effects", NPYData.strings(effects)))
      arrays.append(("order", NPYData.integers(patterns.map(\.order), shape: [patterns.count])))
    }
    if let labels = collection.labels { arrays.append(("labels", NPYData.strings(labels))) }
    if let groups = collection.groups { arrays.append(("groups", NPYData.strings(groups))) }
    if let features = collection.features, let names = collection.featureNames {
      arrays.append(("features", NPYData.doubles(features.values, shape: [features.rows, features.columns])))
      arrays.append(("feature_names", NPYData.strings(names)))
    }
    if let information = collection.information {
      let matrices = information.matrices.flatMap(\.values)
      arrays.append(("standard_errors", NPYData.doubles(information.standardErrors.values, shape: shape)))
      arrays.append(("information", NPYData.doubles(matrices, shape: shape + [collection.dimension])))
      if let widths = information.widths {
        arrays.append(("widths", NPYData.doubles(widths, shape: [widths.count])))
      }
    }
    if let losses = collection.retrieval?.losses {
      arrays.append(("retrieval_loss", NPYData.doubles(losses, shape: [losses.count])))
    }
    if let provenance { arrays.append(("provenance", NPYData.strings([try provenance.json()]))) }
    let archive = try ZipArchive.data(arrays.map { (name: $0.0 + ".npy", content: $0.1) }, path: path)
    try OutputFile.write(archive, to: path, overwrite: overwrite)
  }
}
