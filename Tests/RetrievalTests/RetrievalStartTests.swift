import FXParams
import Foundation
import Inference
import NumericCore
import Retrieval
import Testing

@Suite struct RetrievalStartTests {
  /// What section 5 of the published procedure has.
  @Test func publishedStartHasThePublishedValues() throws {
    let chain = ChainDescription.diffVox
    let space = chain.parameterSpace
    let logits = PublishedStart.logits(for: chain, seed: 3)
    let values = space.values(ofLogits: logits)
    func value(_ name: String) throws -> Double { values[try #require(space.index(of: name))] }
    for (name, expected) in [
      ("peak1.gain", 0), ("peak1.frequency", 800), ("peak2.frequency", 4000), ("peak2.q", 0.707),
      ("lowshelf.frequency", 115), ("highshelf.frequency", 6000), ("lowpass.frequency", 17500),
      ("highpass.frequency", 200), ("compressor.threshold", -18), ("compressor.ratio", 2),
      ("compressor.expander_threshold", -48), ("compressor.expander_ratio", 0.5), ("compressor.makeup", 0),
      ("compressor.averaging_coefficient", 0.3), ("compressor.lookahead", 1 / 44.1),
      ("compressor.attack_coefficient", 1 - exp(-2200 / (50 * 44100.0))), ("direct.pan", 0.5),
      ("delay.time", 400), ("delay.feedback", 0.1), ("delay.gain", 0.1), ("delay.lowpass.frequency", 8000),
      ("reverb.send", 0.01), ("reverb.highshelf.frequency", 8000), ("reverb.b.3.1", 1.0 / 6),
      ("reverb.c.2.4", 0),
    ] {
      let found = try value(name)
      #expect(abs(found - expected) <= 1e-9 * max(1, abs(expected)), "\(name): \(found)")
    }
    let gammas = space.names.indices.filter { space.names[$0].hasPrefix("reverb.gamma.") }.map { values[$0] }
    #expect(gammas.count == 49 && gammas.allSatisfy { (0.4...0.6).contains($0) } && Set(gammas).count > 40)
    let mixing = space.names.indices.filter { space.names[$0].hasPrefix("reverb.w.") }.map { logits[$0] }
    #expect(mixing.count == 15 && Set(mixing).count == 15)
    #expect(PublishedStart.logits(for: chain, seed: 3) == logits)
    #expect(PublishedStart.logits(for: chain, seed: 4) != logits)
  }

  /// Other bands, other bounds: what is unknown or out of reach begins in the middle.
  @Test func otherChainsBeginInTheMiddle() throws {
    let chain = ChainDescription(
      series: [
        .biquad(BiquadBand(name: "tilt", response: .peak, frequencyHz: .init(100, 300), q: .init(1, 3))),
        .biquad(BiquadBand(name: "peak1", response: .peak, frequencyHz: .init(1000, 3000), q: .init(0.1, 3))),
      ], sends: [])
    let values = chain.parameterSpace.values(ofLogits: PublishedStart.logits(for: chain))
    let named = Dictionary(uniqueKeysWithValues: zip(chain.parameterSpace.names, values))
    #expect(named["tilt.gain"] == 0 && named["tilt.frequency"] == 200 && named["tilt.q"] == 2)
    #expect(named["peak1.gain"] == 0 && named["peak1.frequency"] == 2000)
    #expect(abs((named["peak1.q"] ?? 0) - 0.707) < 1e-12)
  }

  /// The points of a decay curve move together, nothing else does, and every parameter has a scale.
  @Test func coordinatesScaleByKind() throws {
    let chain = ChainDescription.diffVox
    let space = chain.parameterSpace
    let start = PublishedStart.logits(for: chain)
    let white = try RetrievalCoordinates.typical(of: chain, centre: start)
    #expect(white.theta([Double](repeating: 0, count: white.dimension)) == start)
    #expect(white.pinnedPositions.isEmpty)
    let factor = white.cholesky.factor
    let covariance = factor.multiplied(by: factor, transposingOther: true)
    func entry(_ a: String, _ b: String) throws -> Double {
      covariance[try #require(space.index(of: a)), try #require(space.index(of: b))]
    }
    #expect(abs(try entry("peak1.gain", "peak1.gain") - 4.5 * 4.5) < 1e-9)
    #expect(abs(try entry("peak1.gain", "peak2.gain")) < 1e-12)
    let ratio = try entry("reverb.gamma.1", "reverb.gamma.13") / entry("reverb.gamma.1", "reverb.gamma.1")
    #expect(abs(ratio - exp(-1)) < 1e-9)
  }
}
