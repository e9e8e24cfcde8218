public import NumericCore

/// S shrunk to a factor model F of it and further to the blocks: ``BlockScatter`` of (1 - c) S + c F.
public struct FactorBlockScatter: ScatterShape {
  public let name = "factors-blocks"
  /// Number of factors of F; at most D - 1 are used.
  public let factors: Int
  /// c, the share of the factor model.
  public let factorShare: Double
  /// Shrinks (1 - c) S + c F to its blocks.
  public let blocks: BlockScatter

  /// - Precondition: the share is in [0, 1] and there is at least one factor.
  public init(factors: Int = 30, factorShare: Double = 0.5, blocks: BlockScatter = BlockScatter()) {
    precondition(factors > 0 && (0...1).contains(factorShare), "\(factors) factors, share \(factorShare)")
    self.factors = factors
    self.factorShare = factorShare
    self.blocks = blocks
  }

  public var hyperparameters: [FitRecord.Hyperparameter] {
    [.init("factors", Double(factors)), .init("factor_shrinkage", factorShare)] + blocks.hyperparameters
  }

  public func shaped(_ scatter: Matrix, blocks partition: [[Int]]) throws -> Matrix {
    try shaped(scatter, model: model(of: scatter), blocks: partition)
  }

  /// F.
  private func model(of scatter: Matrix) throws -> Matrix {
    try FactorModel(scatter, factors: min(factors, max(1, scatter.rows - 1)), stopping: .fixed).covariance
  }

  private func shaped(_ scatter: Matrix, model: Matrix, blocks partition: [[Int]]) -> Matrix {
    var mixed = scatter.interpolated(to: model, share: factorShare)
    for index in 0..<scatter.rows { mixed[index, index] = scatter[index, index] }
    return blocks.shaped(mixed, blocks: partition)
  }

  // MARK: - Choice

  private static let counts = [8, 15, 30]
  private static let shares = [1, 0.75, 0.5, 0.25, 0]

  /// Round 0: the number of factors and their share. Then the rounds of the blocks.
  private func variations(round: Int, blocks partition: [[Int]]) -> [FactorBlockScatter] {
    guard round > 0 else {
      return Self.counts.flatMap { count in
        Self.shares.map { FactorBlockScatter(factors: count, factorShare: $0, blocks: blocks) }
      }
    }
    return blocks.variations(round: round - 1, blocks: partition).map {
      FactorBlockScatter(factors: factors, factorShare: factorShare, blocks: $0)
    }
  }

  public func candidates(round: Int, blocks partition: [[Int]]) -> [any ScatterShape] {
    variations(round: round, blocks: partition)
  }

  /// One factor model for each number of factors.
  public func shapedByCandidates(
    round: Int, _ scatter: Matrix, blocks partition: [[Int]]
  ) throws -> [Matrix] {
    var models: [Int: Matrix] = [:]
    return try variations(round: round, blocks: partition).map { shape in
      let model = try models[shape.factors] ?? shape.model(of: scatter)
      models[shape.factors] = model
      return shape.shaped(scatter, model: model, blocks: partition)
    }
  }
}
