import FXParams
import Foundation
import Testing

/// Equaliser bands measured as an engineer would: by the level of their impulse response's spectrum.
struct FilterPhysicsTests {
  /// Level in dB at a frequency of a band with these values.
  private func levelDB(
    _ response: BiquadBand.Response, _ values: [String: Double], atHz frequencyHz: Double,
    sampleRate: Double = 44100
  ) -> Double {
    let band = BiquadBand(
      name: "band", response: response, frequencyHz: .init(10, 20_000),
      q: response.requiresQ ? .init(0.1, 30) : nil)
    let chain = ChainDescription.series(.biquad(band), sampleRate: sampleRate)
    let named = Dictionary(uniqueKeysWithValues: values.map { ("band.\($0)", $1) })
    let output = Rendering(chain, dry: TestSignals.impulse(40_000), logits: chain.logits(named)).left
    return Spectrum.levelDB(output, atHz: frequencyHz, sampleRate: sampleRate)
  }

  @Test(arguments: [100, 1000, 8000.0], [44100, 48000.0])
  func passFiltersLoseThreeDecibelsAtTheCutoff(_ cutoffHz: Double, sampleRate: Double) {
    for response in [BiquadBand.Response.lowPass, .highPass] {
      let values = ["frequency": cutoffHz, "q": 0.5.squareRoot()]
      #expect(abs(levelDB(response, values, atHz: cutoffHz, sampleRate: sampleRate) + 3.0103) < 1e-3)
    }
  }

  /// At its cut-off a resonant filter has the level of its Q.
  @Test(arguments: [0.5, 1, 4.0]) func resonanceIsQ(_ q: Double) {
    for response in [BiquadBand.Response.lowPass, .highPass] {
      #expect(abs(levelDB(response, ["frequency": 1000, "q": q], atHz: 1000) - 20 * log10(q)) < 1e-3)
    }
  }

  @Test func passFiltersFallTwelveDecibelsAnOctave() {
    let values = ["frequency": 1000, "q": 0.707]
    let low = levelDB(.highPass, values, atHz: 62.5) - levelDB(.highPass, values, atHz: 31.25)
    #expect(abs(low - 12.04) < 0.05)
    // The bilinear transform steepens the upper end: look far below Nyquist.
    let lowPass = ["frequency": 100, "q": 0.707]
    let high = levelDB(.lowPass, lowPass, atHz: 1000) - levelDB(.lowPass, lowPass, atHz: 2000)
    #expect(abs(high - 12.04) < 0.15)
    #expect(abs(levelDB(.lowPass, values, atHz: 20)) < 0.01)
    #expect(abs(levelDB(.highPass, values, atHz: 20_000)) < 0.01)
  }

  @Test(arguments: [-18, -3, 0, 6, 12.0]) func peakHasItsGainAtItsFrequency(_ gain: Double) {
    for (frequency, q) in [(100, 0.5), (1000, 2), (5000, 10)] as [(Double, Double)] {
      let values = ["gain": gain, "frequency": frequency, "q": q]
      #expect(abs(levelDB(.peak, values, atHz: frequency) - gain) < 1e-3)
      #expect(abs(levelDB(.peak, ["gain": gain, "frequency": 1000, "q": 10], atHz: 30)) < 0.01)
    }
  }

  /// Half the gain (in dB) half a bandwidth away, with Q = frequency / bandwidth.
  @Test func peakBandwidthFollowsQ() {
    let (gain, frequency, q) = (12.0, 500.0, 4.0)
    let halfBandwidth = 1 / (2 * q)
    let above = frequency * ((1 + halfBandwidth * halfBandwidth).squareRoot() + halfBandwidth)
    let level = levelDB(.peak, ["gain": gain, "frequency": frequency, "q": q], atHz: above)
    #expect(abs(level - gain / 2) < 0.05)
  }

  @Test(arguments: [-12, -3, 6, 15.0]) func shelvesReachTheirGain(_ gain: Double) {
    let low = ["gain": gain, "frequency": 200.0]
    #expect(abs(levelDB(.lowShelf, low, atHz: 2) - gain) < 0.01)
    #expect(abs(levelDB(.lowShelf, low, atHz: 200) - gain / 2) < 1e-3)
    #expect(abs(levelDB(.lowShelf, low, atHz: 15_000)) < 0.01)
    let high = ["gain": gain, "frequency": 3000.0]
    #expect(abs(levelDB(.highShelf, high, atHz: 21_900) - gain) < 0.01)
    #expect(abs(levelDB(.highShelf, high, atHz: 3000) - gain / 2) < 1e-3)
    #expect(abs(levelDB(.highShelf, high, atHz: 50)) < 0.01)
  }
}

/// Spectra of test signals, one bin at a time.
enum Spectrum {
  static func levelDB(_ signal: [Double], atHz frequencyHz: Double, sampleRate: Double) -> Double {
    let omega = 2 * .pi * frequencyHz / sampleRate
    var (re, im) = (0.0, 0.0)
    for (n, sample) in signal.enumerated() {
      re += sample * cos(omega * Double(n))
      im -= sample * sin(omega * Double(n))
    }
    return 10 * log10(re * re + im * im)
  }
}
