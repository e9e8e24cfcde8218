public import NumericCore

/// S shrunk towards its blocks and its diagonal: (1 - a - b) S + a block(S) + b diag(S), or with shares of each
/// block's own.
///
/// Entries within block k are multiplied by w_k = 1 - b_k, those between blocks j and k by sqrt(w_j w_k g_j g_k).
/// It is the scatter of sqrt(w_k) (sqrt(g_k) u + sqrt(1 - g_k) v) + sqrt(1 - w_k) e in block k, with u of scatter
/// S, v of block(S) and e of diag(S), so that it is positive definite where every block has some e. With w = 1 - b
/// and g = (1 - a - b) / (1 - b) for all blocks it is the formula above.
public struct BlockScatter: ScatterShape {
  public let name = "blocks"
  /// a, the share of the block diagonal.
  public let blockShare: Double
  /// b, the share of the diagonal.
  public let diagonalShare: Double
  /// b_k and g_k, one per block, where blocks have their own.
  private var ownShares: (diagonal: [Double], between: [Double])?

  /// - Precondition: both shares are at least 0 and their sum at most 1.
  public init(blockShare: Double = 0.8, diagonalShare: Double = 0.05) {
    precondition(blockShare >= 0 && diagonalShare >= 0, "Shares \(blockShare) and \(diagonalShare)")
    // Shares that add up to 1 may exceed it by their rounding.
    precondition(blockShare + diagonalShare <= 1 + 1e-12, "Shares beyond 1")
    self.blockShare = blockShare
    self.diagonalShare = diagonalShare
  }

  public var hyperparameters: [FitRecord.Hyperparameter] {
    [.init("block_shrinkage", blockShare), .init("diagonal_shrinkage", diagonalShare)]
      + (ownShares?.diagonal ?? []).enumerated().map { .init("diagonal_shrinkage_of_block_\($0)", $1) }
      + (ownShares?.between ?? []).enumerated().map { .init("coupling_of_block_\($0)", $1) }
  }

  /// g for all blocks.
  private var between: Double { diagonalShare < 1 ? max(0, 1 - blockShare / (1 - diagonalShare)) : 0 }

  public func shaped(_ scatter: Matrix, blocks: [[Int]]) -> Matrix {
    var block = [Int](repeating: -1, count: scatter.rows)
    // sqrt(w_k) and sqrt(g_k) of every coordinate.
    var withinRoots = [Double](repeating: (1 - diagonalShare).squareRoot(), count: scatter.rows)
    var betweenRoots = [Double](repeating: between.squareRoot(), count: scatter.rows)
    for (index, members) in blocks.enumerated() {
      for member in members {
        block[member] = index
        guard let ownShares else { continue }
        withinRoots[member] = (1 - ownShares.diagonal[index]).squareRoot()
        betweenRoots[member] = ownShares.between[index].squareRoot()
      }
    }
    var result = scatter
    for row in 0..<scatter.rows {
      for column in 0..<scatter.columns where row != column {
        let together = block[row] == block[column] && block[row] >= 0
        result[row, column] *= withinRoots[row] * withinRoots[column]
        if !together { result[row, column] *= betweenRoots[row] * betweenRoots[column] }
      }
    }
    return result
  }

  // MARK: - Choice

  /// The diagonal of S alone.
  static let diagonal = BlockScatter(blockShare: 0, diagonalShare: 1)
  /// From the diagonal to all but free.
  private static let grid: [BlockScatter] =
    [diagonal]
    + [0.5, 0.3, 0.2, 0.1, 0.05, 0.02].flatMap { diagonal in
      [1, 0.95, 0.9, 0.8, 0.7, 0.55, 0.3, 0].map {
        BlockScatter(blockShare: $0 * (1 - diagonal), diagonalShare: diagonal)
      }
    }
  private static let sharesOfBlocks = [1, 0.8, 0.6, 0.45, 0.3, 0.2, 0.13, 0.08, 0.05, 0.03, 0.015]
  private static let couplingsOfBlocks = [0, 0.05, 0.1, 0.2, 0.35, 0.5, 0.75, 1]

  /// Round 0: both shares, for all blocks alike. Then b_k, one block per round, and g_k in the same way.
  func variations(round: Int, blocks: [[Int]]) -> [BlockScatter] {
    guard round > 0 else { return Self.grid }
    let count = blocks.count
    guard count > 1, round <= 2 * count else { return [] }
    let shares =
      ownShares
      ?? (Array(repeating: diagonalShare, count: count), Array(repeating: between, count: count))
    let block = (round - 1) % count
    var varied = self
    if round <= count {
      // The scatter of a single coordinate is its diagonal.
      guard blocks[block].count > 1 else { return [self] }
      return (Self.sharesOfBlocks + [shares.diagonal[block]]).sorted(by: >).map { share in
        varied.ownShares = shares
        varied.ownShares?.diagonal[block] = share
        return varied
      }
    }
    return (Self.couplingsOfBlocks + [shares.between[block]]).sorted().map { coupling in
      varied.ownShares = shares
      varied.ownShares?.between[block] = coupling
      return varied
    }
  }

  public func candidates(round: Int, blocks: [[Int]]) -> [any ScatterShape] {
    variations(round: round, blocks: blocks)
  }
}
