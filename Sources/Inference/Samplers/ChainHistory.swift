import NumericCore

/// All iterations of one chain, warm-up included.
public struct ChainHistory: Sendable, Hashable {
  /// One iteration: where the chain went and what the sampler reported and knew.
  public struct Iteration: Sendable, Hashable {
    /// The position in white coordinates.
    public let position: [Double]
    /// The log density there, with its terms.
    public let evaluation: DensityEvaluation
    /// What the sampler reported, in the order of ``ChainHistory/statisticNames``.
    public let statistics: [Double]
    let memory: [Double]

    /// As a row of a ``DrawLog``.
    var row: [Double] {
      position + [evaluation.value, evaluation.logLikelihood, evaluation.logPrior] + statistics + memory
    }

    init(position: [Double], evaluation: DensityEvaluation, statistics: [Double], memory: [Double]) {
      (self.position, self.evaluation) = (position, evaluation)
      (self.statistics, self.memory) = (statistics, memory)
    }

    init(row: [Double], dimension: Int, statisticCount: Int) {
      position = Array(row[..<dimension])
      evaluation = DensityEvaluation(
        value: row[dimension], logLikelihood: row[dimension + 1], logPrior: row[dimension + 2])
      statistics = Array(row[(dimension + 3)..<(dimension + 3 + statisticCount)])
      memory = Array(row[(dimension + 3 + statisticCount)...])
    }
  }

  /// Names of what the sampler reports at each iteration.
  public let statisticNames: [String]
  /// The iterations so far, in order.
  public internal(set) var iterations: [Iteration] = []

  init(statisticNames: [String]) { self.statisticNames = statisticNames }

  /// Some iterations as draws of logits.
  public func draws(_ range: Range<Int>, coordinates: WhiteCoordinates) -> ChainDraws {
    let chosen = iterations[range]
    let logits = chosen.flatMap { coordinates.theta($0.position) }
    let statistics = statisticNames.enumerated().map { index, name in (name, chosen.map { $0.statistics[index] }) }
    return ChainDraws(
      logits: Matrix(rows: chosen.count, columns: coordinates.parameterCount, values: logits),
      statistics: Dictionary(uniqueKeysWithValues: statistics), logPrior: chosen.map(\.evaluation.logPrior),
      logLikelihood: chosen.map { $0.evaluation.value - $0.evaluation.logPrior })
  }
}
