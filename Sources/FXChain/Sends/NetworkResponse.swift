import CKernels
import FXParams
import Foundation
import NumericCore

/// The feedback-delay-network reverb: two inputs, two outputs (method section 2.5).
///
/// The response is sampled at the bins of its full length, as the released code does: what it has left beyond that
/// length is folded back, at -80 dB or below with the published 12 s and longest decay of 9 s, audibly where a
/// description gives a response shorter than its decay. On that grid the tone equaliser can multiply the bins; on others
/// the response goes to time, is equalised and cut there, and comes back. ``SendSection`` says which.
final class NetworkResponse<Scalar: SignalScalar>: SendModel, @unchecked Sendable {
  let inputCount = 2
  let length: Int
  let parameterCount: Int
  let matrix: [SignalBuffer<Scalar>]
  /// The grid of the full length.
  let ownGrid: RealFFT<Scalar>
  /// Whether the matrix is on the own grid, followed by the tone there.
  var hasToneAtBins = false

  private let effect: FeedbackDelayNetwork
  private let sampleRate: Double
  private let lines: Int
  private let tables: NetworkTables<Scalar>
  private let setting: NetworkSetting<Scalar>
  private let times: [SignalBuffer<Scalar>]
  private let tone: ToneFilter<Scalar>
  private let exponential: MatrixExponential
  private let generator: SignalBuffer<Double>
  private let mixing: SignalBuffer<Double>
  private let sums: [NetworkCotangent]
  private let total: NetworkCotangent
  private let circle: UnitCircle<Scalar>
  private let bands: UnsafeMutablePointer<tone_band>
  /// A task's cotangents of the bands at the bins, one task after another.
  private let bandSums: UnsafeMutablePointer<tone_band>
  private var designs: [BandDesign]
  private var coefficients: [BiquadCoefficients]
  /// What the equaliser in time says about its coefficients.
  private var toneCotangents: [BiquadCoefficients]

  /// Samples of the modelled response.
  static func length(_ effect: FeedbackDelayNetwork, sampleRate: Double) -> Int {
    max(2, Int((effect.responseSeconds * sampleRate).rounded()))
  }

  /// - Parameters:
  ///   - maximumLength: samples of the response that will be used; it is cut there.
  ///   - gridCapacity: samples of the longest grid that the matrix will be on.
  ///   - ownGrid: the transform of the full length, where there is one already.
  ///   - taskCount: most tasks that pull back.
  init(
    _ effect: FeedbackDelayNetwork, sampleRate: Double, maximumLength: Int, gridCapacity: Int,
    ownGrid: RealFFT<Scalar>?, taskCount: Int
  ) {
    self.effect = effect
    self.sampleRate = sampleRate
    let lines = effect.delaySamples.count
    self.lines = lines
    parameterCount = effect.parameters(sampleRate: sampleRate).count
    let full = Self.length(effect, sampleRate: sampleRate)
    let grid = ownGrid ?? RealFFT(count: full + full % 2)
    self.ownGrid = grid
    length = min(full, maximumLength)
    let capacity = max(gridCapacity, grid.count)
    tables = NetworkTables(effect, binCount: grid.binCount)
    setting = NetworkSetting(lines: lines, points: effect.decayPoints)
    matrix = (0..<4).map { _ in SignalBuffer(count: capacity + 2) }
    times = (0..<4).map { _ in SignalBuffer(count: capacity) }
    tone = ToneFilter(stageCount: effect.tone.count, length: length)
    circle = UnitCircle(binCount: grid.binCount)
    exponential = MatrixExponential(order: lines)
    generator = SignalBuffer(count: lines * lines)
    mixing = SignalBuffer(count: lines * lines)
    let own = (grid.binCount + SendSection<Scalar>.binsPerTask - 1) / SendSection<Scalar>.binsPerTask
    let most = max(own, taskCount)
    sums = (0..<most).map { _ in NetworkCotangent(lines: lines, points: effect.decayPoints) }
    total = NetworkCotangent(lines: lines, points: effect.decayPoints)
    designs = effect.tone.map { _ in BandDesign() }
    coefficients = effect.tone.map { _ in BiquadCoefficients() }
    toneCotangents = coefficients
    bands = .allocate(capacity: max(effect.tone.count, 1))
    bands.initialize(repeating: tone_band(), count: max(effect.tone.count, 1))
    bandSums = .allocate(capacity: max(effect.tone.count * most, 1))
    bandSums.initialize(repeating: tone_band(), count: max(effect.tone.count * most, 1))
  }

  deinit {
    bands.deallocate()
    bandSums.deallocate()
  }

  /// Bound of what is left of the response, and of the tone's ringing, after so many samples.
  func remainder(after count: Int) -> Double {
    let shortest = Double(effect.delaySamples.min() ?? 1)
    var rate = 0.0
    for index in 0..<effect.decayPoints { rate = max(rate, Double(setting.attenuations[index])) }
    rate = pow(rate, 1 / shortest)
    for index in coefficients.indices { rate = max(rate, coefficients[index].poleRadius) }
    return pow(rate, Double(count))
  }

  // MARK: - Value

  /// Tasks that share the bins of the own grid out.
  var taskCount: Int { (ownGrid.binCount + SendSection<Scalar>.binsPerTask - 1) / SendSection<Scalar>.binsPerTask }

  private func bins(of task: Int) -> Range<Int> {
    let size = SendSection<Scalar>.binsPerTask
    return task * size..<min((task + 1) * size, ownGrid.binCount)
  }

  /// Fills a task's bins of the matrix, on the own grid and without the tone.
  func respond(task: Int) { tables.response(setting, into: matrix, range: bins(of: task)) }

  /// Takes the matrix to time, equalises and cuts it there, and takes it to another grid.
  func cut(on grid: RealFFT<Scalar>, _ workers: Workers) {
    workers.run(4) { ownGrid.inverseDestroying(matrix[$0].pointer, into: times[$0].pointer) }
    tone.apply(coefficients, to: times, scale: 1 / Double(ownGrid.count), into: times)
    workers.run(4) {
      times[$0].clear(length..<grid.count)
      grid.forward(times[$0].pointer, into: matrix[$0].pointer)
    }
  }

  var toneBandCount: Int { effect.tone.count }

  func tone(_ index: Int, into chunk: UnsafeMutablePointer<Scalar>) -> UnsafeMutablePointer<Scalar>? {
    guard hasToneAtBins, !effect.tone.isEmpty else { return nil }
    circle.respond(bands, count: effect.tone.count, first: index * chunkBins, into: chunk)
    return chunk
  }

  // MARK: - Pullback

  func beginPullback(task: Int) {
    sums[task].clear()
    for band in effect.tone.indices { bandSums[task * effect.tone.count + band] = tone_band() }
  }

  func pullTone(
    _ index: Int, cotangent: UnsafePointer<Scalar>, partial: UnsafeMutablePointer<Scalar>, task: Int
  ) {
    circle.pull(
      bands, count: effect.tone.count, first: index * chunkBins, cotangent: cotangent, partial: partial,
      into: bandSums + task * effect.tone.count)
  }

  /// Takes the cotangent of a task's bins, on the own grid, to the sums.
  func pull(task: Int) {
    tables.pullback(setting, cotangents: matrix, scale: 1, sums: sums[task], range: bins(of: task))
  }

  /// The way back of ``cut(on:_:)``, and on to the sums.
  func pullCut(on grid: RealFFT<Scalar>, _ workers: Workers) {
    workers.run(4) {
      let spectrum = matrix[$0].pointer
      spectrum[0] *= 2
      spectrum[2 * grid.binCount - 2] *= 2
      grid.inverseDestroying(spectrum, into: times[$0].pointer)
    }
    // Half of the inverse, and the factor of the inverse transform to time; inner bins count twice.
    tone.pullback(coefficients, cotangents: times, scale: 0.5, into: times) { stage, cotangent in
      toneCotangents[stage] = cotangent
    }
    workers.run(4) {
      times[$0].clear(length..<ownGrid.count)
      ownGrid.forward(times[$0].pointer, into: matrix[$0].pointer)
      doubleInnerBins(matrix[$0].pointer, binCount: ownGrid.binCount)
    }
    workers.run(taskCount) {
      sums[$0].clear()
      tables.pullback(
        setting, cotangents: matrix, scale: 1 / Double(ownGrid.count), sums: sums[$0], range: bins(of: $0))
    }
  }

  // MARK: - Parameters: b, c, gamma, W, tone

  private var attenuationOffset: Int { 4 * lines }
  private var generatorOffset: Int { attenuationOffset + effect.decayPoints }
  private var toneOffset: Int { generatorOffset + lines * (lines - 1) / 2 }

  func prepare(_ values: UnsafePointer<Double>) {
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
      bands[index] = tone_band(designs[index].coefficients)
      toneCotangents[index] = BiquadCoefficients(b0: 0)
      position += band.valueCount
    }
  }

  /// Adds the tasks' sums to the cotangents of the values, always in the same order.
  func finishPullback(into values: UnsafeMutablePointer<Double>) {
    total.clear()
    for task in 0..<taskCount { total.add(sums[task]) }
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
    for (index, band) in effect.tone.enumerated() {
      var cotangent = toneCotangents[index]
      if hasToneAtBins {
        for task in 0..<taskCount {
          cotangent += BiquadCoefficients(cotangent: bandSums[task * effect.tone.count + index])
        }
      }
      designs[index].pullback(cotangent, band: band, into: values + position)
      position += band.valueCount
    }
  }
}
