import Foundation
import NumericCore
import StyleFeatures
import Testing

/// The layout of the `summary` encoder, by hand: 64 bands of 5, 40 of the envelope and 16 of decays; then 64 of 3.
@Suite("What the summary encoder measures")
struct SummaryEncoderTests {
  private let sampleRate = 44100.0
  private let count = 3 * 44100
  private let channelCount = 64 * 5 + 40 + 16

  private func describe<Scalar: SignalScalar>(
    _ left: [Double], _ right: [Double], gain: Double = 1, as _: Scalar.Type
  ) throws -> StyleEmbedding {
    let encoder: any StyleEncoder<Scalar> = try StyleEncoderKind.summary.makeEncoder(
      frameCount: left.count, sampleRate: sampleRate, gain: gain)
    return try encoder.encode(left: left.map { Scalar($0) }, right: right.map { Scalar($0) })
  }

  private func describe(_ left: [Double], _ right: [Double]) throws -> StyleEmbedding {
    try describe(left, right, as: Double.self)
  }

  private func noise(seed: UInt64) -> [Double] {
    var source = RandomSource(seed: seed)
    return (0..<count).map { _ in 0.1 * source.nextNormal() }
  }

  @Test func sizesAreThoseOfTheKind() throws {
    let found = try describe(noise(seed: 1), noise(seed: 2))
    let kind = StyleEncoderKind.summary
    #expect(found.mid.count == channelCount && found.side.count == channelCount + 3 * 64)
    #expect(kind.featureCount == found.mid.count && kind.sideFeatureCount == found.side.count)
    #expect(kind.isDescription && !StyleEncoderKind.mfcc.isDescription)
    #expect(StyleEncoders.describing["summary"] == kind && StyleEncoders.standard["summary"] == nil)
    #expect((found.mid + found.side).allSatisfy { $0.isFinite })
  }

  @Test func aGainMovesLevelsByItsDecibelsAndNothingElse() throws {
    let (left, right) = (noise(seed: 1), noise(seed: 2))
    let soft = try describe(left, right)
    let loud = try describe(left.map { 4 * $0 }, right.map { 4 * $0 })
    // Mean and percentiles of the bands, and the levels of the envelope.
    func isLevel(_ index: Int) -> Bool { index < 320 ? [0, 3, 4].contains(index % 5) : index < 329 }
    for channel in [(soft.mid, loud.mid), (soft.side, loud.side)] {
      for index in channel.0.indices {
        let expected = isLevel(index) ? 20 * log10(4.0) : 0.0
        #expect(abs(channel.1[index] - channel.0[index] - expected) < 1e-6, "number \(index)")
      }
    }
    let gained = try describe(left, right, gain: 4, as: Double.self)
    #expect(zip(gained.mid, loud.mid).allSatisfy { abs($0 - $1) < 1e-9 })
  }

  @Test func percentilesAndMomentsAreThoseOfTheLevels() throws {
    // Stationary noise of one channel alone: mid and side are equal, fully correlated with what is on the left.
    let found = try describe(noise(seed: 3), [Double](repeating: 0, count: count))
    let bands = (20..<64).map { Array(found.mid[5 * $0..<5 * $0 + 5]) }
    for band in bands {
      #expect(band[3] < band[0] && band[0] < band[4] && band[1] > 0)
    }
    // Powers of few bins are about exponential, whose logarithm is skewed to the left.
    let skewness = bands.reduce(0) { $0 + $1[2] } / Double(bands.count)
    #expect(skewness < -0.1, "\(skewness)")
    #expect(zip(found.mid, found.side).allSatisfy { abs($0 - $1) < 1e-9 })
    for band in 0..<64 {
      let image = found.side[channelCount + 3 * band..<channelCount + 3 * band + 3].map { $0 }
      #expect(image[1] > 60, "all on the left")
      #expect(image[2] < 1e-6, "and always there")
    }
  }

  @Test func theImageTellsLevelsCorrelationAndChangesOfSide() throws {
    let common = noise(seed: 4)
    func image(_ left: [Double], _ right: [Double]) throws -> [[Double]] {
      let side = try describe(left, right).side
      return (20..<60).map { Array(side[channelCount + 3 * $0..<channelCount + 3 * $0 + 3]) }
    }
    for band in try image(common.map { 2 * $0 }, common) {
      #expect(abs(band[0] - 1) < 1e-6 && abs(band[1] - 20 * log10(2)) < 1e-6 && band[2] < 1e-6)
    }
    for band in try image(common, common.map { -$0 }) { #expect(abs(band[0] + 1) < 1e-6) }
    let apart = try image(common, noise(seed: 5)).map { $0[0] }
    #expect(abs(apart.reduce(0, +) / Double(apart.count)) < 0.1)
    // One side, then the other, every quarter of a second.
    let onLeft = common.indices.map { ($0 / 11025).isMultiple(of: 2) ? common[$0] : 0 }
    let onRight = common.indices.map { ($0 / 11025).isMultiple(of: 2) ? 0 : common[$0] }
    for band in try image(onLeft, onRight) { #expect(band[2] > 0.8) }
  }

  @Test func echoesAndDecaysAreSeen() throws {
    // A burst every 0.4 s that falls by 60 dB in 0.3 s, or in 1.2 s.
    func bursts(_ decaySeconds: Double) -> [Double] {
      var source = RandomSource(seed: 6)
      return (0..<count).map { index in
        let time = (Double(index) / sampleRate).truncatingRemainder(dividingBy: 0.4)
        return 0.3 * source.nextNormal() * pow(10, -3 * time / decaySeconds)
      }
    }
    let (short, long) = (try describe(bursts(0.3), bursts(0.3)), try describe(bursts(1.2), bursts(1.2)))
    // Lags 0.1 + 0.06 i seconds: the envelope repeats at 0.4 s.
    let lags = Array(short.mid[320 + 24..<320 + 40])
    #expect(lags.indices.max { lags[$0] < lags[$1] } == 5 && lags[5] > 0.5)
    // 60 dB in 0.3 s and in 1.2 s are 4.6 and 1.2 dB per frame of 23 ms.
    for band in 3..<8 {
      let (fast, slow) = (short.mid[361 + 2 * band], long.mid[361 + 2 * band])
      #expect(fast < -4 && fast < slow - 2, "\(fast) and \(slow)")
    }
  }

  @Test func silenceIsFiniteAndAMonoSignalHasASilentSide() throws {
    let silence = [Double](repeating: 0, count: count)
    let nothing = try describe(silence, silence)
    #expect((nothing.mid + nothing.side).allSatisfy { $0.isFinite })
    let mono = try describe(noise(seed: 7), noise(seed: 7))
    #expect((mono.mid + mono.side).allSatisfy { $0.isFinite })
    let loudest = mono.mid.prefix(320).max() ?? 0
    #expect(mono.side[0] < loudest - 80)
  }

  @Test func floatAgreesWithDoubleAndChannelsExchangedNegateTheLevelDifference() throws {
    let (left, right) = (noise(seed: 8).map { Double(Float($0)) }, noise(seed: 9).map { Double(Float($0)) })
    let exact = try describe(left, right)
    let float = try describe(left, right, as: Float.self)
    #expect(zip(exact.mid, float.mid).allSatisfy { abs($0 - $1) < 2e-3 })
    #expect(zip(exact.side, float.side).allSatisfy { abs($0 - $1) < 2e-3 })
    let mirrored = try describe(right, left)
    #expect(zip(exact.mid, mirrored.mid).allSatisfy { abs($0 - $1) < 1e-6 })
    for band in 0..<64 {
      let index = channelCount + 3 * band
      #expect(abs(exact.side[index + 1] + mirrored.side[index + 1]) < 1e-6)
      #expect(abs(exact.side[index] - mirrored.side[index]) < 1e-6)
    }
  }

  @Test func itIsRefusedWhereStylesAreCompared() throws {
    #expect(throws: StyleEncoderError.noGradient(encoder: "summary")) {
      try StyleEncoderKind.summary.requireStyle()
    }
    try StyleEncoderKind.mfcc.requireStyle()
    let short = 44100
    #expect(throws: StyleEncoderError.self) {
      let _: any StyleEncoder<Float> = try StyleEncoderKind.summary.makeEncoder(
        frameCount: short, sampleRate: sampleRate)
    }
  }
}
