import Foundation
import NumericCore

/// The `summary` description of a segment: see ``Summary``. One transform of 2048 points per frame and channel.
///
/// Unchecked sendable: one caller at a time; its buffers are its own.
final class SummaryEncoder<Scalar: SignalScalar>: StyleEncoder, @unchecked Sendable {
  let featureCount = Summary.channelCount
  let frameCount: Int
  private let blockRate: Double
  private let grid: FrameGrid
  private let signals: MidSideSignal<Scalar>
  private let spectra: [ShortTimeSpectra<Scalar>]
  private let filterbank: MelFilterbank<Scalar>
  private let powers: SignalBuffer<Scalar>
  private let bands: SignalBuffer<Scalar>

  init(frameCount: Int, sampleRate: Double, gain: Double) {
    self.frameCount = frameCount
    blockRate = sampleRate / Double(EnvelopeSummary.blockLength)
    let grid = FrameGrid(sampleCount: frameCount)
    self.grid = grid
    signals = MidSideSignal(count: frameCount, gain: gain)
    spectra = (0..<2).map { _ in ShortTimeSpectra(grid: grid) }
    let binCount = ShortTimeSpectra<Scalar>.binCount
    filterbank = MelFilterbank(bandCount: Summary.bandCount, binCount: binCount, sampleRate: sampleRate)
    powers = SignalBuffer(count: binCount)
    bands = SignalBuffer(count: Summary.bandCount)
  }

  @specialized(where Scalar == Float)
  @specialized(where Scalar == Double)
  func encode(
    left: UnsafePointer<Scalar>, right: UnsafePointer<Scalar>, into embedding: inout StyleEmbedding
  ) {
    signals.load(left: left, right: right)
    for channel in 0..<2 {
      for frame in 0..<grid.count { spectra[channel].transform(frame: frame, of: signals.signals[channel].pointer) }
    }
    let (mid, side, cross) = (series(0, 0), series(1, 1), series(0, 1))
    let bandFloor = floor(below: mid.joined().max() ?? 0)
    let (midBlocks, sideBlocks) = (blockPowers(0), blockPowers(1))
    let blockFloor = floor(below: midBlocks.max() ?? 0)
    embedding.mid.removeAll(keepingCapacity: true)
    embedding.side.removeAll(keepingCapacity: true)
    describe(mid, midBlocks, bandFloor, blockFloor, into: &embedding.mid)
    describe(side, sideBlocks, bandFloor, blockFloor, into: &embedding.side)
    for band in 0..<Summary.bandCount {
      ImageSummary.append(
        mid: mid[band], side: side[band], cross: cross[band], floor: bandFloor, to: &embedding.side)
    }
  }

  func pullback(
    _: StyleEmbedding, left _: UnsafeMutablePointer<Scalar>, right _: UnsafeMutablePointer<Scalar>
  ) throws {
    throw StyleEncoderError.noGradient(encoder: StyleEncoderKind.summary.rawValue)
  }

  private func describe(
    _ series: [[Double]], _ blocks: [Double], _ bandFloor: Double, _ blockFloor: Double,
    into features: inout [Double]
  ) {
    for band in series { BandSummary.append(Self.decibels(band, bandFloor), to: &features) }
    EnvelopeSummary.append(Self.decibels(blocks, blockFloor), blockRate: blockRate, to: &features)
    for first in stride(from: 0, to: Summary.bandCount, by: Summary.bandsPerDecay) {
      let together = series[first..<first + Summary.bandsPerDecay]
      let sums = (0..<grid.count).map { frame in together.reduce(0) { $0 + $1[frame] } }
      DecaySummary.append(Self.decibels(sums, bandFloor), to: &features)
    }
  }

  /// Re(X conj Y) of two channels in each band [band][frame]: powers where they are one.
  @specialized(where Scalar == Float)
  @specialized(where Scalar == Double)
  private func series(_ first: Int, _ second: Int) -> [[Double]] {
    var result = [[Double]](repeating: [Double](repeating: 0, count: grid.count), count: Summary.bandCount)
    let powers = powers.pointer
    for frame in 0..<grid.count {
      let (x, y) = (spectra[first].spectrum(frame: frame), spectra[second].spectrum(frame: frame))
      for bin in 0..<ShortTimeSpectra<Scalar>.binCount {
        powers[bin] = x[2 * bin] * y[2 * bin] + x[2 * bin + 1] * y[2 * bin + 1]
      }
      filterbank.forward(powers, into: bands.pointer)
      for band in 0..<Summary.bandCount { result[band][frame] = Double(bands[band]) }
    }
    return result
  }

  /// Mean squares of the blocks of a channel.
  @specialized(where Scalar == Float)
  @specialized(where Scalar == Double)
  private func blockPowers(_ channel: Int) -> [Double] {
    let (samples, length) = (signals.signals[channel].pointer, EnvelopeSummary.blockLength)
    return (0..<frameCount / length).map { block in
      var sum: Scalar = 0
      for index in block * length..<(block + 1) * length { sum += samples[index] * samples[index] }
      return Double(sum) / Double(length)
    }
  }

  private func floor(below peak: Double) -> Double { max(peak * pow(10, -Summary.rangeDB / 10), 1e-30) }

  private static func decibels(_ powers: [Double], _ floor: Double) -> [Double] {
    powers.map { 10 * log10(max($0, floor)) }
  }
}
