import Foundation
package import NumericCore
import Synchronization

/// Draws of a distribution that stand for it where integrals have no closed form: made when they are first asked
/// for, always the same.
package final class BaseDraws: Sendable {
  /// What they are drawn from.
  package let base: any Distribution
  private let made = Mutex<Made?>(nil)

  /// How many.
  package static let count = 16_384
  /// Share of draws beyond which values are held, on either side, where means are estimated.
  private static let tail = 0.005

  private struct Made {
    let draws: Matrix
    let held: Matrix
  }

  package init(of base: any Distribution) { self.base = base }

  /// [count, D].
  package var draws: Matrix { values.draws }
  /// The same, with each coordinate held within its 0.5 and 99.5 percentiles: of families with heavy tails, means
  /// of a finite number of draws follow the farthest.
  package var held: Matrix { values.held }

  private var values: Made {
    made.withLock { made in
      if let made { return made }
      let draws = Self.draw(base)
      let new = Made(draws: draws, held: Self.held(draws))
      made = new
      return new
    }
  }

  private static func draw(_ base: any Distribution) -> Matrix {
    let rows = Mutex([[Double]](repeating: [], count: count))
    let block = 256
    // On all processors: what is drawn does not depend on how many there are.
    ParallelBlocks.run(count: count / block, threads: ProcessInfo.processInfo.activeProcessorCount) {
      0
    } process: { index, _ in
      let drawn = (index * block..<(index + 1) * block).map { row in
        var source = RandomSource(seed: 0x71_17ED, stream: UInt64(row))
        return base.sample(using: &source)
      }
      rows.withLock { $0.replaceSubrange(index * block..<(index + 1) * block, with: drawn) }
    }
    return Matrix(rows: count, columns: base.dimension, values: rows.withLock { $0.flatMap { $0 } })
  }

  private static func held(_ draws: Matrix) -> Matrix {
    var result = draws
    let margin = Int(tail * Double(draws.rows))
    for column in 0..<draws.columns {
      let sorted = draws.column(column).sorted()
      let (low, high) = (sorted[margin], sorted[draws.rows - 1 - margin])
      for row in 0..<draws.rows { result[row, column] = min(max(draws[row, column], low), high) }
    }
    return result
  }
}
