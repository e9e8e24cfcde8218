import FXChain
import FXParams
import Foundation
import TestSupport
import Testing

/// What `ParameterDescription.neutral` promises: the chain then gives back what it gets.
struct NeutralSettingTests {
  private func neutralLogits(_ chain: ChainDescription) throws -> [Double] {
    try chain.parameterSpace.logits(ofValues: chain.parameterDescriptions.map(\.neutral))
  }

  /// The largest difference from the dry sound on either channel, in parts of its largest sample.
  private func difference(_ chain: ChainDescription, dry: [Double]) throws -> Double {
    let wet = Rendering(chain, dry: dry, logits: try neutralLogits(chain))
    let peak = dry.map(abs).max() ?? 0
    return max(largestDifference(wet.left, dry), largestDifference(wet.right, dry)) / peak
  }

  /// Full scale and 20 dB above it, in swells over 40 dB: no level moves a neutral compressor.
  private let material = [0.5, 10].map { TestSignals.swells(9000, amplitude: $0) }

  @Test(arguments: [SmallChains.peak, SmallChains.lowShelf, SmallChains.highShelf])
  func bandsWithoutGainAreExact(band: BiquadBand) throws {
    for dry in material { #expect(try difference(.series(.biquad(band)), dry: dry) < 1e-12) }
  }

  @Test func compressorsAreExact() throws {
    for compressor in [
      SmallChains.compressor, SmallChains.compressorWithoutLookahead,
      CompressorExpander(compressorRatio: .init(4, 20)),
    ] {
      for dry in material { #expect(try difference(.series(.compressorExpander(compressor)), dry: dry) < 1e-12) }
    }
  }

  /// A sample is off by at most half a step of 2^-15 at 16 bits.
  @Test func crushersHaveTheirMostBits() throws {
    let dry = material[0]
    let peak = dry.map(abs).max() ?? 0
    #expect(try difference(.series(.bitCrusher(BitCrusher())), dry: dry) <= pow(2, -16) / peak * 1.001)
  }

  /// A delay at -120 dB, whose echoes add up to at most twice that and are panned by at most 3 dB; a reverb has no
  /// output at all.
  @Test func sendsAreBelowMinus110Decibels() throws {
    for dry in material {
      #expect(try difference(.sends(.pingPongDelay(SmallChains.delay)), dry: dry) < 3e-6)
      #expect(try difference(.sends(.feedbackDelayNetwork(SmallChains.reverb())), dry: dry) < 1e-12)
    }
  }

  @Test func theWholeChainWithoutPassesIsDry() throws {
    var chain = SmallChains.diffVox
    chain.series.removeAll { ["lowpass", "highpass"].contains($0.name) }
    for dry in material { #expect(try difference(chain, dry: dry) < 3e-6) }
  }

  /// Passes that are open as far as 18 kHz and 16 Hz shift phases, but change no level of a voice: less than 0.1 dB
  /// from 45 Hz to 10 kHz.
  @Test func passesKeepTheLevelsOfAVoice() throws {
    let chain = ChainDescription.diffVox
    let frequencies = (0...60).map { 45 * pow(10000 / 45, Double($0) / 60) }
    let levels = try #require(EqualiserResponse(chain)).levelsDB(
      values: chain.parameterDescriptions.map(\.neutral), frequenciesHz: frequencies)
    #expect(levels.allSatisfy { abs($0) < 0.1 }, "\(levels.map(abs).max() ?? 0)")
  }
}
