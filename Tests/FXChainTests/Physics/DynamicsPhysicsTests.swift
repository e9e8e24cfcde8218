import FXParams
import Foundation
import Testing

/// The compressor/expander on tones and steps: static curve, times, lookahead.
struct DynamicsPhysicsTests {
  static let sampleRate = 44100.0
  static let chain = ChainDescription.series(.compressorExpander(SmallChains.compressor))

  /// The gain of the effect: output over input, for an input without zeros.
  private func gain(_ dry: [Double], _ values: [String: Double], _ chain: ChainDescription = chain) -> [Double] {
    var named = Dictionary(uniqueKeysWithValues: values.map { ("compressor.\($0)", $1) })
    for (name, value) in [
      "threshold": 100.0, "expander_threshold": -300, "lookahead": 0, "averaging_coefficient": 0.999999,
    ]
    where named["compressor.\(name)"] == nil && chain.parameterSpace.index(of: "compressor.\(name)") != nil {
      named["compressor.\(name)"] = value
    }
    let output = Rendering(chain, dry: dry, logits: chain.logits(named)).left
    return zip(output, dry).map { $0 / $1 }
  }

  private func decibels(_ x: Double) -> Double { 20 * log10(x) }
  private func constant(_ levelDB: Double, _ count: Int) -> [Double] {
    [Double](repeating: pow(10, levelDB / 20), count: count)
  }

  /// Above the threshold the level rises 1/ratio as fast; below it nothing happens; make-up adds to both.
  @Test(arguments: [-50, -30, -20, -10, 0.0]) func compressorCurve(_ levelDB: Double) {
    let values = ["threshold": -20, "ratio": 4, "makeup": 3, "attack_coefficient": 0.5, "release_coefficient": 0.5]
    let found = decibels(gain(constant(levelDB, 2000), values)[1900])
    let expected = 3 + min(0, (1 - 1 / 4.0) * (-20 - levelDB))
    #expect(abs(found - expected) < 1e-6)
  }

  /// Below its threshold the expander turns down: the level falls 1/ratio as fast.
  @Test(arguments: [-60, -45, -40, -20.0]) func expanderCurve(_ levelDB: Double) {
    let values = [
      "expander_threshold": -40, "expander_ratio": 0.5, "attack_coefficient": 0.5, "release_coefficient": 0.5,
    ]
    let found = decibels(gain(constant(levelDB, 2000), values)[1900])
    #expect(abs(found - min(0, (1 - 1 / 0.5) * (-40 - levelDB))) < 1e-6)
  }

  /// After a step up the gain approaches its target with the attack time, after a step down with the release time:
  /// over `milliseconds` of the convention, all but exp(-2.2) of the way is gone.
  @Test(arguments: [(5, 50), (1, 200), (20, 10)] as [(Double, Double)])
  func attackAndReleaseTimes(attackMilliseconds: Double, releaseMilliseconds: Double) {
    let attack = OnePole.coefficient(milliseconds: attackMilliseconds, sampleRate: Self.sampleRate)
    let release = OnePole.coefficient(milliseconds: releaseMilliseconds, sampleRate: Self.sampleRate)
    let half = Int(0.5 * Self.sampleRate)
    let dry = constant(0, half) + constant(-60, half)
    let values = [
      "threshold": -20, "ratio": 2, "attack_coefficient": attack, "release_coefficient": release,
    ]
    let found = gain(dry, values, .series(.compressorExpander(SmallChains.compressorWithoutLookahead)))
    let target = pow(10, -10 / 20.0)
    let attackEnd = Int(attackMilliseconds * Self.sampleRate / 1000)
    let attackLeft = (found[attackEnd - 1] - target) / (1 - target)
    #expect(abs(log(attackLeft) + 2.2 * Double(attackEnd) / (attackMilliseconds * Self.sampleRate / 1000)) < 1e-3)
    let releaseEnd = Int(releaseMilliseconds * Self.sampleRate / 1000)
    let releaseLeft = (1 - found[half + releaseEnd]) / (1 - found[half - 1])
    #expect(abs(log(releaseLeft) + 2.2) < 5e-3)
  }

  /// The level is the root of the averaged power: a sine reads 3 dB below its peak.
  @Test func levelIsRootMeanSquare() {
    let averaging = OnePole.coefficient(milliseconds: 100, sampleRate: Self.sampleRate)
    let dry = (0..<66_150).map { n in sin(2 * .pi * 1000 * Double(n) / Self.sampleRate + 0.01) }
    let values = [
      "threshold": -20, "ratio": 2, "averaging_coefficient": averaging, "attack_coefficient": 0.1,
      "release_coefficient": 0.1,
    ]
    let found = gain(dry, values)[60_000]
    #expect(abs(decibels(found) - (-20 + 3.0103) / 2) < 0.02)
  }

  /// A lookahead of whole samples is the same gain, that many samples early; the end repeats the last gain.
  @Test(arguments: [1, 44, 300, 661]) func lookaheadShiftsTheGain(_ samples: Int) {
    let dry = TestSignals.swells(3000).map { $0 + ($0 < 0 ? -1e-3 : 1e-3) }
    var values = [
      "threshold": -30, "ratio": 4, "attack_coefficient": 0.05, "release_coefficient": 0.01,
      "averaging_coefficient": 0.02,
    ]
    let now = gain(dry, values)
    values["lookahead"] = Double(samples) * 1000 / Self.sampleRate
    let early = gain(dry, values)
    let worst = dry.indices.map { abs(early[$0] - now[min($0 + samples, 2999)]) }.max() ?? 1
    #expect(worst < 1e-9)
  }

  /// A fractional lookahead interpolates: for a slow gain, to what the gain is between the samples.
  @Test func lookaheadByAFractionInterpolates() {
    let dry = (0..<6000).map { n -> Double in
      let envelope = 0.3 + 0.2 * sin(2 * .pi * Double(n) / 6000)
      return n % 2 == 0 ? envelope : -envelope
    }
    var values = ["threshold": -30, "ratio": 2, "attack_coefficient": 0.5, "release_coefficient": 0.5]
    let now = gain(dry, values)
    values["lookahead"] = 30.5 * 1000 / Self.sampleRate
    let early = gain(dry, values)
    for n in stride(from: 1000, to: 4000, by: 100) {
      let between = (now[n + 30] + now[n + 31]) / 2
      #expect(abs(early[n] / between - 1) < 5e-3)
    }
  }
}
