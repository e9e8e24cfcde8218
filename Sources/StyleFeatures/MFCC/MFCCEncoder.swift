import Foundation
import NumericCore

/// The sizes of the MFCC front end.
enum MFCC {
  static let coefficientCount = 25
  static let bandCount = 128
  static let powerFloor = 1e-10
  static let topDB = 80.0
  /// 10 log10 x = decibelsPerLogarithm log x, for powers x.
  static let decibelsPerLogarithm = 10 / 2.302585092994045684
}

/// Mel-frequency cepstral coefficients of mid and side, four statistics each: 100 numbers a channel.
///
/// Per frame of 2048 samples (hop 1024, periodic Hann, no padding): p = 128 mel band powers of |rfft|^2,
/// d = 10 log10 max(p, 1e-10), D = max(d, M - 80) with M the maximum of d over both channels and all frames, and 25
/// coefficients of the orthonormal DCT-II of D. ``TemporalEmbedding`` makes the vector: coefficient by coefficient,
/// four moments each.
///
/// A band at or below its floor has no slope. A band that is 80 dB below M follows M, so its cotangent goes to the band
/// where M is reached: where several tie, the first in the order mid before side, then time, then frequency.
///
/// Cost: one real transform of 2048 points a frame and channel, and one more for the pullback.
/// Source: Davis & Mermelstein 1980, doi:10.1109/TASSP.1980.1163420; the parameters are those of arXiv 2505.11315.
final class MFCCEncoder<Scalar: SignalScalar>: StyleEncoder, @unchecked Sendable {
  let featureCount = MFCC.coefficientCount * TemporalMoments.count
  let frameCount: Int
  private let grid: FrameGrid
  private let midSide: MidSideSignal<Scalar>
  private let spectra: [ShortTimeSpectra<Scalar>]
  private let embeddings: [TemporalEmbedding]
  private let filterbank: MelFilterbank<Scalar>
  private let cosines = CosineTransform(inputCount: MFCC.bandCount, outputCount: MFCC.coefficientCount)
  /// Band powers [channel][frame][band] and their decibels before the limit of 80 dB.
  private let bandPowers: SignalBuffer<Scalar>
  private let decibels: SignalBuffer<Double>
  private let decibelCotangents: SignalBuffer<Double>
  private let powerScratch: SignalBuffer<Scalar>
  private let bandScratch: SignalBuffer<Scalar>
  private let limited: SignalBuffer<Double>
  /// Where in `decibels` the maximum is, and its value less 80 dB.
  private var peakIndex = 0
  private var threshold = -Double.infinity

  init(frameCount: Int, sampleRate: Double, gain: Double) {
    self.frameCount = frameCount
    let grid = FrameGrid(sampleCount: frameCount)
    self.grid = grid
    midSide = MidSideSignal(count: frameCount, gain: gain)
    spectra = (0..<2).map { _ in ShortTimeSpectra(grid: grid) }
    embeddings = (0..<2).map { _ in
      TemporalEmbedding(featureCount: MFCC.coefficientCount, frameCount: grid.count)
    }
    let binCount = ShortTimeSpectra<Scalar>.binCount
    filterbank = MelFilterbank(bandCount: MFCC.bandCount, binCount: binCount, sampleRate: sampleRate)
    bandPowers = SignalBuffer(count: 2 * grid.count * MFCC.bandCount)
    decibels = SignalBuffer(count: 2 * grid.count * MFCC.bandCount)
    decibelCotangents = SignalBuffer(count: 2 * grid.count * MFCC.bandCount)
    powerScratch = SignalBuffer(count: binCount)
    bandScratch = SignalBuffer(count: MFCC.bandCount)
    limited = SignalBuffer(count: MFCC.bandCount)
  }

  // MARK: - Value

  @specialized(where Scalar == Float)
  @specialized(where Scalar == Double)
  func encode(left: UnsafePointer<Scalar>, right: UnsafePointer<Scalar>) -> StyleEmbedding {
    midSide.load(left: left, right: right)
    for channel in 0..<2 { computeBands(channel: channel) }
    computeDecibels()
    for channel in 0..<2 { computeCoefficients(channel: channel) }
    return StyleEmbedding(mid: embeddings[0].embed(), side: embeddings[1].embed())
  }

  private func computeBands(channel: Int) {
    let spectra = spectra[channel]
    let signal = midSide.signals[channel].pointer
    let power = powerScratch.pointer
    for frame in 0..<grid.count {
      spectra.transform(frame: frame, of: signal)
      let spectrum = spectra.spectrum(frame: frame)
      for bin in 0..<ShortTimeSpectra<Scalar>.binCount {
        let (re, im) = (spectrum[2 * bin], spectrum[2 * bin + 1])
        power[bin] = re * re + im * im
      }
      filterbank.forward(power, into: bandPowers.pointer + (channel * grid.count + frame) * MFCC.bandCount)
    }
  }

  private func computeDecibels() {
    let (powers, decibels) = (bandPowers.pointer, decibels.pointer)
    var peak = 0
    for index in 0..<self.decibels.count {
      decibels[index] = MFCC.decibelsPerLogarithm * log(max(Double(powers[index]), MFCC.powerFloor))
      if decibels[index] > decibels[peak] { peak = index }
    }
    peakIndex = peak
    threshold = decibels[peak] - MFCC.topDB
  }

  private func computeCoefficients(channel: Int) {
    let limited = limited.pointer
    for frame in 0..<grid.count {
      let frameDecibels = decibels.pointer + (channel * grid.count + frame) * MFCC.bandCount
      for band in 0..<MFCC.bandCount { limited[band] = max(frameDecibels[band], threshold) }
      cosines.forward(limited, into: embeddings[channel].series(feature: 0) + frame, stride: grid.count)
    }
  }

  // MARK: - Pullback

  @specialized(where Scalar == Float)
  @specialized(where Scalar == Double)
  func pullback(
    _ cotangent: StyleEmbedding, left: UnsafeMutablePointer<Scalar>, right: UnsafeMutablePointer<Scalar>
  ) {
    embeddings[0].pullback(cotangent.mid)
    embeddings[1].pullback(cotangent.side)
    pullbackDecibels()
    midSide.clearCotangents()
    for channel in 0..<2 { pullbackBands(channel: channel) }
    midSide.pullback(left: left, right: right)
  }

  /// Coefficients to decibels before the limit: limited bands hand their cotangent to the peak.
  private func pullbackDecibels() {
    var peakCotangent = 0.0
    for channel in 0..<2 {
      let coefficients = embeddings[channel].cotangent(feature: 0)
      for frame in 0..<grid.count {
        let first = (channel * grid.count + frame) * MFCC.bandCount
        let frameDecibels = decibels.pointer + first
        let result = decibelCotangents.pointer + first
        cosines.pullback(coefficients + frame, stride: grid.count, into: result)
        for band in 0..<MFCC.bandCount where frameDecibels[band] < threshold {
          peakCotangent += result[band]
          result[band] = 0
        }
      }
    }
    decibelCotangents[peakIndex] += peakCotangent
  }

  private func pullbackBands(channel: Int) {
    let spectra = spectra[channel]
    let (power, bands, spectrumCotangent) = (powerScratch.pointer, bandScratch.pointer, spectra.cotangent.pointer)
    let slope = MFCC.decibelsPerLogarithm
    for frame in 0..<grid.count {
      let first = (channel * grid.count + frame) * MFCC.bandCount
      for band in 0..<MFCC.bandCount {
        let bandPower = Double(bandPowers.pointer[first + band])
        let cotangent = decibelCotangents.pointer[first + band]
        bands[band] = bandPower > MFCC.powerFloor ? Scalar(slope * cotangent / bandPower) : 0
      }
      filterbank.pullback(bands, into: power)
      // Half of d|X|^2 = 2 (Re X dRe X + Im X dIm X), as the inverse transform asks.
      let spectrum = spectra.spectrum(frame: frame)
      for bin in 0..<ShortTimeSpectra<Scalar>.binCount {
        spectrumCotangent[2 * bin] = power[bin] * spectrum[2 * bin]
        spectrumCotangent[2 * bin + 1] = power[bin] * spectrum[2 * bin + 1]
      }
      spectra.accumulate(frame: frame, into: midSide.cotangents[channel].pointer)
    }
  }
}
