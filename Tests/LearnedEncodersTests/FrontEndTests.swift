import Foundation
import HDF5Store
import LearnedEncoders
import NumericCore
import TestSupport
import Testing

/// Resampler, mel bands and log-mel image in Double: against the authors' arrays, and against their own laws.
struct FrontEndTests {
  private func noise(_ count: Int, seed: UInt64) -> [Double] {
    var source = RandomSource(seed: seed)
    return (0..<count).map { _ in Double.random(in: -0.3...0.3, using: &source) }
  }

  private func resampled(_ signal: [Double], _ resampler: SincResampler<Double>) -> [Double] {
    var output = [Double](repeating: .nan, count: resampler.outputCount)
    resampler.forward(signal, into: &output)
    return output
  }

  @Test(.enabled(if: Reference.isAvailable, Comment(rawValue: Reference.absence)))
  func resamplerIsTorchaudios() throws {
    let file = try Reference.open("cnn14-small")
    let (shape, audio) = try file.doubles("/audio")
    let expected = try file.doubles("/resampled").values
    let resampler = SincResampler<Double>(inputCount: shape[2], inputHz: 44100, outputHz: 48000)
    let found = (0..<2).flatMap { resampled(Array(audio[$0 * shape[2]..<($0 + 1) * shape[2]]), resampler) }
    #expect(found.count == expected.count)
    #expect(largestDifference(found, expected) < 1e-12)
  }

  /// Rates up, down, equal, and with a common divisor of one; signals shorter than the filter.
  @Test(
    arguments: [(44100, 48000), (48000, 44100), (48000, 48000), (96000, 48000), (8000, 44100), (44101, 48000)],
    [1, 5, 400])
  func resamplingIsTransposed(rates: (Int, Int), count: Int) {
    let resampler = SincResampler<Double>(inputCount: count, inputHz: rates.0, outputHz: rates.1)
    #expect(resampler.outputCount == Int((Double(count) * Double(rates.1) / Double(rates.0)).rounded(.up)))
    let (signal, cotangent) = (noise(count, seed: 1), noise(resampler.outputCount, seed: 2))
    var back = [Double](repeating: .nan, count: count)
    resampler.pullback(cotangent, into: &back)
    let (first, second) = (
      zip(resampled(signal, resampler), cotangent).reduce(0) { $0 + $1.0 * $1.1 },
      zip(signal, back).reduce(0) { $0 + $1.0 * $1.1 }
    )
    #expect(abs(first - second) < 1e-12)
  }

  @Test func resamplingKeepsASine() {
    let resampler = SincResampler<Double>(inputCount: 4410, inputHz: 44100, outputHz: 48000)
    let sine = (0..<4410).map { sin(2 * Double.pi * 1000 * Double($0) / 44100) }
    let output = resampled(sine, resampler)
    for n in 200..<4600 {
      let expected = sin(2 * Double.pi * 1000 * Double(n) / 48000)
      #expect(abs(output[n] - expected) < 2e-3)
    }
  }

  @Test(.enabled(if: Reference.isAvailable, Comment(rawValue: Reference.absence)))
  func imageIsTheAuthors() throws {
    let file = try Reference.open("cnn14-small")
    let (shape, audio) = try file.doubles("/resampled")
    let weights = try file.doubles("/state/logmel_extractor.melW").values
    let levels = try file.doubles("/stages/logmel").values
    let slaney = BandMatrix<Double>(slaneyBands: 128, windowLength: 2048, sampleRate: 48000, range: 20...20000)
    let given = BandMatrix<Double>(weights.map { Float($0) }, binCount: 1025)
    // The authors' spectra have a rounding of 4e-8 of the loudest bin, whatever the bin, so that faint bins are off
    // by a hundredth: the log-mel image cannot be nearer to theirs. bandsAreTheAuthors() starts from their spectra.
    for bands in [given, slaney] {
      let image = LogMelImage<Double>(sampleCount: shape[2], windowLength: 2048, hop: 1024, bands: bands)
      #expect(image.frameCount == 71)
      for channel in 0..<2 {
        let sign = channel == 0 ? 1.0 : -1.0
        for n in 0..<shape[2] { image.signal[n] = (audio[n] + sign * audio[shape[2] + n]) / 2 }
        var pixels = [Float](repeating: .nan, count: 71 * 128)
        image.forward(into: &pixels)
        let expected = Array(levels[channel * pixels.count..<(channel + 1) * pixels.count])
        #expect(relativeNormError(image.bandPowers.map { 10 * log10(max($0, 1e-10)) }, expected) < 5e-5)
        let scaled = expected.map { 2 * (min(40, max(-80, $0)) + 80) / 120 - 1 }
        #expect(relativeNormError(pixels.map { Double($0) }, scaled) < 5e-5)
      }
    }
  }

  /// From the authors' own power spectra, where nothing is in float32 but the matrix.
  @Test(.enabled(if: Reference.isAvailable, Comment(rawValue: Reference.absence)))
  func bandsAreTheAuthors() throws {
    let file = try Reference.open("cnn14-small")
    let bands = BandMatrix<Double>(
      try file.doubles("/state/logmel_extractor.melW").values.map { Float($0) }, binCount: 1025)
    let (power, levels) = (try file.doubles("/stages/power").values, try file.doubles("/stages/logmel").values)
    for frame in 0..<2 * 71 {
      var sums = [Double](repeating: .nan, count: 128)
      bands.forward(Array(power[frame * 1025..<(frame + 1) * 1025]), into: &sums)
      let found = sums.map { 10 * log10(max($0, 1e-10)) }
      #expect(largestDifference(found, Array(levels[frame * 128..<(frame + 1) * 128])) < 1e-10)
    }
  }

  /// Silence in the middle is below the least power, where the gradient is zero.
  @Test func imagePullsBack() {
    let bands = BandMatrix<Double>(slaneyBands: 12, windowLength: 64, sampleRate: 8000, range: 50...4000)
    let count = 300
    var signal = noise(count, seed: 7)
    for n in 120..<250 { signal[n] = 0 }
    let image = LogMelImage<Double>(sampleCount: count, windowLength: 64, hop: 32, bands: bands)
    var pixels = [Float](repeating: .nan, count: image.frameCount * 12)
    let weights = noise(pixels.count, seed: 8).map { Float($0) }
    func load(_ samples: [Double]) { for n in 0..<count { image.signal[n] = samples[n] } }
    // From the powers in Double, since pixels are Float.
    func value(_ samples: [Double]) -> Double {
      load(samples)
      image.forward(into: &pixels)
      return zip(image.bandPowers, weights).reduce(0) { sum, pair in
        sum + Double(pair.1) * (2 * (min(40, max(-80, 10 * log10(max(pair.0, 1e-10)))) + 80) / 120 - 1)
      }
    }
    _ = value(signal)
    image.pullback(weights)
    let gradient = (0..<count).map { image.signal[$0] }
    #expect(gradient[185] == 0)
    checkPullback(of: value, gradient: gradient, at: signal, scale: signal.map(abs), step: 1e-5, tolerance: 1e-6)
  }
}
