import CNumericKernels

/// Inner loops of distances between two signals. The sums are the same on every instruction set.
package enum SignalComparison {
  /// Sums over frames and bins of two stereo spectrograms P and Q: for left, right, left + right and left - right,
  /// of (|P| - |Q|)^2, |Q|^2 and |log |P|^2 - log |Q|^2|.
  package struct SpectralSums: Sendable {
    private var comparison = spectral_comparison()

    package init() {}

    /// Adds one frame, left and right each `bins` interleaved complex numbers, powers held at or above `floor`.
    @inline(__always)
    package mutating func add(
      predicted: (left: UnsafePointer<Double>, right: UnsafePointer<Double>),
      wanted: (left: UnsafePointer<Double>, right: UnsafePointer<Double>), bins: Int, floor: Double
    ) {
      comparison_spectra(predicted.left, predicted.right, wanted.left, wanted.right, bins, floor, &comparison)
    }

    /// The three sums of each of the four channels.
    package var values: [Double] {
      var comparison = comparison
      return [Double](unsafeUninitializedCapacity: 12) { sums, count in
        comparison_spectral_sums(&comparison, sums.baseAddress)
        count = 12
      }
    }
  }

  /// The sum of |log a - log b| over pairs of positive numbers.
  package struct LogRatios: Sendable {
    private var products = comparison_products()

    package init() {}

    /// Adds `count` pairs.
    package mutating func add(_ first: UnsafePointer<Double>, _ second: UnsafePointer<Double>, count: Int) {
      comparison_log_ratios(first, second, count, &products)
    }

    /// The sum of all pairs so far.
    package var sum: Double {
      var products = products
      return comparison_log_sum(&products)
    }
  }

  /// Averages the powers of `count` samples of two stereo signals, held at or above `floor`, over a short and a
  /// long time by one-pole filters, and stores the ratios prediction / target of the averages.
  ///
  /// `state` [8] holds the averages before the first sample, 0 at the start, and after the last one.
  package static func averageRatios(
    predicted: (UnsafePointer<Double>, UnsafePointer<Double>),
    wanted: (UnsafePointer<Double>, UnsafePointer<Double>), count: Int, floor: Double,
    coefficients: (short: Double, long: Double), state: UnsafeMutablePointer<Double>,
    short: (UnsafeMutablePointer<Double>, UnsafeMutablePointer<Double>),
    long: (UnsafeMutablePointer<Double>, UnsafeMutablePointer<Double>)
  ) {
    var inputs = [predicted.0, predicted.1, wanted.0, wanted.1].map(Optional.init)
    var ratios = [short.0, short.1, long.0, long.1].map(Optional.init)
    comparison_averages(&inputs, count, floor, coefficients.short, coefficients.long, state, &ratios)
  }

  /// output[i] = sum over taps of taps[tap] input[i + tap], for `count` outputs.
  package static func filter(
    _ input: UnsafePointer<Double>, count: Int, taps: [Double], into output: UnsafeMutablePointer<Double>
  ) {
    comparison_filter(input, count, taps, taps.count, output)
  }
}
