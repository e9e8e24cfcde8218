import FXParams
import Inference
import Statistics
import Workflows

/// What the data informed, in words and by effect.
enum InformationWords {
  /// At most half of the prior's deviation is left.
  private static let informed = 0.5
  /// So little changed that a posterior of a few hundred draws does not show it.
  private static let unchanged = 0.9

  static func sentences(_ information: [ParameterInformation]) -> [String] {
    let total = information.count
    let known = information.filter { $0.ratio <= informed }.sorted { $0.ratio < $1.ratio }
    let open = information.count { $0.ratio >= unchanged }
    let names = known.prefix(3).map { "\($0.name) (\(NumberText.short($0.ratio, digits: 2)))" }
    return [
      "The data halved the uncertainty of \(known.count) of \(total) parameters"
        + (names.isEmpty ? "." : ", most of \(names.joined(separator: ", "))."),
      "\(open) of \(total) parameters are about as uncertain as under the prior: read nothing into their values.",
    ]
  }

  /// Medians of each block of effects.
  static func table(_ information: [ParameterInformation], blocks: [ParameterBlock]) -> String {
    let rows = blocks.compactMap { block -> [String]? in
      let own = information.filter { block.indices.contains($0.index) }
      guard !own.isEmpty else { return nil }
      let ratios = SortedQuantiles(own.map(\.ratio))
      return [
        block.name, "\(own.count)", "\(own.count { $0.ratio <= informed })",
        NumberText.short(ratios.minimum, digits: 2),
        NumberText.short(ratios.median, digits: 2),
        NumberText.short(SortedQuantiles(own.map(\.shift.magnitude)).median, digits: 2),
      ]
    }
    let header = [
      "effect", "parameters", "uncertainty halved", "least ratio", "median ratio",
      "median shift (prior deviations)",
    ]
    let all = information.sorted { $0.ratio < $1.ratio }.map { entry in
      [entry.name]
        + [entry.priorDeviation, entry.posteriorDeviation, entry.ratio, entry.shift].map {
          NumberText.short($0, digits: 3)
        }
    }
    return HTML.table(header, rows)
      + HTML.details(
        "every parameter, the best informed first",
        HTML.table(["parameter", "prior deviation (logit)", "posterior deviation (logit)", "ratio", "shift"], all))
  }
}

/// Sensitivity to the prior, in words and as a table; neither says anything where it cannot be computed.
struct SensitivityWords {
  let sentences: [String]
  /// The most sensitive first.
  let table: String?

  /// - Parameter names: the parameters that something may be concluded about.
  init(_ draws: PosteriorDraws, about names: Set<String>) {
    guard draws.drawCount >= ScalarDraws.minimumDraws, !names.isEmpty,
      let (all, shape) = try? ParameterSensitivity.all(in: draws)
    else {
      sentences = ["Sensitivity to the prior cannot be told from these draws."]
      table = nil
      return
    }
    let parameters = all.filter { names.contains($0.name) }
    func count(_ verdict: ParameterSensitivity.Verdict) -> Int { parameters.count { $0.verdict == verdict } }
    let threshold = ParetoSmoothing.threshold(count: draws.chains.count * draws.drawCount)
    sentences =
      [
        "\(count(.conflict)) of \(parameters.count) parameters move with the prior and with the data, which may "
          + "disagree there; \(count(.priorDecides)) move with the prior alone."
      ]
      + (shape < threshold
        ? [] : ["The weights behind these sensitivities have a heavy tail, so take them as rough."])
    let rows = parameters.sorted { $0.prior > $1.prior }.map {
      [
        $0.name, NumberText.short($0.prior, digits: 2), NumberText.short($0.likelihood, digits: 2),
        $0.verdict.rawValue,
      ]
    }
    let header = ["parameter", "prior", "likelihood", "reading"]
    table =
      HTML.table(header, Array(rows.prefix(10)), lastIsText: true)
      + (rows.count > 10
        ? HTML.details(
          "the other \(rows.count - 10)", HTML.table(header, Array(rows.dropFirst(10)), lastIsText: true)) : "")
  }
}
