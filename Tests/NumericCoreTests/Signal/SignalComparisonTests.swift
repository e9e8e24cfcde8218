import Foundation
import NumericCore
import Testing

@Suite("Inner loops of distances")
struct SignalComparisonTests {
  private func positives(_ count: Int, seed: UInt64) -> [Double] {
    var source = RandomSource(seed: seed)
    return (0..<count).map { _ in exp(8 * source.nextNormal()) }
  }

  @Test("Sums of logarithms, whatever the count, added in parts", arguments: [1, 7, 8, 9, 64, 1001])
  func logRatios(count: Int) {
    let (first, second) = (positives(count, seed: 1), positives(count, seed: 2))
    let expected = zip(first, second).reduce(0) { $0 + abs(log($1.0 / $1.1)) }
    for part in [count, (count + 1) / 2, 1] {
      var sums = SignalComparison.LogRatios()
      first.withUnsafeBufferPointer { first in
        second.withUnsafeBufferPointer { second in
          for start in stride(from: 0, to: count, by: part) {
            sums.add(first.baseAddress! + start, second.baseAddress! + start, count: min(part, count - start))
          }
        }
      }
      #expect(abs(sums.sum - expected) <= 1e-13 * expected, "\(sums.sum) against \(expected)")
    }
  }

  @Test("Many factors of any size neither overflow nor vanish, and equal numbers give exactly 0")
  func products() {
    let count = 5000
    let (large, small) = ([Double](repeating: 1e150, count: count), [Double](repeating: 1e-150, count: count))
    var sums = SignalComparison.LogRatios()
    #expect(sums.sum == 0)
    sums.add(large, large, count: count)
    sums.add(small, small, count: count)
    #expect(sums.sum == 0)
    sums.add(large, small, count: count)
    sums.add(small, large, count: count)
    #expect(abs(sums.sum / (2 * Double(count) * 300 * log(10)) - 1) < 1e-14)
    // Ratios that differ from 1 by rounding alone count as what they are.
    var close = SignalComparison.LogRatios()
    let (ones, above) = ([Double](repeating: 1, count: count), [Double](repeating: 1 + 1e-9, count: count))
    close.add(ones, above, count: count)
    #expect(abs(close.sum / (Double(count) * 1e-9) - 1) < 1e-6)
  }

  @Test("Averages are the one-pole recursion, channel by channel, in one part or several", arguments: [300, 77, 1])
  func averages(part: Int) {
    var source = RandomSource(seed: 4)
    let count = 300
    let signals = (0..<4).map { _ in (0..<count).map { _ in source.nextNormal() } }
    let stored = signals.map { SignalBuffer($0) } + (0..<4).map { _ in SignalBuffer<Double>(count: count) }
    var state = [Double](repeating: 0, count: 8)
    for start in stride(from: 0, to: count, by: part) {
      let at = stored.map { $0.pointer + start }
      SignalComparison.averageRatios(
        predicted: (UnsafePointer(at[0]), UnsafePointer(at[1])),
        wanted: (UnsafePointer(at[2]), UnsafePointer(at[3])),
        count: min(part, count - start), floor: 0.5, coefficients: (0.2, 0.01), state: &state,
        short: (at[4], at[5]), long: (at[6], at[7]))
    }
    for channel in 0..<2 {
      var (predicted, wanted) = ([0.0, 0.0], [0.0, 0.0])
      for index in 0..<count {
        for (scale, coefficient) in [0.2, 0.01].enumerated() {
          predicted[scale] += coefficient * (max(pow(signals[channel][index], 2), 0.5) - predicted[scale])
          wanted[scale] += coefficient * (max(pow(signals[channel + 2][index], 2), 0.5) - wanted[scale])
        }
        #expect(stored[4 + channel][index] == predicted[0] / wanted[0])
        #expect(stored[6 + channel][index] == predicted[1] / wanted[1])
      }
    }
    withExtendedLifetime(stored) {}
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
    let stored = spectra.map { SignalBuffer($0) }
    let pointers = stored.map { UnsafePointer($0.pointer) }
    var comparison = SignalComparison.SpectralSums()
    withExtendedLifetime(stored) {
      for _ in 0..<2 {
        comparison.add(
          predicted: (pointers[0], pointers[1]), wanted: (pointers[2], pointers[3]), bins: bins, floor: 0.01)
      }
    }
    let sums = comparison.values
    func power(_ first: [Double], _ second: [Double], _ sign: Double, _ bin: Int) -> Double {
      let (real, imaginary) = (
        first[2 * bin] + sign * second[2 * bin], first[2 * bin + 1] + sign * second[2 * bin + 1]
      )
      return max(real * real + imaginary * imaginary, 0.01)
    }
    let zeros = [Double](repeating: 0, count: 2 * bins)
    let channels: [(Int, Int?, Double)] = [(0, nil, 0), (1, nil, 0), (0, 1, 1), (0, 1, -1)]
    for (channel, (first, second, sign)) in channels.enumerated() {
      var expected = [0.0, 0.0, 0.0]
      for bin in 0..<bins {
        let predicted = power(spectra[first], second.map { spectra[$0] } ?? zeros, sign, bin)
        let wanted = power(spectra[first + 2], second.map { spectra[$0 + 2] } ?? zeros, sign, bin)
        // The same frame twice.
        expected[0] += 2 * pow(predicted.squareRoot() - wanted.squareRoot(), 2)
        expected[1] += 2 * wanted
        expected[2] += 2 * abs(log(predicted / wanted))
      }
      for (found, value) in zip(sums[3 * channel..<3 * channel + 3], expected) {
        #expect(abs(found / value - 1) < 1e-12, "channel \(channel): \(found) against \(value)")
      }
    }
  }
}
