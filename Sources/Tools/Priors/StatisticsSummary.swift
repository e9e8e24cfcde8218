import FXParams
import NumericCore
import PresetStore
import Workflows

/// What `priorkit show` says about statistics. The property names are the keys of its JSON.
struct StatisticsSummary: Encodable {
  struct Entry: Encodable {
    let name: String
    let logitMean: Double
    /// With N - 1 in the denominator; absent for one preset.
    let logitDeviation: Double?
    let logitMinimum: Double
    let logitMaximum: Double
  }

  let kind = "statistics"
  let count: Int
  let sampleRate: Double
  let parameters: [Entry]

  init(of statistics: PresetStatistics) {
    let moments = statistics.moments
    // As a fit has it: one degree of freedom, in units of the weights.
    let lost = moments.squaredWeightSum / moments.weightSum
    let covariance = moments.weightSum > lost ? moments.covariance(lostDegreesOfFreedom: lost) : nil
    count = statistics.count
    sampleRate = statistics.chain.sampleRate
    parameters = statistics.chain.parameterSpace.names.enumerated().map { index, name in
      Entry(
        name: name, logitMean: moments.mean[index], logitDeviation: covariance?[index, index].squareRoot(),
        logitMinimum: moments.minima[index], logitMaximum: moments.maxima[index])
    }
  }

  func text(isJSON: Bool) throws -> String {
    guard !isJSON else { return try JSONText.text(self) }
    var table = TextTable([
      ("parameter", .left), ("logit mean", .right), ("deviation", .right), ("minimum", .right), ("maximum", .right),
    ])
    for entry in parameters {
      table.append(
        [entry.name]
          + [entry.logitMean, entry.logitDeviation ?? 0, entry.logitMinimum, entry.logitMaximum]
          .map { NumberText.short($0) })
    }
    return "Statistics of \(count) presets of \(parameters.count) parameters, "
      + "\(NumberText.short(sampleRate, digits: 6)) Hz\n\n" + table.text
  }
}
