import FXParams
import Foundation

/// A direction in words: its few parameters with their weights, or the blocks of effects that many carry.
struct DirectionName {
  let text: String
  let loadings: [SensitivitySearch.Loading]

  /// Parameters named one by one.
  private static let most = 6

  init(_ vector: [Double], chain: ChainDescription) {
    let names = chain.parameterSpace.names
    let order = vector.indices.sorted { vector[$0].magnitude > vector[$1].magnitude }
    let total = vector.reduce(0) { $0 + $1 * $1 }
    var (told, kept) = (0.0, [Int]())
    for index in order where told < 0.99 * total {
      told += vector[index] * vector[index]
      kept.append(index)
    }
    // The largest entry is positive, so that one direction has one name.
    let sign: Double = (kept.first.map { vector[$0] } ?? 1) < 0 ? -1 : 1
    loadings = kept.map { .init(parameter: names[$0], weight: sign * vector[$0]) }
    guard kept.count > Self.most else {
      text = loadings.map { "\(Self.signed($0.weight)) \($0.parameter)" }.joined(separator: ", ")
      return
    }
    let blocks = chain.parameterBlocks.map { block in
      let parts = block.indices.map { sign * vector[$0] }
      let share = parts.reduce(0) { $0 + $1 * $1 } / max(total, .leastNormalMagnitude)
      return (name: block.name, share: share, sum: parts.reduce(0, +), count: parts.count)
    }
    text = blocks.filter { $0.share > 0.05 }.sorted { $0.share > $1.share }.map { block in
      "\(block.sum < 0 ? "-" : "+") \(block.name) (\(Int((100 * block.share).rounded()))%)"
    }.joined(separator: ", ")
  }

  private static func signed(_ weight: Double) -> String { String(format: "%+.2f", weight) }
}
