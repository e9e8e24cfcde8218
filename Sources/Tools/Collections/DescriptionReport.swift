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
    /// How many presets have it; nil where all do.
    let presets: Int?

    init(
      name: String, unit: String, presets: Int? = nil, values: SortedQuantiles, normality: ShapiroWilk?,
      adjustedPValue: Double?
    ) {
      (self.name, self.unit, self.presets) = (name, unit, presets)
      (minimum, maximum) = (values.minimum, values.maximum)
      (lowerQuartile, median, upperQuartile) = (values.value(at: 0.25), values.median, values.value(at: 0.75))
      (shapiroWilk, pValue) = (normality?.statistic, normality?.pValue)
      self.adjustedPValue = adjustedPValue
    }
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
  /// Nil without correlations.
  let chanceCorrelation: Double?
  let components: Components?
  let outliers: Outliers?
  let shift: ShiftReport?
  /// Which effects presets have; nil where nothing is missing.
  let shapes: ShapeReport?
  /// How many outliers and components the text lists.
  let rows: Int

  private enum CodingKeys: String, CodingKey {
    case conclusions, count, dimension, parameters, constantParameters, normality, correlations, chanceCorrelation,
      components
    case outliers, shift, shapes
  }

  /// - Parameters:
  ///   - description: of the presets, or of those that are complete; nil where none is.
  ///   - presets: all presets.
  ///   - shift: to other presets.
  ///   - rows: how many outliers and components the text lists.
  /// - Throws: `StatisticsError` for a logit that is not finite.
  init(
    _ description: CollectionDescription?, of presets: PresetCollection, shift: CollectionShift?, rows: Int
  ) throws {
    self.rows = rows
    count = presets.count
    dimension = presets.dimension
    shapes = ShapeReport(of: presets)
    if shapes != nil {
      parameters = try Parameter.all(of: presets)
      constantParameters = Parameter.constants(of: presets)
    } else {
      parameters = (description?.parameters ?? []).map { parameter in
        Parameter(
          name: parameter.name, unit: parameter.unit.rawValue, values: parameter.values,
          normality: parameter.normality, adjustedPValue: parameter.adjustedPValue)
      }
      constantParameters = description?.constants ?? []
    }
    let complete = (0..<presets.count).filter { presets.pattern(of: $0) == presets.chain.completePattern }
    normality = (description?.normality ?? []).map { set in
      Normality(
        parameters: set.block ?? "all", dimension: set.dimension, royston: Test(set.royston),
        henzeZirkler: Test(set.henzeZirkler), mardiaSkewness: Test(set.mardia.map(\.skewness)),
        mardiaKurtosis: Test(set.mardia.map(\.kurtosis)))
    }
    correlations = (description?.correlations ?? []).map { pair in
      Correlation(
        first: pair.first, second: pair.second, pairs: pair.pairs, meanMagnitude: pair.meanMagnitude,
        strongest: pair.strongest.coefficient, strongestFirst: pair.strongest.first,
        strongestSecond: pair.strongest.second)
    }
    chanceCorrelation = description?.chanceCorrelation
    components = description?.components.map {
      Components(
        variances: $0.variances, cumulativeShares: $0.cumulativeShares, rank: $0.rank,
        effectiveRank: $0.effectiveRank, conditionNumber: $0.conditionNumber)
    }
    outliers = description?.outliers.map { distances in
      let threshold = distances.threshold(tail: 0.025)
      let order = distances.rows(beyond: -1)
      return Outliers(
        degreesOfFreedom: distances.dimension, threshold: threshold,
        count: distances.rows(beyond: threshold).count,
        presets: order.map {
          Outlier(
            row: complete[$0], label: presets.label(of: complete[$0]), squaredDistance: distances.squared[$0],
            isOutlier: distances.squared[$0] > threshold)
        })
    }
    self.shift = shift.map { ShiftReport($0) }
    conclusions = DescriptionConclusions(report: self).sentences
  }
}
