import FXChain
import FXParams
import Foundation
import TestSupport
import Testing

/// Float may combine the sends on the network's own grid; Double never does. Both sides of the decision agree,
/// whether it is for the decay of the network or for what feeds it, within a third of the tolerances of the
/// reference: 1e-4 of the outputs, 5e-4 of the gradient.
struct TimeAliasingTests {
  /// The published chain at random settings with a decay of so many seconds to -60 dB at one point and less
  /// elsewhere.
  private func logits(decaySeconds: Double, feed: Double, seed: UInt64) -> [Double] {
    let chain = ChainDescription.diffVox
    var logits = chain.randomLogits(seed: seed, spread: 1)
    let (names, gamma) = (chain.parameterSpace.names, pow(10, -3 * 997 / 44100 / decaySeconds))
    let parameters = chain.parameterSpace.parameters
    for index in names.indices where names[index].hasPrefix("reverb.gamma.") {
      let share = names[index] == "reverb.gamma.3" ? 1 : pow(10, -3 * 997 / 44100 / (0.5 * decaySeconds)) / gamma
      logits[index] = parameters[index].bijector.inverse(share * gamma) ?? 0
    }
    for name in ["reverb.send", "delay.gain"] {
      guard let index = names.firstIndex(of: name) else { continue }
      logits[index] = parameters[index].bijector.inverse(feed) ?? 0
    }
    return logits
  }

  @Test(arguments: [0.5, 6.7, 8.9], [0.05, 0.5, 0.99]) func gridsAgree(decaySeconds: Double, feed: Double) {
    let chain = ChainDescription.diffVox
    let dry = TestSignals.swells(88_200).map { Double(Float($0)) }
    let cotangents = (left: TestSignals.noise(dry.count, seed: 2), right: TestSignals.noise(dry.count, seed: 3))
    let weights = (
      left: cotangents.left.map { Double(Float($0)) }, right: cotangents.right.map { Double(Float($0)) }
    )
    let logits = logits(decaySeconds: decaySeconds, feed: feed, seed: 1)
    let single = Rendering(chain, dry: dry, logits: logits, cotangents: weights, as: Float.self)
    let double = Rendering(chain, dry: dry, logits: logits, cotangents: weights, as: Double.self)
    let errors = [
      relativeNormError(single.left, double.left), relativeNormError(single.right, double.right),
      relativeNormError(single.gradient, double.gradient),
      relativeNormError(single.dryCotangent, double.dryCotangent),
    ]
    #expect(errors[0] < 3e-5 && errors[1] < 3e-5, "outputs")
    #expect(errors[2] < 1.5e-4, "gradient")
    #expect(errors[3] < 3e-5, "dry signal")
  }

  /// The published presets whose echoes are the strongest at the resonance of their low-pass or whose decays are
  /// the longest, that is, next to the limit on both sides, and others; at the reference's tolerances.
  @Test(
    .enabled(if: Reference.isAvailable, Comment(rawValue: Reference.absence)),
    arguments: [("internal", [254, 302, 192, 227, 355, 106, 36, 0, 138]), ("medleydb", [16, 3, 1, 19, 5])])
  func publishedPresetsAgree(collection: String, rows: [Int]) throws {
    let dry = TestSignals.swells(88_200).map { Double(Float($0)) }
    let weights = (
      left: TestSignals.noise(dry.count, seed: 2).map { Double(Float($0)) },
      right: TestSignals.noise(dry.count, seed: 3).map { Double(Float($0)) }
    )
    for row in rows {
      let logits = try PublishedRows.logits(collection, row: row)
      let single = Rendering(.diffVox, dry: dry, logits: logits, cotangents: weights, as: Float.self)
      let double = Rendering(.diffVox, dry: dry, logits: logits, cotangents: weights, as: Double.self)
      #expect(relativeNormError(single.left, double.left) < 1e-4, "left output of row \(row)")
      #expect(relativeNormError(single.right, double.right) < 1e-4, "right output of row \(row)")
      #expect(relativeNormError(single.gradient, double.gradient) < 5e-4, "gradient of row \(row)")
    }
  }
}
