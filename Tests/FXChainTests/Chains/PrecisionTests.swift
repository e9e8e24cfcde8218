import FXChain
import FXParams
import TestSupport
import Testing

/// Float against Double, which run different kernels, over random networks and settings.
struct PrecisionTests {
  private static let delays = [
    97, 131, 173, 211, 251, 293, 307, 331, 353, 379, 401, 421, 443, 461, 487, 503,
  ]

  private func compare(
    _ chain: ChainDescription, _ logits: [Double], value: Double, gradient: Double, _ name: String
  ) {
    let dry = TestSignals.swells(3000)
    let cotangents = (left: TestSignals.noise(dry.count, seed: 2), right: TestSignals.noise(dry.count, seed: 3))
    // What is compared starts from the same numbers: all of them exact in Float.
    let exact = dry.map { Double(Float($0)) }
    let weights = (
      left: cotangents.left.map { Double(Float($0)) }, right: cotangents.right.map { Double(Float($0)) }
    )
    let single = Rendering(chain, dry: exact, logits: logits, cotangents: weights, as: Float.self)
    let double = Rendering(chain, dry: exact, logits: logits, cotangents: weights, as: Double.self)
    #expect(single.isFinite && double.isFinite)
    #expect(relativeNormError(single.left, double.left) < value, "\(name): left")
    #expect(relativeNormError(single.right, double.right) < value, "\(name): right")
    #expect(relativeNormError(single.gradient, double.gradient) < gradient, "\(name): gradient")
    #expect(relativeNormError(single.dryCotangent, double.dryCotangent) < value, "\(name): dry signal")
  }

  @Test(arguments: 1...16) func networksOfAllSizes(_ lines: Int) {
    let network = SmallChains.reverb(Array(Self.delays.prefix(lines)), tone: [])
    let chain = ChainDescription.sends(.feedbackDelayNetwork(network))
    for seed in 1...3 {
      compare(
        chain, chain.randomLogits(seed: UInt64(seed), spread: 3), value: 2e-6, gradient: 2e-5,
        "\(lines) lines, seed \(seed)")
    }
  }

  /// Decay next to its maximum, where bins resonate, and next to zero, where logarithms run out.
  @Test(arguments: [-100, -60, -20, -6, 6, 20, 100.0]) func decayAtItsBounds(_ logit: Double) {
    let chain = ChainDescription.sends(.feedbackDelayNetwork(SmallChains.reverb(tone: [])))
    for seed in 1...3 {
      var logits = chain.randomLogits(seed: UInt64(seed))
      for (index, name) in chain.parameterSpace.names.enumerated() where name.hasPrefix("reverb.gamma.") {
        // Neighbours far apart as well: every other point keeps its own.
        if seed != 3 || index % 2 == 0 { logits[index] = logit }
      }
      compare(chain, logits, value: 5e-6, gradient: 5e-5, "gamma at \(logit), seed \(seed)")
    }
  }

  @Test(arguments: 1...4) func wholeChain(seed: Int) {
    let chain = SmallChains.diffVox
    compare(
      chain, chain.randomLogits(seed: UInt64(seed), spread: 1), value: 1e-5, gradient: 1e-3, "DiffVox, seed \(seed)"
    )
  }
}
