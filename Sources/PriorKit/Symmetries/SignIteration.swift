import FXParams
import NumericCore
import Synchronization

/// Chooses the signs of the networks of all presets together: nearest to the mean, and the mean again.
///
/// Presets come in the form of the rules, of which only the signs still move, so that a sweep costs some
/// microseconds per preset. Sums are made by blocks, in order: they do not depend on threads.
struct SignIteration {
  /// The reference of the last patterns.
  private(set) var reference: Canonicaliser.Reference
  private(set) var sweeps = 0
  /// Which lines each preset turned, by network.
  private var patterns: [[UInt]]
  private let networks: [NetworkSymmetries]

  private static let rowsInBlock = 1024

  init(_ theta: Matrix, networks: [NetworkSymmetries], threads: Int) {
    self.networks = networks
    reference = Canonicalisation.reference(theta)
    patterns = Array(repeating: Array(repeating: 0, count: networks.count), count: theta.rows)
    // Signs leave the mean squares as they are.
    let scale = reference.meanSquares
    while sweeps < Canonicalisation.maximumSweeps {
      if sweeps > 0 { reference.mean = mean(of: theta, threads: threads) }
      let alignments = networks.map { SignAlignment($0, reference: reference.mean, scale: scale) }
      let next = Self.blocks(of: theta, threads: threads) { row in
        alignments.map { $0.bestPattern(of: theta.row(row)) }
      }.flatMap { $0 }
      sweeps += 1
      let isSettled = next == patterns
      patterns = next
      if isSettled { break }
    }
  }

  /// Turns the presets that the iteration began with.
  func apply(to forms: inout (theta: Matrix, moves: [Canonicaliser.Moves])) {
    for row in 0..<forms.theta.rows where patterns[row].contains(where: { $0 != 0 }) {
      var turned = forms.theta.row(row)
      for (index, network) in networks.enumerated() {
        SignAlignment.turn(&turned, network, pattern: patterns[row][index])
        forms.moves[row].signPatterns[index] ^= patterns[row][index]
      }
      forms.theta.values.replaceSubrange(row * turned.count..<(row + 1) * turned.count, with: turned)
    }
  }

  /// The mean of the presets as they are turned now.
  private func mean(of theta: Matrix, threads: Int) -> [Double] {
    let sums = Self.blocks(of: theta, threads: threads) { row in
      var turned = theta.row(row)
      for (index, network) in networks.enumerated() {
        SignAlignment.turn(&turned, network, pattern: patterns[row][index])
      }
      return turned
    } reduce: { rows in
      rows.reduce(into: [Double](repeating: 0, count: theta.columns)) { sum, row in
        for column in sum.indices { sum[column] += row[column] }
      }
    }
    var total = [Double](repeating: 0, count: theta.columns)
    for sum in sums {
      for column in total.indices { total[column] += sum[column] }
    }
    return total.map { $0 / Double(max(theta.rows, 1)) }
  }

  private static func blocks<Value: Sendable>(
    of theta: Matrix, threads: Int, _ body: @Sendable (Int) -> Value
  ) -> [[Value]] {
    blocks(of: theta, threads: threads, body, reduce: { $0 })
  }

  /// The result for the rows of each block, in the order of the blocks.
  private static func blocks<Value, Result: Sendable>(
    of theta: Matrix, threads: Int, _ body: @Sendable (Int) -> Value, reduce: @Sendable ([Value]) -> Result
  ) -> [Result] {
    let count = (theta.rows + rowsInBlock - 1) / rowsInBlock
    let parts = Mutex([Int: Result]())
    ParallelBlocks.run(count: count, threads: threads) {
    } process: { block, _ in
      let rows = block * rowsInBlock..<min((block + 1) * rowsInBlock, theta.rows)
      let result = reduce(rows.map(body))
      parts.withLock { $0[block] = result }
    }
    let done = parts.withLock { $0 }
    return (0..<count).compactMap { done[$0] }
  }
}
