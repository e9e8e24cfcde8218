import Foundation
import NumericCore

/// Mel-frequency cepstral coefficients of mid and side, four statistics each: 100 numbers per channel.
///
/// Per frame of 2048 samples (hop 1024, periodic Hann, no padding): p = 128 mel band powers of |rfft|^2,
/// d = 10 log10 max(p, 1e-10), D = max(d, M - 80) with M the maximum of d over both channels and all frames, and 25
/// coefficients of the orthonormal DCT-II of D. ``TemporalEmbedding`` makes the vector: coefficient by coefficient,
/// four moments each.
///
/// A band at or below its floor has no slope. A band that is 80 dB below M follows M, so its cotangent goes to the
/// band where M is reached: where several tie, the first in the order mid before side, then time, then frequency.
///
/// Cost: one real transform of 2048 points per frame and channel, and one more for the pullback.
/// Source: Davis & Mermelstein 1980, doi:10.1109/TASSP.1980.1163420; the parameters are those of arXiv 2505.11315.
///
/// Unchecked sendable: one caller at a time; its buffers are its own, or taken from a pool for the call.
final class MFCCEncoder<Scalar: SignalScalar>: StyleEncoder, @unchecked Sendable {
  let featureCount = MFCC.coefficientCount * TemporalMoments.count
  let frameCount: Int
  private let grid: FrameGrid
  private let gain: Double
  private let scratch: StyleScratch<Scalar>
  /// Mid and side in the buffers of the present call: signals on the way there, cotangents on the way back.
  private var midSide: MidSideSignal<Scalar>?
  private var decibelCotangents: SignalBuffer<Double>?
  private let spectra: [ShortTimeSpectra<Scalar>]
  private let embeddings: [TemporalEmbedding]
  /// One per channel, because each has scratch of its own.
  private let filterbanks: [MelFilterbank<Scalar>]
  private let cosines: [CosineTransform]
  private let team: ThreadTeam
  /// Band powers [channel][frame][band] and their decibels before the limit of 80 dB.
  private let bandPowers: SignalBuffer<Scalar>
  private let decibels: SignalBuffer<Double>
  private let powerScratch: [SignalBuffer<Scalar>]
  private let bandScratch: [SignalBuffer<Scalar>]
  private let limited: [SignalBuffer<Double>]
  /// What the limited bands of each channel hand to the peak.
  private let peakCotangents = SignalBuffer<Double>(count: 2)
  /// Where in `decibels` the maximum is, and its value less 80 dB.
  private var peakIndex = 0
  private var threshold = -Double.infinity

  init(
    frameCount: Int, sampleRate: Double, gain: Double, team: ThreadTeam, scratch: StyleScratch<Scalar>? = nil
  ) {
    precondition(scratch.map { $0.frameCount >= frameCount } ?? true, "Scratch for shorter segments")
    self.team = team
    self.frameCount = frameCount
    self.gain = gain
    self.scratch = scratch ?? StyleScratch(frameCount: frameCount, threads: 1)
    let grid = FrameGrid(sampleCount: frameCount)
    self.grid = grid
    spectra = (0..<2).map { _ in ShortTimeSpectra(grid: grid) }
    embeddings = (0..<2).map { _ in
      TemporalEmbedding(featureCount: MFCC.coefficientCount, frameCount: grid.count)
    }
    let binCount = ShortTimeSpectra<Scalar>.binCount
    filterbanks = (0..<2).map { _ in
      MelFilterbank(bandCount: MFCC.bandCount, binCount: binCount, sampleRate: sampleRate)
    }
    cosines = (0..<2).map { _ in
      CosineTransform(inputCount: MFCC.bandCount, outputCount: MFCC.coefficientCount)
    }
    bandPowers = SignalBuffer(count: 2 * grid.count * MFCC.bandCount)
    decibels = SignalBuffer(count: 2 * grid.count * MFCC.bandCount)
    powerScratch = (0..<2).map { _ in SignalBuffer(count: binCount) }
    bandScratch = (0..<2).map { _ in SignalBuffer(count: MFCC.bandCount) }
    limited = (0..<2).map { _ in SignalBuffer(count: MFCC.bandCount) }
  }

  // MARK: - Value

  @specialized(where Scalar == Float)
  @specialized(where Scalar == Double)
  func encode(
    left: UnsafePointer<Scalar>, right: UnsafePointer<Scalar>, into embedding: inout StyleEmbedding
  ) {
    let buffers = scratch.take()
    let signals = MidSideSignal(count: frameCount, gain: gain, buffers: buffers.channels)
    signals.load(left: left, right: right)
    midSide = signals
    team.run(2, analysis)
    midSide = nil
    scratch.give(buffers)
    findPeak()
    team.run(2, reduction)
    embeddings[0].embed(into: &embedding.mid)
    embeddings[1].embed(into: &embedding.side)
  }

  // The tasks of both ways, made once because a closure is an object.
  private lazy var analysis: @Sendable (Int) -> Void = { [unowned self] in
    computeBands(channel: $0)
    computeDecibels(channel: $0)
  }
  private lazy var reduction: @Sendable (Int) -> Void = { [unowned self] in computeCoefficients(channel: $0) }
  private lazy var decibelPullback: @Sendable (Int) -> Void = { [unowned self] in
    peakCotangents[$0] = pullbackDecibels(channel: $0)
  }
  private lazy var bandPullback: @Sendable (Int) -> Void = { [unowned self] in pullbackBands(channel: $0) }

  @specialized(where Scalar == Float)
  @specialized(where Scalar == Double)
  private func computeBands(channel: Int) {
    let spectra = spectra[channel]
    guard let signal = midSide?.signals[channel].pointer else { return }
    let power = powerScratch[channel].pointer
    for frame in 0..<grid.count {
      spectra.transform(frame: frame, of: signal)
      let spectrum = spectra.spectrum(frame: frame)
      for bin in 0..<ShortTimeSpectra<Scalar>.binCount {
        let (re, im) = (spectrum[2 * bin], spectrum[2 * bin + 1])
        power[bin] = re * re + im * im
      }
      filterbanks[channel].forward(
        power, into: bandPowers.pointer + (channel * grid.count + frame) * MFCC.bandCount)
    }
  }

  @specialized(where Scalar == Float)
  @specialized(where Scalar == Double)
  private func computeDecibels(channel: Int) {
    let (powers, decibels, count) = (bandPowers.pointer, decibels.pointer, grid.count * MFCC.bandCount)
    for index in channel * count..<(channel + 1) * count {
      decibels[index] = MFCC.decibelsPerLogarithm * log(max(Double(powers[index]), MFCC.powerFloor))
    }
  }

  private func findPeak() {
    let decibels = decibels.pointer
    var peak = 0
    for index in 0..<self.decibels.count where decibels[index] > decibels[peak] { peak = index }
    peakIndex = peak
    threshold = decibels[peak] - MFCC.topDB
  }

  @specialized(where Scalar == Float)
  @specialized(where Scalar == Double)
  private func computeCoefficients(channel: Int) {
    let limited = limited[channel].pointer
    for frame in 0..<grid.count {
      let frameDecibels = decibels.pointer + (channel * grid.count + frame) * MFCC.bandCount
      for band in 0..<MFCC.bandCount { limited[band] = max(frameDecibels[band], threshold) }
      cosines[channel].forward(limited, into: embeddings[channel].series(feature: 0) + frame, stride: grid.count)
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
    let buffers = scratch.take()
    decibelCotangents = buffers.bands
    pullbackDecibels()
    let cotangents = MidSideSignal(count: frameCount, gain: gain, buffers: buffers.channels)
    cotangents.clearCotangents()
    midSide = cotangents
    team.run(2, bandPullback)
    cotangents.pullback(left: left, right: right)
    (midSide, decibelCotangents) = (nil, nil)
    scratch.give(buffers)
  }

  /// Coefficients to decibels before the limit: limited bands hand their cotangent to the peak.
  private func pullbackDecibels() {
    team.run(2, decibelPullback)
    decibelCotangents?.pointer[peakIndex] += peakCotangents[0] + peakCotangents[1]
  }

  private func pullbackDecibels(channel: Int) -> Double {
    guard let decibelCotangents else { return 0 }
    let coefficients = embeddings[channel].cotangent(feature: 0)
    var peakCotangent = 0.0
    for frame in 0..<grid.count {
      let first = (channel * grid.count + frame) * MFCC.bandCount
      let frameDecibels = decibels.pointer + first
      let result = decibelCotangents.pointer + first
      cosines[channel].pullback(coefficients + frame, stride: grid.count, into: result)
      for band in 0..<MFCC.bandCount where frameDecibels[band] < threshold {
        peakCotangent += result[band]
        result[band] = 0
      }
    }
    return peakCotangent
  }

  @specialized(where Scalar == Float)
  @specialized(where Scalar == Double)
  private func pullbackBands(channel: Int) {
    guard let decibelCotangents, let midSide else { return }
    let spectra = spectra[channel]
    let (power, bands) = (powerScratch[channel].pointer, bandScratch[channel].pointer)
    let spectrumCotangent = spectra.cotangent.pointer
    let slope = MFCC.decibelsPerLogarithm
    for frame in 0..<grid.count {
      let first = (channel * grid.count + frame) * MFCC.bandCount
      for band in 0..<MFCC.bandCount {
        let bandPower = Double(bandPowers.pointer[first + band])
        let cotangent = decibelCotangents.pointer[first + band]
        bands[band] = bandPower > MFCC.powerFloor ? Scalar(slope * cotangent / bandPower) : 0
      }
      filterbanks[channel].pullback(bands, into: power)
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
