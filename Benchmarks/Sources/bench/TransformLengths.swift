import Foundation
import NumericCore

/// Times real transforms of all even lengths without prime factors above 7, and prints the table of
/// `NumericCore/Signal/FastLengths.swift`: those than which no longer one takes less.
///
/// Run: swift run --package-path Benchmarks -c release bench lengths FIRST LAST ROUNDS
func transformLengths(from first: Int, through last: Int, rounds: Int) {
  let lengths = stride(from: first + first % 2, through: last, by: 2).filter(FastLengths.isSmooth)
  var least = [Double](repeating: .infinity, count: lengths.count)
  let clock = ContinuousClock()
  // Round by round over all lengths, so that a slow moment of the machine does not meet one length alone.
  for _ in 0..<rounds {
    for (index, length) in lengths.enumerated() {
      let transform = RealFFT<Float>(count: length)
      let samples = SignalBuffer<Float>(count: length)
      let spectrum = SignalBuffer<Float>(count: 2 * transform.binCount)
      // The first time pages are fetched.
      for repetition in 0..<3 {
        let time = clock.measure {
          transform.forward(samples.pointer, into: spectrum.pointer)
          transform.inverseDestroying(spectrum.pointer, into: samples.pointer)
        }
        if repetition > 0 { least[index] = min(least[index], time / .milliseconds(2)) }
      }
    }
  }
  var fastest = Double.infinity
  var front: [(length: Int, milliseconds: Double)] = []
  for (length, time) in zip(lengths, least).reversed() where time < fastest {
    fastest = time
    front.append((length, time))
  }
  for (length, time) in front.reversed() { print(String(format: "%8d  %.3f ms", length, time)) }
}
