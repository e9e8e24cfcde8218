import FXParams
import NumericCore
import PresetStore
import PriorKit
import Workflows

/// Log densities of presets under a conditional prior, each given its own features.
struct ConditionalScores {
  let prior: ConditionalPrior
  let presets: PresetCollection
  private let values: [Double]

  /// - Throws: ``ConditionalError`` if the presets have no features or others.
  init(priorPath: String, presetPath: String) throws {
    prior = try ConditionalPriorFile.read(priorPath)
    presets = try PresetFile.read(presetPath)
    try presets.chain.require(prior.chain, paths: (presetPath, priorPath))
    values = try prior.logDensities(
      parameters: presets.theta, features: presets.features(matching: prior, path: presetPath))
  }

  /// The JSON of `priorkit score`.
  var records: [Record] {
    values.enumerated().map { Record(label: presets.label(of: $0.offset), logDensity: $0.element) }
  }

  struct Record: Encodable {
    let label: String
    let logDensity: Double
  }

  /// The table of `priorkit score`.
  var csv: String {
    values.enumerated().reduce(into: "label,log_density,mahalanobis\n") { text, entry in
      text += CSVText.field(presets.label(of: entry.offset)) + "," + NumberText.full(entry.element) + ",\n"
    }
  }
}
