import FXChain
import FXParams
import Foundation
import TestSupport
import Testing

/// Float may combine the sends on the network's own grid; Double never does. Both sides of the decision agree.
struct FoldingTests {
  /// The published chain at random settings with a decay of so many seconds to -60 dB at one point and less elsewhere.
  private func logits(decaySeconds: Double, seed: UInt64) -> [Double] {
    let chain = ChainDescription.diffVox
    var logits = chain.randomLogits(seed: seed, spread: 1)
    let (names, gamma) = (chain.parameterSpace.names, pow(10, -3 * 997 / 44100 / decaySeconds))
    let parameters = chain.parameterSpace.parameters
    for index in names.indices where names[index].hasPrefix("reverb.gamma.") {
      let share = names[index] == "reverb.gamma.3" ? 1 : pow(10, -3 * 997 / 44100 / (0.5 * decaySeconds)) / gamma
      logits[index] = parameters[index].bijector.inverse(share * gamma) ?? 0
    }
    return logits
  }

  @Test(arguments: [0.5, 4, 6.7, 6.9, 8.9], 1...2) func gridsAgree(decaySeconds: Double, seed: Int) {
    let chain = ChainDescription.diffVox
    let dry = TestSignals.swells(88_200).map { Double(Float($0)) }
    let cotangents = (left: TestSignals.noise(dry.count, seed: 2), right: TestSignals.noise(dry.count, seed: 3))
    let weights = (
      left: cotangents.left.map { Double(Float($0)) }, right: cotangents.right.map { Double(Float($0)) }
    )
    let logits = logits(decaySeconds: decaySeconds, seed: UInt64(seed))
    let single = Rendering(chain, dry: dry, logits: logits, cotangents: weights, as: Float.self)
    let double = Rendering(chain, dry: dry, logits: logits, cotangents: weights, as: Double.self)
    let errors = [
      relativeNormError(single.left, double.left), relativeNormError(single.right, double.right),
      relativeNormError(single.gradient, double.gradient),
      relativeNormError(single.dryCotangent, double.dryCotangent),
    ]
    #expect(errors[0] < 3e-6 && errors[1] < 3e-6, "outputs")
    #expect(errors[2] < 3e-5, "gradient")
    #expect(errors[3] < 5e-6, "dry signal")
  }
}
