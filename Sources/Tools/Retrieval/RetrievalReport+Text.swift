import Evaluation
import FXParams
import Inference
import Workflows

extension RetrievalReport {
  private static let metrics: [(title: String, weight: Double, value: @Sendable (StereoLossTerms) -> Double)] = {
    let weights = StereoLossWeights.published
    return [
      ("MSS l/r", weights.spectralLeftRight, { $0.spectralLeftRight }),
      ("MSS m/s", weights.spectralMidSide, { $0.spectralMidSide }),
      ("MLDR l/r", weights.dynamicRangeLeftRight, { $0.dynamicRangeLeftRight }),
      ("MLDR m/s", weights.dynamicRangeMidSide, { $0.dynamicRangeMidSide }),
    ]
  }()

  /// The distances before and after.
  var text: String {
    var table = TextTable([("metric", .left), ("weight", .right), ("start", .right), ("preset", .right)])
    for (title, weight, value) in Self.metrics {
      table.append([
        title, NumberText.short(weight), NumberText.short(value(before)), NumberText.short(value(after)),
      ])
    }
    table.append(["loss", "", NumberText.short(before.total()), NumberText.short(after.total())])
    return table.text + determinedText
  }

  /// What the recording says, by effect; empty where that was not measured.
  private var determinedText: String {
    guard let determined else { return "" }
    var table = TextTable([("effect", .left), ("parameters", .right), ("determined", .right)])
    for (effect, shares) in Self.byEffect(zip(parameters.map(\.name), determined)) {
      table.append([effect, "\(shares.count)", "\(shares.count { $0 >= Self.enough })"])
    }
    let count = determined.count { $0 >= Self.enough }
    let sentence =
      "The recording determines \(count) of \(determined.count) parameters: it takes away at least half of the "
      + "variance that the prior, or without one presets typically, have."
    return "\n\(table.text)\n\(sentence)\n"
  }

  private static let enough = 0.5

  /// The shares of each effect, in the order of the chain.
  private static func byEffect(_ shares: some Sequence<(String, Double)>) -> [(effect: String, shares: [Double])] {
    var result: [(effect: String, shares: [Double])] = []
    for (name, share) in shares {
      let effect = String(name.split(separator: ".").dropLast().first ?? Substring(name))
      if result.last?.effect == effect {
        result[result.count - 1].shares.append(share)
      } else {
        result.append((effect, [share]))
      }
    }
    return result
  }

  /// A line for each of several.
  static func table(of reports: [RetrievalReport]) -> String {
    var table = TextTable(
      [("preset", .left), ("start", .right), ("loss", .right)] + metrics.map { ($0.title, .right) })
    for report in reports {
      table.append(
        [report.name, NumberText.short(report.before.total()), NumberText.short(report.loss)]
          + metrics.map { NumberText.short($0.value(report.after)) })
    }
    return table.text
  }
}
