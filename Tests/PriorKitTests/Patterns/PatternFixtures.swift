import FXParams
import NumericCore
import PresetStore
import PriorKit

/// A chain of two peaks, a compressor that may stand before them, and a delay; peak2, the compressor and the delay
/// are optional.
enum ShapedChain {
  static let chain: ChainDescription = {
    var chain = ChainDescription(
      series: [
        .biquad(.init(name: "peak1", response: .peak, frequencyHz: .init(33, 5400), q: .init(0.2, 20))),
        .biquad(.init(name: "peak2", response: .peak, frequencyHz: .init(200, 17500), q: .init(0.2, 20))),
        .compressorExpander(CompressorExpander(name: "compressor")),
      ], sends: [.pingPongDelay(PingPongDelay(name: "delay"))])
    chain.optionalEffects = ["peak2", "compressor", "delay"]
    chain.furtherOrders = [["compressor", "peak1", "peak2"]]
    return chain
  }()

  /// Presets whose delay and compressor go together, and of which a third has the compressor first.
  static func patterns(_ count: Int, seed: UInt64 = 1) -> [ChainPattern] {
    var source = RandomSource(seed: seed)
    return (0..<count).map { _ in
      let compressor = source.nextUniform() < 0.6
      let delay = source.nextUniform() < (compressor ? 0.9 : 0.1)
      let peak = source.nextUniform() < 0.8
      let order = source.nextUniform() < 1.0 / 3 ? 1 : 0
      return chain.canonical(ChainPattern(present: [peak, compressor, delay], order: order))
    }
  }

  /// The probability that ``patterns(_:seed:)`` gives a pattern.
  static func probability(of pattern: ChainPattern) -> Double {
    let (peak, compressor, delay) = (pattern.present[0], pattern.present[1], pattern.present[2])
    let together = compressor ? (delay ? 0.9 : 0.1) : (delay ? 0.1 : 0.9)
    let order = !compressor ? 1 : pattern.order == 1 ? 1.0 / 3 : 2.0 / 3
    return (peak ? 0.8 : 0.2) * (compressor ? 0.6 : 0.4) * together * order
  }

  /// A Gaussian prior with correlations and a table of patterns.
  static func prior() throws -> Prior {
    let count = chain.parameterSpace.count
    var covariance = Matrix(rows: count, columns: count)
    for row in 0..<count {
      for column in 0..<count { covariance[row, column] = row == column ? 1 + 0.1 * Double(row) : 0.3 }
    }
    var prior = try Prior(chain: chain, mean: (0..<count).map { 0.1 * Double($0) - 1 }, covariance: covariance)
    let all = chain.allPatterns
    prior.patterns = try PatternDistribution(patterns: all, masses: all.map(probability))
    return prior
  }
}
