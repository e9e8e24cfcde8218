import Foundation
package import NumericCore

/// Resampling by a windowed sinc, as torchaudio's `functional.resample` with its defaults, and its transpose.
///
/// With o and n the rates divided by their common divisor and b = 0.99 min(o, n), output n k + j is sum_i h_j[i]
/// x[o k + i], h_j[i] = (b/o) cos^2(pi u/12) sinc(u), u = b (i/o - j/n), over the i with |u| < 6; what lies outside
/// the signal is 0. The kernel is made in Double, as that of float32 code is off by up to 1e-5.
///
/// Not the resampler of `AudioFiles`: an encoder was trained on this filter, and a longer one gives other
/// embeddings.
package struct SincResampler<Scalar: SignalScalar>: Sendable {
  /// Samples that go in.
  package let inputCount: Int
  /// Samples that come out: ceil(n inputCount / o).
  package let outputCount: Int

  /// Taps of one of the n phases, from the sample `first` on, relative to o k.
  private struct Phase: Sendable {
    let first: Int
    let taps: [Scalar]
  }

  private static var halfWidth: Double { 6 }
  private static var rolloff: Double { 0.99 }

  private let inputStep: Int
  private let phases: [Phase]

  /// - Parameters:
  ///   - inputCount: samples that go in.
  ///   - inputHz: their rate, an integer number of Hz.
  ///   - outputHz: the rate of what comes out, likewise.
  /// - Precondition: rates are positive.
  package init(inputCount: Int, inputHz: Int, outputHz: Int) {
    precondition(inputHz > 0 && outputHz > 0, "Rates of \(inputHz) and \(outputHz) Hz cannot be resampled")
    let divisor = greatestCommonDivisor(inputHz, outputHz)
    let (o, n) = (inputHz / divisor, outputHz / divisor)
    self.inputCount = inputCount
    inputStep = o
    outputCount = Self.outputCount(of: inputCount, inputHz: inputHz, outputHz: outputHz)
    let b = Self.rolloff * Double(min(o, n))
    phases = (0..<n).map { j in
      // Where u = b (i/o - j/n) is within the window.
      let centre = Double(j) * Double(o) / Double(n)
      let reach = Self.halfWidth * Double(o) / b
      let indices = Int((centre - reach).rounded(.up))...Int((centre + reach).rounded(.down))
      let taps = indices.map { i in
        let u = b * (Double(i) / Double(o) - Double(j) / Double(n))
        let window = cos(.pi * u / (2 * Self.halfWidth))
        let sinc = u == 0 ? 1 : sin(.pi * u) / (.pi * u)
        return Scalar(b / Double(o) * window * window * sinc)
      }
      return Phase(first: indices.lowerBound, taps: o == n ? [1] : taps)
    }
  }

  /// Samples that come out of `count`.
  package static func outputCount(of count: Int, inputHz: Int, outputHz: Int) -> Int {
    let divisor = greatestCommonDivisor(inputHz, outputHz)
    let (o, n) = (inputHz / divisor, outputHz / divisor)
    return (n * count + o - 1) / o
  }

  /// Overwrites `output`, of ``outputCount`` samples.
  package func forward(_ input: UnsafePointer<Scalar>, into output: UnsafeMutablePointer<Scalar>) {
    eachOutput { index, first, taps, used in
      var sum: Scalar = 0
      for tap in used { sum += taps[tap] * input[first + tap] }
      output[index] = sum
    }
  }

  /// Overwrites `input`, of ``inputCount`` samples, by the cotangent that that of the output gives.
  package func pullback(_ output: UnsafePointer<Scalar>, into input: UnsafeMutablePointer<Scalar>) {
    input.update(repeating: 0, count: inputCount)
    eachOutput { index, first, taps, used in
      let cotangent = output[index]
      for tap in used { input[first + tap] += taps[tap] * cotangent }
    }
  }

  /// Gives every output with the taps that fall on samples that there are: sample `first + tap` for a tap.
  @inline(__always)
  private func eachOutput(
    _ body: (_ index: Int, _ first: Int, _ taps: UnsafePointer<Scalar>, _ used: Range<Int>) -> Void
  ) {
    var (index, start) = (0, 0)
    while index < outputCount {
      for phase in phases {
        guard index < outputCount else { return }
        phase.taps.withUnsafeBufferPointer { taps in
          guard let base = taps.baseAddress else { return }
          let first = start + phase.first
          let low = max(0, -first)
          body(index, first, base, low..<max(low, min(taps.count, inputCount - first)))
        }
        index += 1
      }
      start += inputStep
    }
  }
}

private func greatestCommonDivisor(_ first: Int, _ second: Int) -> Int {
  var (first, second) = (first, second)
  while second != 0 { (first, second) = (second, first % second) }
  return first
}
