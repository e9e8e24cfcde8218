import FXChain
import FXParams
import NumericCore
import TestSupport
import Testing

/// The pullback of the whole DiffVox chain: all 130 parameters, and signals that provoke it.
struct WholeChainPullbackTests {
  /// Every parameter of the chain moves the output, and by what its pullback says.
  @Test(arguments: 1...2) func allParametersMeetDifferences(seed: Int) {
    let chain = SmallChains.diffVox
    #expect(chain.parameterSpace.count == 130)
    checkPullback(
      PullbackCase(
        name: "DiffVox \(seed)", chain: chain, logits: chain.randomLogits(seed: UInt64(seed), spread: 1),
        dry: TestSignals.swells(3000), step: 1e-6, tolerance: 2e-5))
  }

  /// The published durations, in a direction that moves all parameters at once.
  @Test func publishedDurationsMeetDifferences() {
    let chain = ChainDescription.diffVox
    let dry = TestSignals.swells(12_000)
    let cotangents = (left: TestSignals.noise(dry.count, seed: 2), right: TestSignals.noise(dry.count, seed: 3))
    let logits = chain.randomLogits(seed: 8, spread: 1)
    let direction = TestSignals.noise(logits.count, seed: 9)
    let rendering = Rendering(chain, dry: dry, logits: logits, cotangents: cotangents)
    let renderer = ChainRenderer<Double>(chain, segments: [dry], threads: 2)
    let expected = centralDifference(
      of: { position in
        renderer.render(logits: zip(logits, direction).map { $0 + position[0] * $1 })
        let (left, right) = renderer.output(of: 0)
        return (0..<dry.count).reduce(0) { $0 + left[$1] * cotangents.left[$1] + right[$1] * cotangents.right[$1] }
      }, at: [0], coordinate: 0, step: 1e-6)
    let found = zip(rendering.gradient, direction).reduce(0) { $0 + $1.0 * $1.1 }
    #expect(abs(found - expected) <= 2e-5 * abs(expected))
  }

  static let signals: [(name: String, dry: [Double])] = [
    ("silence", [Double](repeating: 0, count: 1500)),
    ("silence after sound", TestSignals.swells(500) + [Double](repeating: 0, count: 1000)),
    ("below the floor of the level", TestSignals.noise(1500, seed: 1, amplitude: 1e-6)),
    ("subnormal", TestSignals.noise(1500, seed: 1, amplitude: .leastNormalMagnitude / 64)),
    ("very loud", TestSignals.noise(1500, seed: 1, amplitude: 1e6)),
    ("constant", [Double](repeating: 0.25, count: 1500)),
    ("one impulse", TestSignals.impulse(1500, at: 700)),
  ]

  @Test(arguments: signals.indices) func signalsThatProvoke(_ index: Int) {
    let (name, dry) = Self.signals[index]
    let chain = SmallChains.diffVox
    for seed in 1...2 {
      let logits = chain.randomLogits(seed: UInt64(seed), spread: 3)
      let cotangents = (left: TestSignals.noise(dry.count, seed: 2), right: TestSignals.noise(dry.count, seed: 3))
      let double = Rendering(chain, dry: dry, logits: logits, cotangents: cotangents)
      let single = Rendering(chain, dry: dry, logits: logits, cotangents: cotangents, as: Float.self)
      #expect(double.isFinite && single.isFinite, "\(name)")
    }
  }

  /// Random settings, all logits scaled up together: nothing overflows in either precision.
  @Test(arguments: [6, 20, 100.0]) func farSettingsAreFinite(_ spread: Double) {
    let chain = SmallChains.diffVox
    let dry = TestSignals.swells(1500)
    let cotangents = (left: TestSignals.noise(dry.count, seed: 2), right: TestSignals.noise(dry.count, seed: 3))
    for seed in 1...8 {
      var source = RandomSource(seed: UInt64(seed))
      let logits = (0..<130).map { _ in Double.random(in: -spread...spread, using: &source) }
      let double = Rendering(chain, dry: dry, logits: logits, cotangents: cotangents)
      let single = Rendering(chain, dry: dry, logits: logits, cotangents: cotangents, as: Float.self)
      #expect(double.isFinite, "seed \(seed)")
      #expect(single.isFinite, "seed \(seed) in Float")
    }
  }

  /// Signals on which the dynamics sit at their thresholds or floors still have the derivatives of the value.
  @Test(arguments: ["silence after sound", "below the floor of the level", "very loud"])
  func provokedGradientsMeetDifferences(_ name: String) throws {
    let dry = try #require(Self.signals.first { $0.name == name }).dry
    let chain = ChainDescription.series(
      .biquad(SmallChains.highPass), .compressorExpander(SmallChains.compressor), .biquad(SmallChains.peak))
    checkPullback(
      PullbackCase(
        name: name, chain: chain, logits: chain.randomLogits(seed: 3), dry: dry, step: 1e-6, tolerance: 1e-4,
        isGeneric: false))
  }
}
