import FXParams
import NumericCore
import PresetStore
import PriorKit
import TestSupport

/// Chains of one, two and seven parameters, small enough to integrate over or to fit to a few presets.
enum SmallChain {
  static let pan = ChainDescription(series: [], sends: [])
  static let shelf = ChainDescription(
    series: [.biquad(.init(name: "lowshelf", response: .lowShelf, frequencyHz: .init(30, 200)))], sends: [],
    hasDirectPan: false)
  static let bands = ChainDescription(
    series: [
      .biquad(.init(name: "peak1", response: .peak, frequencyHz: .init(33, 5400), q: .init(0.2, 20))),
      .biquad(.init(name: "peak2", response: .peak, frequencyHz: .init(200, 17500), q: .init(0.2, 20))),
    ], sends: [])
}

extension DensityUnderTest {
  init(_ prior: Prior) {
    self.init(
      dimension: prior.space.count, logDensityAndScore: { prior.logDensity(at: $0, score: &$1) },
      sample: { prior.sample(using: &$0) })
  }
}

/// Correlated normal presets with a mean away from zero.
func normalPresets(_ count: Int, of chain: ChainDescription, seed: UInt64 = 1) -> PresetCollection {
  var source = RandomSource(seed: seed)
  let dimension = chain.parameterSpace.count
  let rows = (0..<count).map { _ in
    let shared = source.nextNormal()
    return (0..<dimension).map { Double($0) + 0.5 * shared + source.nextNormal() }
  }
  return PresetCollection(chain: chain, theta: Matrix(rows: rows))
}
