import Foundation
import NumericCore
import StyleFeatures
import TestSupport
import Testing

@Suite struct TemporalMomentsTests {
  @Test func momentsOfAKnownSeries() {
    // Bernoulli with p = 1/4: skewness (1 - 2p)/sqrt(pq), excess kurtosis (1 - 6pq)/(pq).
    let moments = TemporalMoments(of: [1, 0, 0, 0], count: 4)
    let pq = 3.0 / 16
    #expect((moments.mean - 0.25).magnitude < 1e-15)
    #expect((moments.deviation - pq.squareRoot()).magnitude < 1e-15)
    #expect((moments.skewness - 0.5 / pq.squareRoot()).magnitude < 1e-14)
    #expect((moments.excessKurtosis - (1 - 6 * pq) / pq).magnitude < 1e-14)
  }

  @Test func pullbackMeetsCentralDifferences() {
    let cotangent = [0.3, -1.2, 0.7, 0.4]
    // The last series lies below the floor of the deviation.
    for scale in [1, 1e3, 1e-3, 3e-9] {
      let series = noise(40, amplitude: scale, seed: 5)
      var gradient = [Double](repeating: .nan, count: series.count)
      TemporalMoments(of: series, count: 40).pullback(cotangent, series: series, count: 40, into: &gradient)
      checkPullback(
        of: { point in
          let moments = TemporalMoments(of: point, count: 40)
          let values = [moments.mean, moments.deviation, moments.skewness, moments.excessKurtosis]
          return zip(values, cotangent).reduce(0) { $0 + $1.0 * $1.1 }
        },
        gradient: gradient, at: series, scale: series.map(\.magnitude), "scale \(scale)")
    }
  }

  @Test func constantSeriesHasNoSpreadAndAFiniteGradient() {
    let series = [Double](repeating: log(1e-8), count: 7)
    let moments = TemporalMoments(of: series, count: 7)
    #expect(moments.mean == log(1e-8) && moments.deviation == 0)
    #expect(moments.skewness == 0 && moments.excessKurtosis == -3)
    var gradient = [Double](repeating: .nan, count: 7)
    moments.pullback([1, 1, 1, 1], series: series, count: 7, into: &gradient)
    #expect(gradient.allSatisfy { ($0 - 1 / 7).magnitude < 1e-15 })
  }
}

@Suite struct CosineTransformTests {
  private let transform = CosineTransform(inputCount: 128, outputCount: 25)

  private func forward(_ input: [Double]) -> [Double] {
    var output = [Double](repeating: .nan, count: 25)
    transform.forward(input, into: &output, stride: 1)
    return output
  }

  @Test func meetsTheDefinition() {
    let input = noise(128, seed: 6)
    for (index, value) in forward(input).enumerated() {
      let sum = input.enumerated().reduce(0) {
        $0 + $1.1 * cos(Double.pi * Double(index) * (Double($1.0) + 0.5) / 128)
      }
      #expect((value - sum * (index == 0 ? 1.0 / 128 : 2.0 / 128).squareRoot()).magnitude < 1e-13)
    }
  }

  @Test func pullbackIsTheTranspose() {
    let (input, cotangent) = (noise(128, seed: 6), noise(25, seed: 7))
    var result = [Double](repeating: .nan, count: 128)
    transform.pullback(cotangent, stride: 1, into: &result)
    let first = zip(forward(input), cotangent).reduce(0) { $0 + $1.0 * $1.1 }
    let second = zip(input, result).reduce(0) { $0 + $1.0 * $1.1 }
    #expect((first - second).magnitude < 1e-13)
  }
}

@Suite struct MelFilterbankTests {
  private let bank = MelFilterbank<Double>(bandCount: 128, binCount: 1025, sampleRate: 44100)

  private func response(bin: Int) -> [Double] {
    var power = [Double](repeating: 0, count: 1025)
    power[bin] = 1
    var bands = [Double](repeating: .nan, count: 128)
    bank.forward(power, into: &bands)
    return bands
  }

  /// The corners follow from mel = 2595 log10(1 + f/700) alone.
  @Test(arguments: [0, 1, 2, 10, 100, 1000, 1024])
  func filtersAreTrianglesInHertz(bin: Int) {
    let top = 2595 * log10(1 + 22050.0 / 700)
    let corners = (0..<130).map { 700 * (pow(10, top * Double($0) / 129 / 2595) - 1) }
    let frequency = 22050 * Double(bin) / 1024
    for (band, weight) in response(bin: bin).enumerated() {
      let up = (frequency - corners[band]) / (corners[band + 1] - corners[band])
      let down = (corners[band + 2] - frequency) / (corners[band + 2] - corners[band + 1])
      #expect((weight - max(0, min(up, down))).magnitude < 1e-12, "band \(band)")
    }
  }

  @Test func pullbackIsTheTranspose() {
    let (power, cotangent) = (noise(1025, seed: 6).map(\.magnitude), noise(128, seed: 7))
    var bands = [Double](repeating: .nan, count: 128)
    var result = [Double](repeating: .nan, count: 1025)
    bank.forward(power, into: &bands)
    bank.pullback(cotangent, into: &result)
    let first = zip(bands, cotangent).reduce(0) { $0 + $1.0 * $1.1 }
    let second = zip(power, result).reduce(0) { $0 + $1.0 * $1.1 }
    #expect((first - second).magnitude < 1e-12)
  }
}
