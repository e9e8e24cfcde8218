import Distributions
public import FXParams
import Foundation
import NumericCore
public import PresetStore
public import Statistics

/// The difference between two collections of one chain, over logits.
public struct CollectionShift: Sendable {
  /// One parameter of both.
  public struct Parameter: Sendable {
    /// As in the parameter space: `peak1.gain`.
    public let name: String
    /// The unit of both medians.
    public let unit: FXParams.Unit
    /// Of the physical values of this collection.
    public let median: Double
    /// Of the physical values of the other collection.
    public let otherMedian: Double
    /// On the logits.
    public let test: KolmogorovSmirnov
    /// After Holm's correction for all parameters.
    public let adjustedPValue: Double
  }

  /// One per parameter of the chain, in flat order.
  public let parameters: [Parameter]
  /// The distance of the other collection's mean from this one's, in the metric of this one's robust scatter; nil
  /// where there is none (see ``CollectionDescription/outliers``).
  public let meanDistance: Double?
  /// The median squared distance of the other's presets from this collection's centre, on the scale on which this
  /// collection's own median is that of a chi-squared variable.
  public let medianSquaredDistance: Double?
  /// Between the logits of both, with a permutation test.
  public let energy: EnergyDistance

  /// - Parameters:
  ///   - presets: the collection that distances are measured in, not empty.
  ///   - other: the collection compared with it, of the same chain and not empty.
  ///   - seed: of the permutations of the energy test.
  /// - Throws: `StatisticsError` if the chains differ, `LinearAlgebraError` if a logit is not finite.
  public init(of presets: PresetCollection, against other: PresetCollection, seed: UInt64 = 0) throws {
    guard presets.chain == other.chain else {
      throw StatisticsError(
        "The two collections are of different chains: compare collections that were made with one chain.")
    }
    guard presets.count > 0, other.count > 0 else {
      throw StatisticsError("A collection is empty: give collections with at least one preset.")
    }
    try presets.theta.requireFinite()
    try other.theta.requireFinite()
    let space = presets.chain.parameterSpace
    let tests = try space.parameters.indices.map {
      try KolmogorovSmirnov(presets.theta.column($0), other.theta.column($0))
    }
    let adjusted = HolmCorrection.adjusted(tests.map(\.pValue))
    parameters = space.parameters.enumerated().map { index, parameter in
      func median(_ collection: PresetCollection) -> Double {
        SortedQuantiles(collection.theta.column(index).map { parameter.bijector.forward($0) }).median
      }
      return Parameter(
        name: parameter.name, unit: parameter.unit, median: median(presets), otherMedian: median(other),
        test: tests[index], adjustedPValue: adjusted[index])
    }
    let rows = Array(0..<presets.count)
    let varying = (0..<presets.dimension).filter { column in
      rows.contains { presets.theta[$0, column] != presets.theta[0, column] }
    }
    if presets.count >= 4, !varying.isEmpty {
      let outliers = try OutlierDistances(presets.theta.selecting(rows: rows, columns: varying))
      let foreign = other.theta.selecting(rows: Array(0..<other.count), columns: varying)
      let distances = outliers.scatter.squaredDistances(toRows: foreign).map { $0 * outliers.scale }
      medianSquaredDistance = SortedQuantiles(distances).median
      // Both plain means, seen from the robust centre: their difference is what the metric measures.
      let own = try SampleMoments(presets.theta.selecting(rows: rows, columns: varying)).mean
      let shift = zip(try SampleMoments(foreign).mean, own).map(-)
      let moved = Matrix(rows: 1, columns: varying.count, values: zip(outliers.scatter.centre, shift).map(+))
      meanDistance = (outliers.scatter.squaredDistances(toRows: moved)[0] * outliers.scale).squareRoot()
    } else {
      medianSquaredDistance = nil
      meanDistance = nil
    }
    var source = RandomSource(seed: seed)
    energy = try EnergyDistance(presets.theta, other.theta, using: &source)
  }
}
