public import FXParams
import Foundation
import NumericCore
package import PresetStore

/// Two bands, the first optional, a compressor, optional, in two orders, and three sends, of which the first and
/// the last are optional: cross-sends change their names where the first is absent.
public let varyingChain: ChainDescription = {
  var chain = ChainDescription(
    series: [
      .biquad(.init(name: "low", response: .lowShelf, frequencyHz: .init(30, 200))),
      .biquad(.init(name: "peak", response: .peak, frequencyHz: .init(33, 5400), q: .init(0.2, 20))),
      .compressorExpander(.init(name: "comp", maximumLookaheadMilliseconds: nil)),
    ],
    sends: ["slap", "echo", "long"].map { .pingPongDelay(.init(name: $0)) })
  chain.optionalEffects = ["low", "comp", "slap", "long"]
  chain.furtherOrders = [["comp", "low", "peak"]]
  return chain
}()

extension PresetCollection {
  /// Presets of ``varyingChain``, of patterns that take turns: complete, in the other order, without comp, without
  /// slap, without low and long in the other order.
  package static func varying(count: Int = 12) -> PresetCollection {
    let chain = varyingChain
    let shapes = [
      ChainPattern(present: [true, true, true, true]), ChainPattern(present: [true, true, true, true], order: 1),
      ChainPattern(present: [true, false, true, true]), ChainPattern(present: [true, true, false, true]),
      ChainPattern(present: [false, true, true, false], order: 1),
    ]
    let patterns = (0..<count).map { shapes[$0 % shapes.count] }
    let dimension = chain.parameterSpace.count
    var source = RandomSource(seed: 4)
    var theta = Matrix(rows: count, columns: dimension)
    for row in 0..<count {
      let absent = Set(chain.absentPositions(patterns[row]))
      for column in 0..<dimension {
        let draw = source.nextNormal()
        theta[row, column] = absent.contains(column) ? .nan : draw
      }
    }
    var collection = PresetCollection(
      chain: chain, theta: theta, labels: (0..<count).map { "take \($0)" },
      groups: (0..<count).map { "song \($0 / 2)" })
    collection.setPatterns(patterns)
    return collection
  }

  /// Whether everything is alike, absent logits included.
  package func isSame(as other: PresetCollection) -> Bool {
    var (own, others) = (self, other)
    guard theta.values.map(\.isNaN) == other.theta.values.map(\.isNaN), patterns == other.patterns,
      adjustments == other.adjustments
    else { return false }
    own.theta = Matrix(rows: count, columns: dimension, values: theta.values.map { $0.isNaN ? 0 : $0 })
    others.theta = Matrix(rows: count, columns: dimension, values: other.theta.values.map { $0.isNaN ? 0 : $0 })
    return own.isEqual(to: others)
  }
}
