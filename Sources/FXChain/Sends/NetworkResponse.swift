import FXParams
import Foundation
import NumericCore

/// Impulse response of the feedback-delay-network reverb: two inputs, two outputs (method section 2.5).
///
/// The response is sampled at the bins of its full length and inverse transformed, as the released code does, then
/// equalised in time. The tail beyond that length is folded back: at -80 dB or below with the published 12 s and longest
/// decay of 9 s, audibly where a description gives a response shorter than its decay.
final class NetworkResponse<Scalar: SignalScalar>: ImpulseResponse, @unchecked Sendable {
  let inputCount = 2
  let length: Int
  let parameterCount: Int

  private let effect: FeedbackDelayNetwork
  private let sampleRate: Double
  private let lines: Int
  private let fft: RealFFT<Scalar>
  private let tables: NetworkTables<Scalar>
  private let setting: NetworkSetting<Scalar>
  private let spectra: [SignalBuffer<Scalar>]
  private let times: [SignalBuffer<Scalar>]
  private let tone: ToneFilter<Scalar>
  private let exponential: MatrixExponential
  private let generator: SignalBuffer<Double>
  private let mixing: SignalBuffer<Double>
  private let sums: [NetworkCotangent]
  private var designs: [BandDesign]
  private var coefficients: [BiquadCoefficients]

  /// Bins a task of the parallel loops takes: small enough to balance, large enough to amortise a call.
  private static var binsPerTask: Int { 16384 }

  init(_ effect: FeedbackDelayNetwork, sampleRate: Double, maximumLength: Int) {
    self.effect = effect
    self.sampleRate = sampleRate
    lines = effect.delaySamples.count
    parameterCount = effect.parameters(sampleRate: sampleRate).count
    let full = max(2, Int((effect.responseSeconds * sampleRate).rounded()))
    fft = RealFFT(count: full + full % 2)
    length = min(full, maximumLength)
    let (bins, count, length) = (fft.binCount, fft.count, length)
    tables = NetworkTables(effect, binCount: bins)
    setting = NetworkSetting(lines: lines, points: effect.decayPoints)
    spectra = (0..<4).map { _ in SignalBuffer(count: 2 * bins) }
    times = (0..<4).map { _ in SignalBuffer(count: count) }
    tone = ToneFilter(stageCount: effect.tone.count, length: length)
    exponential = MatrixExponential(order: lines)
    generator = SignalBuffer(count: lines * lines)
    mixing = SignalBuffer(count: lines * lines)
    let (tableLines, points) = (lines, effect.decayPoints)
    sums = (0..<((bins + Self.binsPerTask - 1) / Self.binsPerTask)).map { _ in
      NetworkCotangent(lines: tableLines, points: points)
    }
    designs = effect.tone.map { _ in BandDesign() }
    coefficients = effect.tone.map { _ in BiquadCoefficients() }
  }

  func compute(_ values: UnsafePointer<Double>, into signals: [SignalBuffer<Scalar>], workers: Workers) {
    load(values)
    let (tables, setting, fft, bins) = (tables, setting, fft, fft.binCount)
    let (spectra, times) = (spectra, times)
    workers.forEach(sums.count) { task in
      let start = task * Self.binsPerTask
      tables.response(setting, into: spectra, range: start..<min(start + Self.binsPerTask, bins))
    }
    workers.forEach(4) { fft.inverseDestroying(spectra[$0].pointer, into: times[$0].pointer) }
    tone.apply(coefficients, to: times, scale: 1 / Double(fft.count), into: signals)
  }

  func pullback(
    _ cotangents: [SignalBuffer<Scalar>], into values: UnsafeMutablePointer<Double>, workers: Workers
  ) {
    var position = toneOffset + effect.tone.reduce(0) { $0 + $1.parameters().count }
    tone.pullback(coefficients, cotangents: cotangents, into: times) { stage, cotangent in
      let band = effect.tone[stage]
      position -= band.parameters().count
      designs[stage].pullback(cotangent, band: band, into: values + position)
    }
    for time in times { time.clear(length..<fft.count) }
    let (fft, tables, setting, sums, spectra, times) = (fft, tables, setting, sums, spectra, times)
    workers.forEach(4) { signal in
      fft.forward(times[signal].pointer, into: spectra[signal].pointer)
      // The first and last bins enter the inverse transform once, the others twice.
      for bin in [0, fft.binCount - 1] {
        spectra[signal].pointer[2 * bin] /= 2
        spectra[signal].pointer[2 * bin + 1] = 0
      }
    }
    workers.forEach(sums.count) { task in
      let start = task * Self.binsPerTask
      sums[task].clear()
      tables.pullback(
        setting, cotangents: spectra, scale: 2 / Double(fft.count), sums: sums[task],
        range: start..<min(start + Self.binsPerTask, fft.binCount))
    }
    unload(into: values)
  }

  // MARK: - Parameters: b, c, gamma, W, tone

  private var attenuationOffset: Int { 4 * lines }
  private var generatorOffset: Int { attenuationOffset + effect.decayPoints }
  private var toneOffset: Int { generatorOffset + lines * (lines - 1) / 2 }

  private func load(_ values: UnsafePointer<Double>) {
    for index in 0..<(2 * lines) {
      setting.inputGains[index] = Scalar(values[index])
      setting.outputGains[index] = Scalar(values[2 * lines + index])
    }
    for index in 0..<effect.decayPoints {
      setting.attenuations[index] = Scalar(values[attenuationOffset + index])
    }
    var position = generatorOffset
    for row in 0..<lines {
      for column in (row + 1)..<max(lines, row + 1) {
        generator[row * lines + column] = values[position]
        generator[column * lines + row] = -values[position]
        position += 1
      }
    }
    exponential.evaluate(generator.pointer, into: mixing.pointer)
    for index in 0..<(lines * lines) { setting.mixing[index] = Scalar(mixing[index]) }
    for (index, band) in effect.tone.enumerated() {
      designs[index] = BandDesign(band, values: values + position, sampleRate: sampleRate)
      coefficients[index] = designs[index].coefficients
      position += band.parameters().count
    }
  }

  /// Adds the tasks' sums to the cotangents of the values, always in the same order.
  private func unload(into values: UnsafeMutablePointer<Double>) {
    let total = NetworkCotangent(lines: lines, points: effect.decayPoints)
    for sum in sums {
      for (target, source) in [
        (total.mixing, sum.mixing), (total.inputGains, sum.inputGains), (total.outputGains, sum.outputGains),
        (total.attenuations, sum.attenuations),
      ] {
        for index in 0..<target.count { target[index] += source[index] }
      }
    }
    for index in 0..<(2 * lines) {
      values[index] += total.inputGains[index]
      values[2 * lines + index] += total.outputGains[index]
    }
    for index in 0..<effect.decayPoints { values[attenuationOffset + index] += total.attenuations[index] }
    exponential.pullback(generator.pointer, cotangent: total.mixing.pointer, into: mixing.pointer)
    var position = generatorOffset
    for row in 0..<lines {
      for column in (row + 1)..<max(lines, row + 1) {
        values[position] += mixing[row * lines + column] - mixing[column * lines + row]
        position += 1
      }
    }
  }
}
