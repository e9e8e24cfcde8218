import FXParams
import NumericCore

// What a comparison makes of its data.

extension EstimationData {
  /// These rows, then those of a test, which are only scored: of them, values and shapes are kept.
  func followed(by test: EstimationData) -> EstimationData {
    var result = self
    result.rows = Matrix(
      rows: rows.rows + test.rows.rows, columns: rows.columns, values: rows.values + test.rows.values)
    result.weights = weights.map { $0 + Array(repeating: 1, count: test.rows.rows) }
    if absent != nil || test.absent != nil { result.absent = allAbsent + test.allAbsent }
    if let chain = (patterns ?? test.patterns)?.chain {
      result.patterns = PatternedRows(chain: chain, patterns: allPatterns(chain) + test.allPatterns(chain))
    }
    return result
  }

  /// What is scored of some rows: values and shapes.
  func scored(rows indices: [Int]) -> EstimationData {
    var result = EstimationData(rows: rows.selecting(rows: indices), names: names, blocks: blocks)
    result.absent = Self.absent(absent.map { absent in indices.map { absent[$0] } })
    result.patterns = patterns?.selecting(rows: indices)
    return result
  }

  /// The log probability of the pattern of each held-out row, in nats, under the patterns of these rows; nil where
  /// all have one shape.
  ///
  /// - Throws: ``PatternError`` for patterns that make no distribution.
  func patternScores(of heldOut: EstimationData) throws -> [Double]? {
    guard let own = patterns, let others = heldOut.patterns else { return nil }
    let distribution = try PatternDistribution(fitting: own.patterns, weights: weights, chain: own.chain)
    return others.patterns.map(distribution.logProbability(of:))
  }

  private var allAbsent: [[Int]] { absent ?? Array(repeating: [], count: rows.rows) }

  private func allPatterns(_ chain: ChainDescription) -> [ChainPattern] {
    patterns?.patterns ?? Array(repeating: chain.completePattern, count: rows.rows)
  }
}
