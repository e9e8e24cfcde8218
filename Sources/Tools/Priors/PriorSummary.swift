import FXParams
import NumericCore
import PriorKit
import Workflows

/// What `priorkit show` says about a prior. The property names are the keys of its JSON.
struct PriorSummary: Encodable {
  struct Entry: Encodable {
    let name: String
    let unit: String
    /// The physical value at the mean of the logits.
    let valueAtMean: Double
    let logitMean: Double
    /// Absent where the prior has no covariance.
    let logitDeviation: Double?
    /// Present where the prior was conditioned on a value.
    let isFixed: Bool?
  }

  let kind = "prior"
  let logDensityAtMean: Double
  let sampleRate: Double
  let parameters: [Entry]

  init(of prior: Prior) {
    let covariance = prior.gaussian?.covariance
    let pinned = Set(prior.pinnedPositions)
    let mean = prior.mean
    let values = prior.space.values(ofLogits: mean)
    logDensityAtMean = prior.logDensity(at: mean)
    sampleRate = prior.chain.sampleRate
    parameters = prior.space.parameters.enumerated().map { index, parameter in
      Entry(
        name: parameter.name, unit: parameter.unit.rawValue, valueAtMean: values[index],
        logitMean: mean[index], logitDeviation: covariance?[index, index].squareRoot(),
        isFixed: pinned.contains(index) ? true : nil)
    }
  }

  func text(isJSON: Bool) throws -> String {
    guard !isJSON else { return try JSONText.text(self) }
    var table = TextTable([
      ("parameter", .left), ("value at mean", .right), ("unit", .left), ("logit mean", .right),
      ("logit deviation", .right),
    ])
    for entry in parameters {
      table.append([
        entry.name, NumberText.short(entry.valueAtMean), entry.unit, NumberText.short(entry.logitMean),
        entry.isFixed == true ? "fixed" : entry.logitDeviation.map { NumberText.short($0) } ?? "",
      ])
    }
    return "A prior over \(parameters.count) parameters, \(NumberText.short(sampleRate, digits: 6)) Hz; "
      + "log density at the mean \(NumberText.short(logDensityAtMean, digits: 6))\n\n" + table.text
  }
}
