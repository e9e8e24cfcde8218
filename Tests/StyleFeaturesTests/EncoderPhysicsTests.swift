import Foundation
import NumericCore
import StyleFeatures
import Testing

@Suite struct EncoderPhysicsTests {
  /// Before normalisation a gain moves the mean of coefficient 0 alone: the other 99 numbers keep their proportions.
  @Test func gainMovesOnlyTheMeanOfCoefficientZero() throws {
    let signal = Occasion.noise.signal
    let encoder: any StyleEncoder<Double> = try StyleEncoderKind.mfcc.makeEncoder(
      frameCount: signal.left.count, sampleRate: 44100)
    let soft = encoder.encode(signal)
    let loud = encoder.encode(signal.scaled(by: 4))
    for (soft, loud) in [(soft.mid, loud.mid), (soft.side, loud.side)] {
      let ratio = loud[1] / soft[1]
      #expect(soft.indices.dropFirst().allSatisfy { (loud[$0] - ratio * soft[$0]).magnitude < 1e-9 })
      #expect((loud[0] - ratio * soft[0]).magnitude > 0.01)
    }
  }

  @Test(arguments: StyleEncoderKind.allCases)
  func gainActsAsIfTheSamplesWereMultiplied(kind: StyleEncoderKind) throws {
    let signal = Occasion.noise.signal
    let count = signal.left.count
    let plain: any StyleEncoder<Double> = try kind.makeEncoder(frameCount: count, sampleRate: 44100)
    let gained: any StyleEncoder<Double> = try kind.makeEncoder(frameCount: count, sampleRate: 44100, gain: 3)
    let cotangent = StyleEmbedding.random(count: kind.featureCount, seed: 8)
    #expect(gained.encode(signal).largestDifference(from: plain.encode(signal.scaled(by: 3))) < 1e-9)
    let (found, expected) = (gained.pullback(cotangent), plain.pullback(cotangent).scaled(by: 3))
    #expect(zip(found.left, expected.left).allSatisfy { ($0 - $1).magnitude < 1e-9 * max(1, $1.magnitude) })
  }

  @Test func channelsExchangedNegateTheSideWhichNothingHears() throws {
    let signal = Occasion.noise.signal
    for kind in StyleEncoderKind.allCases {
      let encoder: any StyleEncoder<Double> = try kind.makeEncoder(frameCount: signal.left.count, sampleRate: 44100)
      let mirrored = StereoSignal(left: signal.right, right: signal.left)
      #expect(encoder.encode(signal).largestDifference(from: encoder.encode(mirrored)) < 1e-12)
    }
  }

  @Test(arguments: StyleEncoderKind.allCases)
  func embeddingsAreUnitVectors(kind: StyleEncoderKind) throws {
    for occasion in Occasion.allCases {
      let signal = occasion.signal
      let encoder: any StyleEncoder<Float> = try kind.makeEncoder(frameCount: signal.left.count, sampleRate: 44100)
      let embedding = encoder.encode(signal)
      for channel in [embedding.mid, embedding.side] {
        #expect((channel.reduce(0) { $0 + $1 * $1 } - 1).magnitude < 1e-12, "\(occasion)")
      }
    }
  }

  @Test(arguments: StyleEncoderKind.allCases)
  func floatAgreesWithDouble(kind: StyleEncoderKind) throws {
    // Both are given the same samples: what rounding them does to a signal's logarithms is not the encoder's affair.
    let signal = Occasion.voiceLike.signal.roundedToFloat
    let (count, cotangent) = (signal.left.count, StyleEmbedding.random(count: kind.featureCount, seed: 8))
    let single: any StyleEncoder<Float> = try kind.makeEncoder(frameCount: count, sampleRate: 44100)
    let double: any StyleEncoder<Double> = try kind.makeEncoder(frameCount: count, sampleRate: 44100)
    #expect(single.encode(signal).largestDifference(from: double.encode(signal)) < 1e-5)
    let (found, expected) = (single.pullback(cotangent), double.pullback(cotangent))
    let error = zip(found.left + found.right, expected.left + expected.right).reduce(0) {
      $0 + ($1.0 - $1.1) * ($1.0 - $1.1)
    }
    let norm = (expected.left + expected.right).reduce(0) { $0 + $1 * $1 }
    #expect((error / norm).squareRoot() < 1e-3)
  }

  // MARK: - Descriptors before their statistics

  private let grid = FrameGrid(sampleCount: 6144)

  private func descriptors(_ signal: [Double]) -> [[Double]] {
    let embedding = TemporalEmbedding(featureCount: MIR.descriptorCount, frameCount: grid.count)
    WaveformDescriptors(grid: grid).forward(signal, into: embedding)
    SpectralDescriptors(grid: grid).forward(signal, into: embedding)
    return (0..<MIR.descriptorCount).map { feature in
      (0..<grid.count).map { embedding.series(feature: feature)[$0] }
    }
  }

  /// A sine of 100 periods a frame: its spectrum has three bins, 1/2 and 1/4 on either side.
  @Test func sineHasTheLevelAndTheCentroidOfASine() {
    let (soft, loud) = (
      descriptors(sine(6144, frequency: 100 / 2048, amplitude: 0.1)),
      descriptors(sine(6144, frequency: 100 / 2048, amplitude: 0.7))
    )
    for frame in 0..<grid.count {
      #expect((soft[MIR.logRMS][frame] - log(0.1 / 2.0.squareRoot())).magnitude < 1e-6)
      #expect((loud[MIR.logRMS][frame] - soft[MIR.logRMS][frame] - log(7)).magnitude < 1e-6)
      // The crest of a sine is sqrt 2, and mean log |sin| = -log 2.
      #expect((loud[MIR.logCrest][frame] - 0.5 * log(2)).magnitude < 1e-3)
      #expect((loud[MIR.logSpread][frame] + 0.5 * log(2)).magnitude < 0.02)
      #expect((exp(loud[MIR.logCentroid][frame]) - 100 / 1024).magnitude < 1e-7)
      // Variance (1/4 + 1/4)/2 bins.
      let variance = 0.5 / 1024 / 1024
      #expect((loud[MIR.logBandwidth][frame] - 0.5 * log(variance + 1e-8)).magnitude < 1e-5)
    }
  }

  @Test func flatnessIsOneForAClickAndSmallForASine() {
    var clicks = [Double](repeating: 0, count: 6144)
    for index in stride(from: 1024, to: 6144, by: 1024) { clicks[index + 0] = 0.5 }
    // A frame sees one click in its middle; the other lies where the window is zero.
    #expect(descriptors(clicks)[MIR.logFlatness].allSatisfy { $0.magnitude < 1e-9 })
    #expect(descriptors(sine(6144, frequency: 100 / 2048))[MIR.logFlatness].allSatisfy { $0 < -10 })
  }

  @Test func silenceHasTheFloorsAsItsDescriptors() {
    let silence = descriptors(Array(repeating: 0, count: 6144))
    for (feature, expected) in [log(1e-8), 0, 0, log(1e-8), 0.5 * log(1e-8), 0].enumerated() {
      #expect(silence[feature].allSatisfy { ($0 - expected).magnitude < 1e-12 }, "descriptor \(feature)")
    }
  }
}
