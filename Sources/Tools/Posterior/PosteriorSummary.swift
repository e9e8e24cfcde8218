import FXParams
import Inference
import Statistics
import Workflows

/// What `priorkit show` says about posterior draws. The property names are the keys of its JSON.
struct PosteriorSummary: Encodable {
  struct Entry: Encodable {
    let name: String
    let unit: String
    let lower5: Double
    let median: Double
    let upper95: Double
    /// Absent where it is not.
    let isFixed: Bool?
  }

  let kind = "posterior"
  let sampler: String
  let settings: [String: String]
  let alpha: Double
  let chainCount: Int
  let drawCount: Int
  let elapsedSeconds: Double
  let parameters: [Entry]

  init(of draws: PosteriorDraws) {
    sampler = draws.sampler
    settings = draws.settings
    alpha = draws.alpha
    chainCount = draws.chains.count
    drawCount = draws.drawCount
    elapsedSeconds = draws.elapsedSeconds
    let fixed = Set(draws.pinnedPositions)
    parameters = draws.chain.parameterSpace.parameters.enumerated().map { index, parameter in
      let quantiles = SortedQuantiles(draws.scalar(index).pooled)
      return Entry(
        name: parameter.name, unit: parameter.unit.rawValue, lower5: quantiles.value(at: 0.05),
        median: quantiles.median, upper95: quantiles.value(at: 0.95),
        isFixed: fixed.contains(index) ? true : nil)
    }
  }

  func text(isJSON: Bool) throws -> String {
    guard !isJSON else { return try JSONText.text(self) }
    var table = TextTable([
      ("parameter", .left), ("unit", .left), ("5 %", .right), ("median", .right), ("95 %", .right),
    ])
    for entry in parameters {
      let numbers = [entry.lower5, entry.median, entry.upper95].map { NumberText.short($0) }
      table.append([entry.name, entry.unit] + (entry.isFixed == true ? ["fixed", numbers[1], ""] : numbers))
    }
    let options = settings.sorted { $0.key < $1.key }.map { "\($0.key) \($0.value)" }.joined(separator: ", ")
    return "\(CountText.draws(chains: chainCount, each: drawCount)) of \(parameters.count) parameters by \(sampler)"
      + (options.isEmpty ? "" : " (\(options))") + ", alpha \(NumberText.short(alpha)), "
      + "\(ProgressText.time(seconds: elapsedSeconds))\n\n" + table.text
  }
}
