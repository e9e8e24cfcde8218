import FXChain
import FXParams
import Foundation
import Testing

/// The curves of the equaliser and the compressor, as reports draw them.
struct CurveTests {
  private let chain = ChainDescription.diffVox

  /// Constrained values of the chain, those of a neutral logit but for the named.
  private func values(_ named: [String: Double]) throws -> [Double] {
    let space = chain.parameterSpace
    var values = space.values(ofLogits: [Double](repeating: 0, count: space.count))
    for (name, value) in named { values[try #require(space.index(of: name))] = value }
    return values
  }

  @Test func theResponseIsThatOfARenderedImpulse() throws {
    var bands = chain
    (bands.series, bands.sends) = (Array(chain.series.prefix(6)), [])
    (bands.hasCrossSends, bands.hasDirectPan) = (false, false)
    let response = try #require(EqualiserResponse(bands))
    let space = bands.parameterSpace
    let logits = (0..<space.count).map { sin(Double($0)) }
    let output = Rendering(bands, dry: TestSignals.impulse(40_000), logits: logits).left
    let frequencies = [60, 300, 1000, 4000, 9000.0]
    let levels = response.levelsDB(values: space.values(ofLogits: logits), frequenciesHz: frequencies)
    for (frequency, level) in zip(frequencies, levels) {
      #expect(abs(level - Spectrum.levelDB(output, atHz: frequency, sampleRate: 44_100)) < 1e-2, "\(frequency) Hz")
    }
  }

  @Test func theCurveHasTheRatiosAboutItsThresholds() throws {
    let curve = try #require(CompressorCurve(chain))
    let setting = try values([
      "compressor.threshold": -20, "compressor.expander_threshold": -50, "compressor.makeup": 3,
      "compressor.ratio": 4, "compressor.expander_ratio": 0.5,
    ])
    let levels = curve.outputLevelsDB(values: setting, inputLevelsDB: [-60, -40, -20, -12, 0])
    // Two decibels a decibel below the expander's threshold, one between, a quarter above the compressor's.
    for (level, expected) in zip(levels, [-67, -37, -17, -15, -12.0]) { #expect(abs(level - expected) < 1e-9) }
  }

  @Test func chainsWithoutTheEffectHaveNoCurve() {
    let bare = ChainDescription(series: [], sends: [], hasCrossSends: false)
    #expect(EqualiserResponse(bare) == nil && CompressorCurve(bare) == nil)
  }
}
