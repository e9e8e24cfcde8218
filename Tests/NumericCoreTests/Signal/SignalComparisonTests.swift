import Foundation
import NumericCore
import Testing

@Suite("Inner loops of distances")
struct SignalComparisonTests {
  private func positives(_ count: Int, seed: UInt64) -> [Double] {
    var source = RandomSource(seed: seed)
    return (0..<count).map { _ in exp(8 * source.nextNormal()) }
  }

  @Test("Logarithms of ratios, whatever the count and the shift", arguments: [1, 7, 8, 9, 64, 1001])
  func logRatios(count: Int) {
    let (first, second) = (positives(count, seed: 1), positives(count, seed: 2))
    for shift in [0, 1, count / 2, count, 3 * count + 1] {
      let expected = (0..<count).reduce(0) { $0 + abs(log(first[$1] / second[($1 + shift) % count])) }
      let found = SignalComparison.sumOfLogRatios(first, second, shift: shift)
      #expect(abs(found - expected) <= 1e-13 * expected, "\(found) against \(expected)")
    }
  }

  @Test("Averages are the one-pole recursion, channel by channel")
  func averages() {
    var source = RandomSource(seed: 4)
    let count = 300
    let signals = (0..<2).map { _ in (0..<2 * count).map { _ in source.nextNormal() } }
    let found = SignalComparison.averageRatios(
      predicted: signals[0], wanted: signals[1], floor: 0.5, shortCoefficient: 0.2, longCoefficient: 0.01)
    for channel in 0..<2 {
      var (predicted, wanted) = ([0.0, 0.0], [0.0, 0.0])
      for index in channel * count..<(channel + 1) * count {
        for (scale, coefficient) in [0.2, 0.01].enumerated() {
          predicted[scale] += coefficient * (max(signals[0][index] * signals[0][index], 0.5) - predicted[scale])
          wanted[scale] += coefficient * (max(signals[1][index] * signals[1][index], 0.5) - wanted[scale])
        }
        #expect(found.short[index] == predicted[0] / wanted[0])
        #expect(found.long[index] == predicted[1] / wanted[1])
      }
    }
  }

  @Test("A filter is a sum over taps, whatever the count", arguments: [1, 31, 32, 33, 100])
  func filter(count: Int) {
    let taps = positives(11, seed: 5)
    let input = positives(count + 10, seed: 6)
    var output = [Double](repeating: 0, count: count)
    SignalComparison.filter(input, count: count, taps: taps, into: &output)
    for index in 0..<count {
      #expect(output[index] == taps.indices.reduce(0) { $0 + taps[$1] * input[index + $1] })
    }
  }

  @Test("Spectra of both channels, their sum and their difference", arguments: [1, 8, 9, 65])
  func spectra(bins: Int) {
    var source = RandomSource(seed: 7)
    let spectra = (0..<4).map { _ in (0..<2 * bins).map { _ in source.nextNormal() } }
    var sums = [Double](repeating: 1, count: 12)
    let stored = spectra.map { spectrum in
      let buffer = SignalBuffer<Double>(count: spectrum.count)
      for index in spectrum.indices { buffer[index] = spectrum[index] }
      return buffer
    }
    let pointers = stored.map { UnsafePointer($0.pointer) }
    withExtendedLifetime(stored) {
      SignalComparison.addSpectra(
        predicted: (pointers[0], pointers[1]), wanted: (pointers[2], pointers[3]), bins: bins, floor: 0.01,
        to: &sums)
    }
    func power(_ first: [Double], _ second: [Double], _ sign: Double, _ bin: Int) -> Double {
      let (real, imaginary) = (
        first[2 * bin] + sign * second[2 * bin], first[2 * bin + 1] + sign * second[2 * bin + 1]
      )
      return max(real * real + imaginary * imaginary, 0.01)
    }
    let zeros = [Double](repeating: 0, count: 2 * bins)
    let channels: [(Int, Int?, Double)] = [(0, nil, 0), (1, nil, 0), (0, 1, 1), (0, 1, -1)]
    for (channel, (first, second, sign)) in channels.enumerated() {
      var expected = [1.0, 1.0, 1.0]
      for bin in 0..<bins {
        let predicted = power(spectra[first], second.map { spectra[$0] } ?? zeros, sign, bin)
        let wanted = power(spectra[first + 2], second.map { spectra[$0 + 2] } ?? zeros, sign, bin)
        expected[0] += pow(predicted.squareRoot() - wanted.squareRoot(), 2)
        expected[1] += wanted
        expected[2] += abs(log(predicted / wanted))
      }
      for (found, value) in zip(sums[3 * channel..<3 * channel + 3], expected) {
        #expect(abs(found / value - 1) < 1e-13, "channel \(channel): \(found) against \(value)")
      }
    }
  }
}
