import NumericCore

/// All iterations of one chain, warm-up included.
public struct MarkovChainHistory<Info: SamplerInfo>: Sendable, Hashable {
  /// One iteration: where the chain went and what the sampler reported and knew.
  public struct Iteration: Sendable, Hashable {
    /// The position in white coordinates.
    public let position: [Double]
    /// The log density there, with its terms.
    public let evaluation: DensityEvaluation
    /// What the sampler reported.
    public let info: Info
    let memory: [Double]

    /// As a row of a ``DrawLog``.
    var row: [Double] {
      position + [evaluation.value, evaluation.logLikelihood, evaluation.logPrior] + info.numbers + memory
    }

    init(position: [Double], evaluation: DensityEvaluation, info: Info, memory: [Double]) {
      (self.position, self.evaluation) = (position, evaluation)
      (self.info, self.memory) = (info, memory)
    }

    init(row: [Double], dimension: Int) {
      let infoEnd = dimension + 3 + Info.names.count
      position = Array(row[..<dimension])
      evaluation = DensityEvaluation(
        value: row[dimension], logLikelihood: row[dimension + 1], logPrior: row[dimension + 2])
      info = Info(numbers: Array(row[(dimension + 3)..<infoEnd]))
      memory = Array(row[infoEnd...])
    }
  }

  /// The iterations so far, in order.
  public internal(set) var iterations: [Iteration] = []

  /// Some iterations as draws of logits.
  public func draws(_ range: Range<Int>, coordinates: WhiteCoordinates) -> MarkovChainDraws {
    let chosen = iterations[range]
    let logits = chosen.flatMap { coordinates.theta($0.position) }
    let statistics = Info.fields.map { field in (field.name, chosen.map { $0.info[keyPath: field.property] }) }
    return MarkovChainDraws(
      logits: Matrix(rows: chosen.count, columns: coordinates.parameterCount, values: logits),
      statistics: Dictionary(uniqueKeysWithValues: statistics), logPrior: chosen.map(\.evaluation.logPrior),
      logLikelihood: chosen.map { $0.evaluation.value - $0.evaluation.logPrior })
  }
}
