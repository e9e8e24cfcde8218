import FXParams
import PresetStore
import PriorKit
import Statistics
import Workflows

/// What `priorkit describe` says. The property names are the keys of its JSON; an absent key means that the
/// statistic does not exist for these presets.
struct DescriptionReport: Encodable {
  struct Parameter: Encodable {
    let name: String
    let unit: String
    let minimum: Double
    let lowerQuartile: Double
    let median: Double
    let upperQuartile: Double
    let maximum: Double
    let shapiroWilk: Double?
    let pValue: Double?
    let adjustedPValue: Double?
  }

  struct Test: Encodable {
    var statistic: Double?
    var pValue: Double?
    /// Why there is no statistic.
    var reason: String?

    init(_ result: Result<NormalityTest, StatisticsError>) {
      switch result {
      case .success(let test): (statistic, pValue) = (test.statistic, test.pValue)
      case .failure(let error): reason = error.description
      }
    }
  }

  struct Normality: Encodable {
    /// A block of effects, or "all".
    let parameters: String
    let dimension: Int
    let royston: Test
    let henzeZirkler: Test
    let mardiaSkewness: Test
    let mardiaKurtosis: Test
  }

  struct Correlation: Encodable {
    let first: String
    let second: String
    let pairs: Int
    let meanMagnitude: Double
    let strongest: Double
    let strongestFirst: String
    let strongestSecond: String
  }

  struct Components: Encodable {
    let variances: [Double]
    let cumulativeShares: [Double]
    let rank: Int
    let effectiveRank: Double
    let conditionNumber: Double?
  }

  struct Outlier: Encodable {
    let row: Int
    let label: String
    let squaredDistance: Double
    let isOutlier: Bool
  }

  struct Outliers: Encodable {
    let degreesOfFreedom: Int
    /// Squared distance that one normal preset in forty exceeds.
    let threshold: Double
    let count: Int
    /// Every preset, farthest first.
    let presets: [Outlier]
  }

  /// What it comes to.
  private(set) var conclusions: [String] = []
  let count: Int
  let dimension: Int
  let parameters: [Parameter]
  let constantParameters: [String]
  let normality: [Normality]
  let correlations: [Correlation]
  let chanceCorrelation: Double
  let components: Components?
  let outliers: Outliers?
  let shift: ShiftReport?
  /// How many outliers and components the text lists.
  private let rows: Int

  private enum CodingKeys: String, CodingKey {
    case conclusions, count, dimension, parameters, constantParameters, normality, correlations, chanceCorrelation,
      components
    case outliers, shift
  }

  init(_ description: CollectionDescription, of presets: PresetCollection, shift: CollectionShift?, rows: Int) {
    self.rows = rows
    count = description.count
    dimension = presets.dimension
    parameters = description.parameters.map { parameter in
      Parameter(
        name: parameter.name, unit: parameter.unit.rawValue, minimum: parameter.values.minimum,
        lowerQuartile: parameter.values.value(at: 0.25), median: parameter.values.median,
        upperQuartile: parameter.values.value(at: 0.75), maximum: parameter.values.maximum,
        shapiroWilk: parameter.normality?.statistic, pValue: parameter.normality?.pValue,
        adjustedPValue: parameter.adjustedPValue)
    }
    constantParameters = description.constants
    normality = description.normality.map { set in
      Normality(
        parameters: set.block ?? "all", dimension: set.dimension, royston: Test(set.royston),
        henzeZirkler: Test(set.henzeZirkler), mardiaSkewness: Test(set.mardia.map(\.skewness)),
        mardiaKurtosis: Test(set.mardia.map(\.kurtosis)))
    }
    correlations = description.correlations.map { pair in
      Correlation(
        first: pair.first, second: pair.second, pairs: pair.pairs, meanMagnitude: pair.meanMagnitude,
        strongest: pair.strongest.coefficient, strongestFirst: pair.strongest.first,
        strongestSecond: pair.strongest.second)
    }
    chanceCorrelation = description.chanceCorrelation
    components = description.components.map {
      Components(
        variances: $0.variances, cumulativeShares: $0.cumulativeShares, rank: $0.rank,
        effectiveRank: $0.effectiveRank, conditionNumber: $0.conditionNumber)
    }
    outliers = description.outliers.map { distances in
      let threshold = distances.threshold(tail: 0.025)
      let order = distances.rows(beyond: -1)
      return Outliers(
        degreesOfFreedom: distances.dimension, threshold: threshold,
        count: distances.rows(beyond: threshold).count,
        presets: order.map {
          Outlier(
            row: $0, label: presets.label(of: $0), squaredDistance: distances.squared[$0],
            isOutlier: distances.squared[$0] > threshold)
        })
    }
    self.shift = shift.map { ShiftReport($0) }
    conclusions = DescriptionConclusions(report: self).sentences
  }

  // MARK: - Text

  var text: String {
    ([conclusionsText, rangesText, normalityText, correlationText]
      + [componentsText, outliersText, shift?.text].compactMap { $0 })
      .joined(separator: "\n")
  }

  private var conclusionsText: String { conclusions.map { "- \($0)\n" }.joined() }

  private var rangesText: String {
    var table = TextTable([
      ("parameter", .left), ("unit", .left), ("minimum", .right), ("1st quartile", .right), ("median", .right),
      ("3rd quartile", .right), ("maximum", .right), ("W", .right), ("p (Holm)", .right),
    ])
    for entry in parameters {
      let quantiles = [entry.minimum, entry.lowerQuartile, entry.median, entry.upperQuartile, entry.maximum]
      table.append(
        [entry.name, entry.unit] + quantiles.map { NumberText.short($0) }
          + [entry.shapiroWilk, entry.adjustedPValue].map { $0.map { NumberText.short($0, digits: 3) } ?? "" })
    }
    let tested = parameters.compactMap(\.pValue)
    var text = table.text
    text += "\n\(tested.count { $0 >= 0.05 }) of \(tested.count) parameters pass the Shapiro-Wilk test at 0.05"
    text += " (W and p are of logits; p is corrected for \(tested.count) tests, the count is not).\n"
    if !constantParameters.isEmpty {
      text += "The same in every preset: \(constantParameters.joined(separator: ", ")).\n"
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
    return table.text
      + "Independent parameters have a mean |r| of \(NumberText.short(chanceCorrelation, digits: 2)).\n"
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
        + "\(outliers.count) of \(count) presets lie beyond \(NumberText.short(outliers.threshold)), which one "
        + "normal preset in 40 does (robust distance, OGK scatter, median set to chi-squared's).\n"
    }
  }
}
