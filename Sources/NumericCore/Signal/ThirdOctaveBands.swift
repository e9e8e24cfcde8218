import Foundation

/// The power of signals in third-octave bands from 25 Hz to 16 kHz (the exact bands of IEC 61260-1, base two, from
/// bins of one transform). Not thread safe: it holds workspaces.
public final class ThirdOctaveBands {
  /// The middles of the bands that lie below half the sample rate.
  public let centresHz: [Double]
  private let fft: RealFFT<Double>
  private let bands: [Range<Int>]
  private let time: SignalBuffer<Double>
  private let spectrum: SignalBuffer<Double>

  /// Bands of one length of signals. Those that are narrower than a bin are left out.
  ///
  /// - Parameters:
  ///   - frameCount: samples of the longest signal.
  ///   - sampleRate: in Hz.
  public init(frameCount: Int, sampleRate: Double) {
    let fft = RealFFT<Double>(count: FastLengths.length(atLeast: max(2, frameCount)))
    self.fft = fft
    time = SignalBuffer(count: fft.count)
    spectrum = SignalBuffer(count: 2 * fft.binCount)
    // Edges at 1000 Hz 2^((k - 1/2) / 3), from 22 Hz to half the sample rate.
    let edgesHz: [Double] = (-16...13).map { 1000 * pow(2, (Double($0) - 0.5) / 3) }
    let edges: [Int] = edgesHz.filter { $0 < sampleRate / 2 }.map { edge in
      Int((edge * Double(fft.count) / sampleRate).rounded(.up))
    }
    let whole: [Int] = edges.indices.dropLast().filter { edges[$0] < edges[$0 + 1] }
    bands = whole.map { edges[$0]..<edges[$0 + 1] }
    centresHz = whole.map { 1000 * pow(2, Double($0 - 16) / 3) }
  }

  /// The power of each band: the sum of |X|^2 over its bins, X being the unscaled transform.
  ///
  /// - Parameter signal: at most as many samples as the bands were made for.
  public func powers(_ signal: [Double]) -> [Double] {
    precondition(signal.count <= time.count, "\(signal.count) samples for bands of \(time.count)")
    time.clear()
    for (index, sample) in signal.enumerated() { time.pointer[index] = sample }
    fft.forward(time.pointer, into: spectrum.pointer)
    let bins = spectrum.pointer
    return bands.map { band in
      band.reduce(0) { $0 + bins[2 * $1] * bins[2 * $1] + bins[2 * $1 + 1] * bins[2 * $1 + 1] }
    }
  }
}
