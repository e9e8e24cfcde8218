import Distributions
public import FXParams
import Foundation
import NumericCore
public import PresetStore
public import Statistics

/// A summary of a collection of presets: ranges, shape, dependence, dimension and outliers.
///
/// Ranges are in physical units; everything else is about logits, over which priors are fitted. Parameters that are
/// the same in every preset are left out of the statistics that need variation, and named.
public struct CollectionDescription: Sendable {
  /// One parameter.
  public struct Parameter: Sendable {
    /// As in the parameter space: `peak1.gain`.
    public let name: String
    /// The unit of ``values``.
    public let unit: FXParams.Unit
    /// Quantiles of the physical values.
    public let values: SortedQuantiles
    /// Of the logits; nil for a constant parameter and for fewer than 3 presets.
    public let normality: ShapiroWilk?
    /// The p-value of ``normality`` after Holm's correction for all parameters.
    public let adjustedPValue: Double?
  }

  /// The rank correlations of the parameters of one block with those of another, or among themselves.
  public struct BlockCorrelation: Sendable {
    /// The name of a block.
    public let first: String
    /// The name of the other block; that of ``first`` for correlations among its own parameters.
    public let second: String
    /// Number of coefficients: pairs of different parameters that both vary.
    public let pairs: Int
    /// Mean of |coefficient| over the pairs.
    public let meanMagnitude: Double
    /// The strongest: names and coefficient.
    public let strongest: (first: String, second: String, coefficient: Double)
  }

  /// The tests of one set of parameters; a text says why a test has no result.
  public struct MultivariateNormality: Sendable {
    /// A block, or nil for all parameters together.
    public let block: String?
    /// Number of parameters tested, those that vary.
    public let dimension: Int
    /// Royston's H, which needs no inverse covariance.
    public let royston: Result<NormalityTest, StatisticsError>
    /// Needs more presets than parameters.
    public let henzeZirkler: Result<NormalityTest, StatisticsError>
    /// Skewness and kurtosis; needs more presets than parameters.
    public let mardia: Result<Mardia, StatisticsError>
  }

  /// Number of presets.
  public let count: Int
  /// One per parameter of the chain, in flat order.
  public let parameters: [Parameter]
  /// Names of parameters that are the same in every preset.
  public let constants: [String]
  /// All parameters first, then each block.
  public let normality: [MultivariateNormality]
  /// One per pair of blocks that has a coefficient.
  public let correlations: [BlockCorrelation]
  /// The mean magnitude of a rank correlation of independent parameters: sqrt(2 / (pi (count - 1))).
  public let chanceCorrelation: Double
  /// Of the logits, in their own scale; nil for one preset.
  public let components: PrincipalComponents?
  /// Nil for fewer than 4 presets, or without a parameter that varies.
  public let outliers: OutlierDistances?

  /// - Throws: `StatisticsError` or `LinearAlgebraError` if a logit is not finite.
  public init(_ presets: PresetCollection) throws {
    let space = presets.chain.parameterSpace
    let theta = presets.theta
    guard presets.count > 0 else { throw StatisticsError.tooFew("A description", found: 0, needed: 1) }
    precondition(space.count == presets.dimension, "Presets of another chain")
    try theta.requireFinite()
    let columns = (0..<theta.columns).map { theta.column($0) }
    let varying = columns.indices.filter { column in columns[column].contains { $0 != columns[column][0] } }
    count = presets.count
    constants = columns.indices.filter { !varying.contains($0) }.map { space.parameters[$0].name }

    parameters = try Self.parameters(space, columns, varying: Set(varying))
    let all = varying.isEmpty ? [] : [(name: String?.none, indices: varying)]
    let blocks = presets.chain.parameterBlocks.map { block in
      (name: String?.some(block.name), indices: block.indices.filter(Set(varying).contains))
    }
    normality = try (all + blocks.filter { !$0.indices.isEmpty }).map { set in
      try Self.normality(set.name, theta.selecting(rows: Array(0..<theta.rows), columns: set.indices))
    }
    let ranks = try SpearmanCorrelation.matrix(theta)
    correlations = Self.correlations(ranks, blocks.map { ($0.name ?? "", $0.indices) }, names: space.names)
    chanceCorrelation = (2 / (Double.pi * Double(max(count - 1, 1)))).squareRoot()
    components = count > 1 ? try PrincipalComponents(theta) : nil
    outliers =
      count >= 4 && !varying.isEmpty
      ? try OutlierDistances(theta.selecting(rows: Array(0..<theta.rows), columns: varying)) : nil
  }

  // MARK: - Parts

  private static func parameters(
    _ space: ParameterSpace, _ columns: [[Double]], varying: Set<Int>
  ) throws -> [Parameter] {
    let tests = try columns.indices.map { index in
      varying.contains(index) && columns[index].count >= 3 ? try ShapiroWilk(columns[index]) : nil
    }
    let tested = tests.indices.filter { tests[$0] != nil }
    let adjusted = Dictionary(
      uniqueKeysWithValues: zip(tested, HolmCorrection.adjusted(tested.compactMap { tests[$0]?.pValue })))
    return space.parameters.enumerated().map { index, parameter in
      Parameter(
        name: parameter.name, unit: parameter.unit,
        values: SortedQuantiles(columns[index].map { parameter.bijector.forward($0) }), normality: tests[index],
        adjustedPValue: adjusted[index])
    }
  }

  private static func normality(_ block: String?, _ data: Matrix) throws -> MultivariateNormality {
    MultivariateNormality(
      block: block, dimension: data.columns, royston: try attempt { try Royston(data).test },
      henzeZirkler: try attempt { try HenzeZirkler(data).test }, mardia: try attempt { try Mardia(data) })
  }

  private static func attempt<Value>(_ body: () throws -> Value) throws -> Result<Value, StatisticsError> {
    do { return .success(try body()) } catch let error as StatisticsError { return .failure(error) }
  }

  private static func correlations(
    _ ranks: Matrix, _ blocks: [(name: String, indices: [Int])], names: [String]
  ) -> [BlockCorrelation] {
    blocks.indices.flatMap { first in (first..<blocks.count).map { (first, $0) } }.compactMap { first, second in
      var (sum, pairs) = (0.0, 0)
      var strongest = (first: "", second: "", coefficient: 0.0)
      for row in blocks[first].indices {
        for column in blocks[second].indices where first != second || row < column {
          let coefficient = ranks[row, column]
          sum += coefficient.magnitude
          pairs += 1
          if strongest.first.isEmpty || coefficient.magnitude > strongest.coefficient.magnitude {
            strongest = (names[row], names[column], coefficient)
          }
        }
      }
      guard pairs > 0 else { return nil }
      return BlockCorrelation(
        first: blocks[first].name, second: blocks[second].name, pairs: pairs, meanMagnitude: sum / Double(pairs),
        strongest: strongest)
    }
  }
}
