import Foundation
import Inference
import NumericCore

/// Finds where echoes may be in the path from a dry recording to a processed one.
///
/// The path is taken for linear: its response to each channel is the ratio of the cross-spectrum to the dry
/// spectrum, both summed over chunks (the H1 estimate of Bendat and Piersol, "Random data", section 6.1), where the
/// dry spectrum is held up in its gaps. An echo is a spike of the response's envelope above its surroundings, which
/// a reverb fills evenly.
public struct EchoFinder: Sendable {
  /// A spike.
  public struct Spike: Sendable, Hashable {
    /// Time after the direct sound, in samples.
    public let delaySamples: Double
    /// How far it stands above the median of its surroundings, as a ratio of amplitudes.
    public let prominence: Double
  }

  /// Responses are smoothed over so many seconds.
  private static let smoothingSeconds = 0.001
  /// Length of a block, of which the greatest counts.
  private static let blockSeconds = 0.00025
  /// Blocks to each side that are a spike's surroundings: 20 ms.
  private static let surroundings = 80
  /// Bins to each side over which the dry spectrum is smoothed to hold its gaps.
  private static let spectralSmoothing = 2048

  /// The most prominent spikes, the greatest first.
  ///
  /// - Parameters:
  ///   - chunks: all of one length.
  ///   - sampleRate: in Hz.
  ///   - range: delays in samples.
  ///   - count: spikes at most.
  public static func spikes(
    in chunks: [RetrievalChunk], sampleRate: Double, range: ClosedRange<Double>, count: Int
  ) -> [Spike] {
    let block = max(1, Int(blockSeconds * sampleRate))
    let reach = Int(smoothingSeconds * sampleRate) / 2
    let first = max(1, Int(range.lowerBound) / block)
    let last = Int(range.upperBound) / block
    guard !chunks.isEmpty, first <= last else { return [] }
    let energy = energy(of: chunks, count: (last + surroundings + 1) * block)
    let envelope = runningMean(energy, reach: reach).map { $0.squareRoot() }
    let blocks = stride(from: 0, to: envelope.count - block + 1, by: block).map { start in
      envelope[start..<start + block].max() ?? 0
    }
    var heights = (0..<blocks.count).map { index -> Double in
      guard (first...last).contains(index) else { return 0 }
      let near = blocks[max(0, index - surroundings)...min(index + surroundings, blocks.count - 1)].sorted()
      let median = near[near.count / 2]
      return median > 0 ? blocks[index] / median : 0
    }
    var spikes: [Spike] = []
    while spikes.count < count, let top = heights.indices.max(by: { heights[$0] < heights[$1] }), heights[top] > 1 {
      // Smoothing tells a spike from others, and blurs where it is.
      let near = max(0, top * block - reach)...min((top + 1) * block + reach, energy.count - 1)
      let peak = near.max { energy[$0] < energy[$1] } ?? top * block
      spikes.append(Spike(delaySamples: Double(peak), prominence: heights[top]))
      // Its flanks are no spikes of their own.
      for index in max(0, top - surroundings / 4)...min(top + surroundings / 4, heights.count - 1) {
        heights[index] = 0
      }
    }
    return spikes
  }

  /// The energy of the response, both channels together.
  private static func energy(of chunks: [RetrievalChunk], count: Int) -> [Double] {
    let cross = CrossSpectrum(atLeast: max(2 * chunks[0].dry.count, 2 * count))
    let (fft, signal, bins) = (cross.fft, cross.signal, cross.fft.binCount)
    let (dry, wet) = (cross.makeSpectrum(), cross.makeSpectrum())
    let sums = (0..<2).map { _ in cross.makeSpectrum() }
    var power = [Float](repeating: 0, count: bins)
    for chunk in chunks {
      cross.transform(chunk.dry, into: dry)
      let d = dry.pointer
      for bin in 0..<bins { power[bin] += d[2 * bin] * d[2 * bin] + d[2 * bin + 1] * d[2 * bin + 1] }
      for (samples, sum) in zip([chunk.wet.left, chunk.wet.right], sums) {
        cross.transform(samples, into: wet)
        cross.multiply(dry, wet, into: sum, adding: true)
      }
    }
    let held = held(power)
    var energy = [Double](repeating: 0, count: count)
    for sum in sums {
      for bin in 0..<bins {
        sum.pointer[2 * bin] /= held[bin]
        sum.pointer[2 * bin + 1] /= held[bin]
      }
      fft.inverseDestroying(sum.pointer, into: signal.pointer)
      for index in 0..<count { energy[index] += Double(signal.pointer[index]) * Double(signal.pointer[index]) }
    }
    return energy
  }

  /// The dry power, nowhere far below its surroundings or the whole.
  private static func held(_ power: [Float]) -> [Float] {
    let mean = power.reduce(0.0) { $0 + Double($1) } / Double(power.count)
    let smooth = runningMean(power.map { Double($0) }, reach: spectralSmoothing)
    return zip(power, smooth).map { $0 + Float(0.01 * $1 + 1e-4 * mean + .leastNormalMagnitude) }
  }

  private static func runningMean(_ values: [Double], reach: Int) -> [Double] {
    var sums = [0.0]
    sums.reserveCapacity(values.count + 1)
    for value in values { sums.append(sums[sums.count - 1] + value) }
    return values.indices.map { index in
      let (low, high) = (max(0, index - reach), min(index + reach + 1, values.count))
      return max(0, sums[high] - sums[low]) / Double(high - low)
    }
  }
}
