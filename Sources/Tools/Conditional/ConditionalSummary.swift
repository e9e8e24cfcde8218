import FXParams
import PresetStore
import PriorKit
import Workflows

/// What `priorkit show` says of a conditional prior. The property names are the keys of its JSON.
struct ConditionalSummary: Encodable {
  let kind = "conditional"
  let family: String
  let parameters: [String]
  let features: [String]
  let components: Int
  /// How the features are made.
  let featureSource: String?
  let presets: Int?
  /// How far it was spread about its mean since it was fitted.
  let spread: Double
  let evidence: String?

  init(of prior: ConditionalPrior) {
    family = prior.record?.estimator ?? ""
    parameters = prior.space.names
    features = prior.featureNames
    components = prior.transform.componentCount
    featureSource = prior.featureRecord?.summary
    presets = prior.record?.presetCount
    spread = prior.spread
    evidence = prior.record?.evidence
  }

  func text(isJSON: Bool) throws -> String {
    guard !isJSON else { return try JSONText.text(self) }
    let source = featureSource.map { ": " + $0 } ?? ""
    let origin = presets.map { ", from \($0) presets" } ?? ""
    return "A conditional prior over \(parameters.count) parameters, \(family)\(origin)\n"
      + "Given \(features.count) features\(source), reduced to \(components) components\n"
      + (spread == 1 ? "" : "Spread \(NumberText.short(spread)) about its mean since it was fitted\n")
      + (evidence.map { "\n" + $0 } ?? "")
  }
}
