import FXChain
import FXParams
import Testing

/// Pullbacks of the send effects against central differences.
struct SendPullbackTests {
  static let delay = ChainDescription.sends(.pingPongDelay(SmallChains.delay))
  static let reverb = ChainDescription.sends(.feedbackDelayNetwork(SmallChains.reverb()))

  @Test(arguments: 1...4) func delayMeetsDifferences(seed: Int) {
    checkPullback(
      PullbackCase(
        name: "delay \(seed)", chain: Self.delay, logits: Self.delay.randomLogits(seed: UInt64(seed)),
        step: 1e-6, tolerance: 1e-5))
  }

  /// Each parameter of the delay far out: feedback next to 1 and 0, gain gone, low-pass next to Nyquist's side.
  @Test(arguments: 0..<7, [-100, -20, -6, 6, 20, 100.0]) func delayAtItsBounds(index: Int, logit: Double) {
    var logits = Self.delay.randomLogits(seed: 5)
    logits[index] = logit
    checkPullback(
      PullbackCase(
        name: "\(Self.delay.parameterSpace.names[index]) at \(logit)", chain: Self.delay, logits: logits,
        dry: TestSignals.swells(2000), step: 1e-6, tolerance: 1e-5, isGeneric: false))
  }

  /// A delay of a whole number of samples, where sinc and slope take their limits; none where the number of echoes
  /// that fit jumps.
  @Test(arguments: [100, 440, 512.0]) func delayOfWholeSamples(_ samples: Double) {
    var logits = Self.delay.randomLogits(seed: 6)
    logits[0] = Self.delay.logits(["delay.time": samples * 1000 / 44100])[0]
    checkPullback(
      PullbackCase(name: "delay of \(samples)", chain: Self.delay, logits: logits, step: 1e-6, tolerance: 1e-5))
  }

  @Test(arguments: 1...3) func reverbMeetsDifferences(seed: Int) {
    checkPullback(
      PullbackCase(name: "reverb \(seed)", chain: Self.reverb, logits: Self.reverb.randomLogits(seed: UInt64(seed)))
    )
  }

  /// All decay points near zero, near their maximum, and a generator of large rotations.
  @Test(
    arguments: ["reverb.gamma", "reverb.w", "reverb.b", "reverb.c", "reverb.peak1"], [-100, -20, -6, 6, 20, 100.0])
  func reverbAtItsBounds(_ prefix: String, logit: Double) {
    var logits = Self.reverb.randomLogits(seed: 4)
    for (index, name) in Self.reverb.parameterSpace.names.enumerated() where name.hasPrefix(prefix + ".") {
      logits[index] = prefix == "reverb.w" ? logit * logits[index] : logit
    }
    checkPullback(
      PullbackCase(
        name: "\(prefix) at \(logit)", chain: Self.reverb, logits: logits, dry: TestSignals.swells(1500),
        isGeneric: false))
  }

  @Test func reverbOfNothingIsSilentAndFinite() {
    var logits = Self.reverb.randomLogits(seed: 4)
    for (index, name) in Self.reverb.parameterSpace.names.enumerated() where name.hasPrefix("reverb.b.") {
      logits[index] = 0
    }
    checkPullback(PullbackCase(name: "no input gain", chain: Self.reverb, logits: logits, isGeneric: false))
  }
}
