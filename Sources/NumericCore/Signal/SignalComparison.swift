import CNumericKernels

/// Inner loops of distances between two signals. The sums are the same on every instruction set.
package enum SignalComparison {
  /// Compares the spectra of one frame of two stereo signals, left and right each `bins` interleaved complex
  /// numbers.
  ///
  /// For left, right, left + right and left - right, in this order, adds to `sums` [12] the sums over bins of
  /// (|P| - |Q|)^2, |Q|^2 and |log |P|^2 - log |Q|^2|, powers held at or above `floor`.
  @inline(__always)
  package static func addSpectra(
    predicted: (left: UnsafePointer<Double>, right: UnsafePointer<Double>),
    wanted: (left: UnsafePointer<Double>, right: UnsafePointer<Double>), bins: Int, floor: Double,
    to sums: UnsafeMutablePointer<Double>
  ) {
    comparison_spectra(predicted.left, predicted.right, wanted.left, wanted.right, bins, floor, sums)
  }

  /// Averages the powers of two stereo signals [2, count], held at or above `floor`, over a short and a long time
  /// by one-pole filters, and gives the ratios prediction / target of the averages, [2, count] each.
  package static func averageRatios(
    predicted: [Double], wanted: [Double], floor: Double, shortCoefficient: Double, longCoefficient: Double
  ) -> (short: [Double], long: [Double]) {
    precondition(
      predicted.count == wanted.count && predicted.count.isMultiple(of: 2),
      "\(predicted.count) and \(wanted.count) samples of two channels")
    let count = predicted.count
    var long: [Double] = []
    let short = [Double](unsafeUninitializedCapacity: count) { short, initialised in
      long = [Double](unsafeUninitializedCapacity: count) { long, initialised in
        if count > 0 {
          comparison_averages(
            predicted, wanted, count / 2, floor, shortCoefficient, longCoefficient, short.baseAddress,
            long.baseAddress)
        }
        initialised = count
      }
      initialised = count
    }
    return (short, long)
  }

  /// The sum of |log(first[i] / second[i + shift])|, the second array taken cyclically.
  package static func sumOfLogRatios(_ first: [Double], _ second: [Double], shift: Int) -> Double {
    precondition(first.count == second.count && !first.isEmpty, "\(first.count) and \(second.count) numbers")
    let start = shift % first.count
    let rest = first.count - start
    return first.withUnsafeBufferPointer { first in
      second.withUnsafeBufferPointer { second in
        comparison_log_ratios(first.baseAddress, second.baseAddress! + start, rest)
          + comparison_log_ratios(first.baseAddress! + rest, second.baseAddress, start)
      }
    }
  }

  /// output[i] = sum over taps of taps[tap] input[i + tap], for `count` outputs.
  package static func filter(
    _ input: UnsafePointer<Double>, count: Int, taps: [Double], into output: UnsafeMutablePointer<Double>
  ) {
    comparison_filter(input, count, taps, taps.count, output)
  }
}
