import Foundation
import NumericCore
import StyleFeatures

/// What the regression network hears of a stereo segment: 83 numbers of each of four channels, every 256 samples.
///
/// The channels are L, R, (L + R)/sqrt 2 and (L - R)/sqrt 2. Of each, for 1024 samples about sample 256 t:
/// - log(rms + 1e-8); log(peak + 1e-8) and the mean of log(|x| + 1e-8), both less log(rms + 1e-8); the channel
///   is zero beyond its ends;
/// - the logarithms of 80 mel bands, log(M + 1e-8), of the power spectrum under a periodic Hann window; HTK scale
///   from 0 to half the sample rate, triangles of height 1; the channel is reflected at its ends.
///
/// Source: arXiv 2505.11315, whose network has 332 inputs. Unchecked sendable: one caller at a time.
public final class RegressionFeatures: @unchecked Sendable {
  /// Numbers of a step: 4 (3 + 80).
  public static let rowCount = 4 * (statisticCount + bandCount)
  /// Fewest samples that can be reflected.
  public static let minimumFrameCount = windowLength / 2 + 1

  /// Samples of a segment.
  public let frameCount: Int
  /// Steps of a segment: 1 + frameCount/256.
  public let stepCount: Int

  private static let (windowLength, hop, bandCount, statisticCount) = (1024, 256, 80, 3)
  private static let floor: Float = 1e-8

  private let transform = RealFFT<Float>(count: windowLength)
  private let window = SignalBuffer<Float>(
    (0..<windowLength).map { Float(0.5 - 0.5 * cos(2 * Double.pi * Double($0) / Double(windowLength))) })
  private let bank: MelFilterbank<Float>
  /// A channel with half a window before and after it.
  private let padded: SignalBuffer<Float>
  private let frame = SignalBuffer<Float>(count: windowLength)
  private let spectrum: SignalBuffer<Float>
  private let power: SignalBuffer<Float>
  private let bands = SignalBuffer<Float>(count: bandCount)
  /// Of stretches of one hop, beginning half a window before the channel.
  private var energies: [Double]
  private var peaks: [Float]
  private var logarithms: [Double]

  /// Steps of a segment of so many samples.
  public static func stepCount(frameCount: Int) -> Int { 1 + frameCount / hop }

  /// Samples of the shortest segment with so many steps.
  public static func frameCount(steps: Int) -> Int { max(minimumFrameCount, (steps - 1) * hop) }

  /// Features of segments of one length.
  ///
  /// - Parameters:
  ///   - frameCount: samples, at least ``minimumFrameCount``.
  ///   - sampleRate: in Hz.
  public init(frameCount: Int, sampleRate: Double) {
    precondition(frameCount >= Self.minimumFrameCount, "\(frameCount) samples cannot be reflected by half a window")
    self.frameCount = frameCount
    stepCount = Self.stepCount(frameCount: frameCount)
    bank = MelFilterbank(bandCount: Self.bandCount, binCount: transform.binCount, sampleRate: sampleRate)
    padded = SignalBuffer(count: frameCount + Self.windowLength)
    spectrum = SignalBuffer(count: 2 * transform.binCount)
    power = SignalBuffer(count: transform.binCount)
    let stretches = stepCount + Self.windowLength / Self.hop - 1
    energies = [Double](repeating: 0, count: stretches)
    peaks = [Float](repeating: 0, count: stretches)
    logarithms = energies
  }

  /// - Parameters:
  ///   - left: the samples of the left channel.
  ///   - right: those of the right one, as many.
  ///   - features: overwritten, [``stepCount``][``rowCount``].
  public func compute(left: [Float], right: [Float], into features: UnsafeMutablePointer<Float>) {
    precondition(left.count == frameCount && right.count == frameCount, "The segment has another length")
    let half = Float(0.5.squareRoot())
    let signal = padded.pointer + Self.windowLength / 2
    for channel in 0..<4 {
      for n in 0..<frameCount {
        switch channel {
        case 0: signal[n] = left[n]
        case 1: signal[n] = right[n]
        case 2: signal[n] = half * (left[n] + right[n])
        default: signal[n] = half * (left[n] - right[n])
        }
      }
      let target = features + channel * (Self.statisticCount + Self.bandCount)
      writeStatistics(signal, into: target)
      writeBands(signal, into: target + Self.statisticCount)
    }
  }

  private func writeStatistics(_ signal: UnsafePointer<Float>, into target: UnsafeMutablePointer<Float>) {
    let (hop, perFrame) = (Self.hop, Self.windowLength / Self.hop)
    let silence = Double(log(Self.floor))
    for stretch in energies.indices {
      let first = (stretch - perFrame / 2) * hop
      let begin = min(max(0, first), frameCount)
      let range = begin..<max(begin, min(frameCount, first + hop))
      // What lies beyond the ends is zero.
      var (energy, peak, sum) = (0.0, Float(0), Double(hop - range.count) * silence)
      for n in range {
        let size = abs(signal[n])
        energy += Double(size) * Double(size)
        if size > peak { peak = size }
        sum += Double(log(size + Self.floor))
      }
      (energies[stretch], peaks[stretch], logarithms[stretch]) = (energy, peak, sum)
    }
    let length = Double(Self.windowLength)
    for step in 0..<stepCount {
      let frame = step..<step + perFrame
      let level = log((energies[frame].reduce(0, +) / length).squareRoot() + Double(Self.floor))
      let row = target + step * Self.rowCount
      row[0] = Float(level)
      row[1] = Float(log(Double(peaks[frame].max() ?? 0) + Double(Self.floor)) - level)
      row[2] = Float(logarithms[frame].reduce(0, +) / length - level)
    }
  }

  private func writeBands(_ signal: UnsafeMutablePointer<Float>, into target: UnsafeMutablePointer<Float>) {
    for n in 1...Self.windowLength / 2 {
      signal[-n] = signal[n]
      signal[frameCount - 1 + n] = signal[frameCount - 1 - n]
    }
    let (window, windowed, bins, power) = (window.pointer, frame.pointer, spectrum.pointer, power.pointer)
    for step in 0..<stepCount {
      let samples = padded.pointer + step * Self.hop
      for n in 0..<Self.windowLength { windowed[n] = window[n] * samples[n] }
      transform.forward(windowed, into: bins)
      for bin in 0..<transform.binCount {
        power[bin] = bins[2 * bin] * bins[2 * bin] + bins[2 * bin + 1] * bins[2 * bin + 1]
      }
      bank.forward(power, into: bands.pointer)
      let row = target + step * Self.rowCount
      for band in 0..<Self.bandCount { row[band] = log(bands[band] + Self.floor) }
    }
  }
}
