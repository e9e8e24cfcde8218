public import NumericCore

/// What is assumed of a scatter matrix: a map from the free estimate S to one that fewer presets determine.
public protocol ScatterShape: Sendable {
  /// The name in tables: `blocks`, `factors-blocks`, ...
  var name: String { get }

  /// A symmetric matrix with the diagonal of `scatter`, positive definite wherever that diagonal is positive and
  /// the shape is not free.
  ///
  /// - Parameter blocks: coordinates that belong together.
  func shaped(_ scatter: Matrix, blocks: [[Int]]) throws -> Matrix
}

/// S as it is.
public struct FreeScatter: ScatterShape {
  public let name = "full"
  public init() {}
  public func shaped(_ scatter: Matrix, blocks: [[Int]]) -> Matrix { scatter }
}

/// S shrunk towards its blocks and its diagonal: (1 - a - b) S + a block(S) + b diag(S).
///
/// Entries within a block are multiplied by 1 - b, those between blocks by 1 - a - b. All three matrices are
/// positive semi-definite, and the last definite.
public struct BlockScatter: ScatterShape {
  public let name = "blocks"
  /// a, the share of the block diagonal.
  public let blockShare: Double
  /// b, the share of the diagonal.
  public let diagonalShare: Double

  /// The defaults were chosen by cross-validation on the published presets.
  /// - Precondition: both shares are at least 0 and their sum at most 1.
  public init(blockShare: Double = 0.8, diagonalShare: Double = 0.05) {
    precondition(blockShare >= 0 && diagonalShare >= 0 && blockShare + diagonalShare <= 1, "Shares beyond 1")
    self.blockShare = blockShare
    self.diagonalShare = diagonalShare
  }

  public func shaped(_ scatter: Matrix, blocks: [[Int]]) -> Matrix {
    var block = [Int](repeating: -1, count: scatter.rows)
    for (index, members) in blocks.enumerated() {
      for member in members { block[member] = index }
    }
    var result = scatter
    for row in 0..<scatter.rows {
      for column in 0..<scatter.columns where row != column {
        let together = block[row] == block[column] && block[row] >= 0
        result[row, column] *= 1 - diagonalShare - (together ? 0 : blockShare)
      }
    }
    return result
  }
}

/// S shrunk to a factor model F of it and further to the blocks: ``BlockScatter`` of (1 - c) S + c F.
public struct FactorBlockScatter: ScatterShape {
  public let name = "factors-blocks"
  public let factors: Int
  /// c, the share of the factor model.
  public let factorShare: Double
  public let blocks: BlockScatter

  /// - Precondition: the share is in [0, 1] and there is at least one factor.
  public init(factors: Int = 30, factorShare: Double = 0.5, blocks: BlockScatter = BlockScatter()) {
    precondition(factors > 0 && (0...1).contains(factorShare), "\(factors) factors, share \(factorShare)")
    self.factors = factors
    self.factorShare = factorShare
    self.blocks = blocks
  }

  public func shaped(_ scatter: Matrix, blocks partition: [[Int]]) throws -> Matrix {
    let model = try FactorScatter(scatter: scatter, factors: min(factors, max(1, scatter.rows - 1)))
    var mixed = scatter
    let fitted = model.covariance
    for index in mixed.values.indices {
      mixed.values[index] += factorShare * (fitted.values[index] - mixed.values[index])
    }
    for index in 0..<scatter.rows { mixed[index, index] = scatter[index, index] }
    return blocks.shaped(mixed, blocks: partition)
  }
}
