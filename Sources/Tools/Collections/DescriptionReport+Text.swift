import Workflows

extension DescriptionReport {
  var text: String {
    let first = [conclusionsText] + (shapes.map { [$0.text(rows: rows)] } ?? []) + [rangesText]
    let rest = normality.isEmpty && shapes != nil ? [] : [normalityText, correlationText]
    return
      (first + (shapes.map { [Self.completeText($0)] } ?? []) + rest
      + [componentsText, outliersText, shift?.text].compactMap { $0 })
      .joined(separator: "\n")
  }

  private static func completeText(_ shapes: ShapeReport) -> String {
    shapes.completeCount == 0
      ? "No preset is complete: there is nothing to say of all parameters together.\n"
      : "What follows is of the \(shapes.completeCount) complete presets alone.\n"
  }

  private var conclusionsText: String { conclusions.map { "- \($0)\n" }.joined() }

  private var rangesText: String {
    var table = TextTable(
      [
        ("parameter", .left), ("unit", .left), ("minimum", .right), ("1st quartile", .right), ("median", .right),
        ("3rd quartile", .right), ("maximum", .right), ("W", .right), ("p (Holm)", .right),
      ] + (shapes == nil ? [] : [("presets", .right)]))
    for entry in parameters {
      let quantiles = [entry.minimum, entry.lowerQuartile, entry.median, entry.upperQuartile, entry.maximum]
      table.append(
        [entry.name, entry.unit] + quantiles.map { NumberText.short($0) }
          + [entry.shapiroWilk, entry.adjustedPValue].map { $0.map { NumberText.short($0, digits: 3) } ?? "" }
          + (entry.presets.map { ["\($0)"] } ?? []))
    }
    let tested = parameters.compactMap(\.pValue)
    var text = table.text
    text += "\n\(tested.count { $0 >= 0.05 }) of \(tested.count) parameters pass the Shapiro-Wilk test at 0.05"
    text += " (W and p are of logits; p is corrected for \(tested.count) tests, the count is not).\n"
    if !constantParameters.isEmpty {
      let having = shapes == nil ? "" : " that has them"
      text += "The same in every preset\(having): \(constantParameters.joined(separator: ", ")).\n"
    }
    return text
  }

  private var normalityText: String {
    var table = TextTable([
      ("multivariate normality", .left), ("D", .right), ("Royston p", .right), ("Henze-Zirkler p", .right),
      ("Mardia skewness p", .right), ("Mardia kurtosis p", .right),
    ])
    func cell(_ test: Test) -> String { test.pValue.map { NumberText.short($0, digits: 3) } ?? "-" }
    for set in normality {
      table.append(
        [set.parameters, "\(set.dimension)"]
          + [set.royston, set.henzeZirkler, set.mardiaSkewness, set.mardiaKurtosis].map(cell))
    }
    let reasons = normality.flatMap { [$0.royston, $0.henzeZirkler, $0.mardiaSkewness] }.compactMap(\.reason)
    return table.text + reasons.map { "- \($0)\n" }.joined()
  }

  private var correlationText: String {
    var table = TextTable([
      ("rank correlation of", .left), ("and", .left), ("pairs", .right), ("mean |r|", .right),
      ("strongest", .right), ("between", .left),
    ])
    for pair in correlations {
      table.append([
        pair.first, pair.first == pair.second ? "" : pair.second, "\(pair.pairs)",
        NumberText.short(pair.meanMagnitude, digits: 2), NumberText.short(pair.strongest, digits: 2),
        "\(pair.strongestFirst), \(pair.strongestSecond)",
      ])
    }
    let chance = chanceCorrelation.map { NumberText.short($0, digits: 2) } ?? "-"
    return table.text + "Independent parameters have a mean |r| of \(chance).\n"
  }

  private var componentsText: String? {
    components.map { components in
      var table = TextTable([("component", .right), ("variance", .right), ("cumulative", .right)])
      for index in components.variances.indices.prefix(rows) {
        table.append([
          "\(index + 1)", NumberText.short(components.variances[index]),
          NumberText.short(components.cumulativeShares[index], digits: 3),
        ])
      }
      let condition = components.conditionNumber.map { "condition number \(NumberText.short($0, digits: 3))" }
      return table.text
        + "Covariance of rank \(components.rank) of \(dimension), \(condition ?? "singular"); as spread out as "
        + "\(NumberText.short(components.effectiveRank, digits: 3)) equal components.\n"
    }
  }

  private var outliersText: String? {
    outliers.map { outliers in
      var table = TextTable([("farthest presets", .left), ("squared distance", .right), ("outlier", .left)])
      for preset in outliers.presets.prefix(rows) {
        table.append([
          preset.label, NumberText.short(preset.squaredDistance), preset.isOutlier ? "yes" : "no",
        ])
      }
      return table.text
        + "\(outliers.count) of \(shapes?.completeCount ?? count) presets lie beyond "
        + "\(NumberText.short(outliers.threshold)), which one normal preset in 40 does (robust "
        + "distance, OGK scatter, median set to chi-squared's).\n"
    }
  }
}
