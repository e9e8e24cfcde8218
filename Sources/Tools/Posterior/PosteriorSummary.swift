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
  private let chain: ChainDescription

  private enum CodingKeys: String, CodingKey {
    case kind, sampler, settings, alpha, chainCount, drawCount, elapsedSeconds, parameters
  }

  init(of draws: PosteriorDraws) {
    chain = draws.chain
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

  func text(isJSON: Bool, all: Bool) throws -> String {
    guard !isJSON else { return try JSONText.text(self) }
    var table = TextTable([
      ("parameter", .left), ("5 %", .right), ("median", .right), ("95 %", .right), ("unit", .left),
    ])
    let text = ParameterText(chain)
    for (index, left) in ParameterText.shown(parameters.map(\.name), all: all) {
      let (entry, parameter) = (parameters[index], chain.parameterSpace.parameters[index])
      let values = text.values([entry.lower5, entry.median, entry.upper95], of: parameter)
      let numbers = entry.isFixed == true ? ["fixed", values[1], ""] : values
      table.append([entry.name] + numbers + [text.unit(of: parameter)])
      if left > 0 { table.append(["  (\(left) more: --all)", "", "", "", ""]) }
    }
    let options = settings.sorted { $0.key < $1.key }.map { "\($0.key) \($0.value)" }.joined(separator: ", ")
    return "\(CountText.draws(chains: chainCount, each: drawCount)) of \(parameters.count) parameters by \(sampler)"
      + (options.isEmpty ? "" : " (\(options))") + ", alpha \(NumberText.short(alpha)), "
      + "\(ProgressText.time(seconds: elapsedSeconds))\n\n" + table.text
  }
}
