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
  /// The grid that the matrix was last taken to.
  private var otherGrid: RealFFT<Scalar>
  /// Whether the matrix is on the own grid, followed by the tone there.
  var hasToneAtBins = false

  let effect: FeedbackDelayNetwork
  let sampleRate: Double
  let lines: Int
  private let tables: NetworkTables<Scalar>
  let setting: NetworkSetting<Scalar>
  private let times: [SignalBuffer<Scalar>]
  private let tone: ToneFilter<Scalar>
  let exponential: MatrixExponential
  let generator: SignalBuffer<Double>
  let mixing: SignalBuffer<Double>
  let sums: [NetworkCotangent]
  let total: NetworkCotangent
  private let circle: UnitCircle<Scalar>
  let bands: UnsafeMutablePointer<tone_band>
  /// A task's cotangents of the bands at the bins, one task after another.
  let bandSums: UnsafeMutablePointer<tone_band>
  var designs: [BandDesign]
  var coefficients: [BiquadCoefficients]
  /// What the equaliser in time says about its coefficients.
  var toneCotangents: [BiquadCoefficients]

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
    otherGrid = grid
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

  /// No bound: a network that feeds others is not folded.
  var level: Double { .infinity }

  /// Bound of what is left of the response, without the tone, after so many samples.
  func decay(after count: Int) -> Double {
    let shortest = Double(effect.delaySamples.min() ?? 1)
    var rate = 0.0
    for index in 0..<effect.decayPoints { rate = max(rate, Double(setting.attenuations[index])) }
    return pow(rate, Double(count) / shortest)
  }

  /// About how much of the response comes before zero, where the exact way cuts it off: gamma(w) has no phase.
  ///
  /// gamma is linear between its P points; a change of slope by s there puts s cos(w n) / (pi n^2) at the distance n from
  /// a pulse. From the shortest line m on, the energy of all changes is sum s^2 / (6 pi^2 m^3), here beside that of the
  /// pulse, the mean of gamma^2.
  var precursor: Double {
    let points = effect.decayPoints
    guard points > 2, let shortest = effect.delaySamples.min() else { return 0 }
    var (changes, energy) = (0.0, 0.0)
    for index in 0..<points {
      let value = Double(setting.attenuations[index])
      energy += value * value
      guard index > 0, index < points - 1 else { continue }
      let change = Double(setting.attenuations[index - 1]) - 2 * value + Double(setting.attenuations[index + 1])
      changes += change * change
    }
    let slopes = changes * pow(Double(points - 1) / .pi, 2)
    let share = slopes / (6 * .pi * .pi * pow(Double(shortest), 3)) / max(energy / Double(points), 1e-30)
    return share.squareRoot()
  }

  /// Bound of what is left of the tone's ringing after so many samples.
  func ringing(after count: Int) -> Double {
    var radius = 0.0
    for index in coefficients.indices { radius = max(radius, coefficients[index].poleRadius) }
    return pow(radius, Double(count))
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
  func cut(on grid: RealFFT<Scalar>, _ team: ThreadTeam) {
    otherGrid = grid
    team.run(4, toTime)
    tone.apply(coefficients, to: times, scale: 1 / Double(ownGrid.count), into: times)
    team.run(4, toOtherGrid)
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
  func pullCut(on grid: RealFFT<Scalar>, _ team: ThreadTeam) {
    otherGrid = grid
    team.run(4, backToTime)
    // Half of the inverse, and the factor of the inverse transform to time; inner bins count twice.
    tone.pullback(coefficients, cotangents: times, scale: 0.5, into: times) { stage, cotangent in
      toneCotangents[stage] = cotangent
    }
    team.run(4, backToOwnGrid)
    team.run(taskCount, backToSums)
  }

  // MARK: - Tasks of the parallel loops, made once because a closure is an object

  private lazy var toTime: @Sendable (Int) -> Void = { [unowned self] in
    ownGrid.inverseDestroying(matrix[$0].pointer, into: times[$0].pointer)
  }
  private lazy var toOtherGrid: @Sendable (Int) -> Void = { [unowned self] in
    times[$0].clear(length..<otherGrid.count)
    otherGrid.forward(times[$0].pointer, into: matrix[$0].pointer)
  }
  private lazy var backToTime: @Sendable (Int) -> Void = { [unowned self] in
    let spectrum = matrix[$0].pointer
    spectrum[0] *= 2
    spectrum[2 * otherGrid.binCount - 2] *= 2
    otherGrid.inverseDestroying(spectrum, into: times[$0].pointer)
  }
  private lazy var backToOwnGrid: @Sendable (Int) -> Void = { [unowned self] in
    times[$0].clear(length..<ownGrid.count)
    ownGrid.forward(times[$0].pointer, into: matrix[$0].pointer)
    doubleInnerBins(matrix[$0].pointer, binCount: ownGrid.binCount)
  }
  private lazy var backToSums: @Sendable (Int) -> Void = { [unowned self] in
    sums[$0].clear()
    tables.pullback(
      setting, cotangents: matrix, scale: 1 / Double(ownGrid.count), sums: sums[$0], range: bins(of: $0))
  }
}
