import FXParams
import NumericCore

/// The feedback-delay-network reverb: two inputs, two outputs (method section 2.5).
///
/// The response is sampled at the bins of its full length, as the released code does: what it has left beyond that
/// length is folded back, at -80 dB or below with the published 12 s and longest decay of 9 s, audibly where a
/// description gives a response shorter than its decay. On other grids the response goes to time, is cut there, and
/// comes back; ``SendSection`` says which. The tone equaliser works in time: on the two outputs of the sends where
/// they are this network's alone, else on the matrix while it is there.
///
/// Unchecked sendable: tasks write to bins or outputs of their own; what all read is set between the loops of
/// tasks.
final class NetworkResponse<Scalar: SignalScalar>: SendModel, @unchecked Sendable {
  let inputCount = 2
  let length: Int
  let parameterCount: Int
  let matrix: [SignalBuffer<Scalar>]
  /// The grid of the full length.
  let ownGrid: RealFFT<Scalar>
  /// The grid that the matrix was last taken to.
  private var otherGrid: RealFFT<Scalar>
  let effect: FeedbackDelayNetwork
  let slots: FeedbackDelayNetwork.Slots
  let sampleRate: Double
  let lines: Int
  private let tables: NetworkTables<Scalar>
  let setting: NetworkSetting<Scalar>
  private let times: [SignalBuffer<Scalar>]
  /// Responses after the tone; `times` where the matrix has none.
  private let toned: [SignalBuffer<Scalar>]
  /// A filter for each response of the matrix, or for each output.
  let tones: [ToneFilter<Scalar>]
  private let tonesMatrix: Bool
  let exponential: MatrixExponential
  let generator: SignalBuffer<Double>
  let mixing: SignalBuffer<Double>
  let sums: [NetworkCotangent]
  let total: NetworkCotangent
  var designs: [BandDesign]
  var coefficients: [BiquadCoefficients]
  var toneCotangents: [BiquadCoefficients]

  /// - Parameters:
  ///   - maximumLength: samples of the response that will be used; it is cut there.
  ///   - gridCapacity: samples of the longest grid that the matrix will be on.
  ///   - ownGrid: the transform of the full length, where there is one already.
  ///   - tonesMatrix: whether the tone belongs to the matrix, because others than the outputs hear it.
  ///   - taskCount: most tasks that pull back.
  init(
    _ effect: FeedbackDelayNetwork, sampleRate: Double, maximumLength: Int, gridCapacity: Int,
    ownGrid: RealFFT<Scalar>?, tonesMatrix: Bool, taskCount: Int
  ) {
    self.effect = effect
    slots = effect.slots
    self.sampleRate = sampleRate
    let lines = effect.delaySamples.count
    self.lines = lines
    parameterCount = effect.parameterCount
    let full = effect.responseLength(sampleRate: sampleRate)
    let grid = ownGrid ?? RealFFT(count: full + full % 2)
    self.ownGrid = grid
    otherGrid = grid
    length = min(full, maximumLength)
    let capacity = max(gridCapacity, grid.count)
    tables = NetworkTables(effect, binCount: grid.binCount)
    setting = NetworkSetting(lines: lines, points: effect.decayPoints)
    matrix = (0..<4).map { _ in SignalBuffer(count: capacity + 2) }
    times = (0..<4).map { _ in SignalBuffer(count: capacity) }
    self.tonesMatrix = tonesMatrix && !effect.tone.isEmpty
    toned = self.tonesMatrix ? (0..<4).map { _ in SignalBuffer(count: capacity) } : times
    tones =
      effect.tone.isEmpty
      ? []
      : (0..<(tonesMatrix ? 4 : 2)).map { [length] _ in
        ToneFilter(stageCount: effect.tone.count, count: length)
      }
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

  /// Takes the matrix to time, equalises it if that is to be and cuts it there, and takes it to another grid.
  func cut(on grid: RealFFT<Scalar>, _ team: ThreadTeam) {
    otherGrid = grid
    team.run(4, toTimeAndOtherGrid)
  }

  /// The filter of an output, nil where there is none: the tone is in the matrix, or nowhere.
  func outputTone(channel: Int) -> ToneFilter<Scalar>? { tonesMatrix || tones.isEmpty ? nil : tones[channel] }

  // MARK: - Pullback

  func beginPullback(task: Int) { sums[task].clear() }

  /// Takes the cotangent of a task's bins, on the own grid, to the sums.
  func pull(task: Int) {
    tables.pullback(setting, cotangents: matrix, scale: 1, sums: sums[task], range: bins(of: task))
  }

  /// The way back of ``cut(on:_:)``, and on to the sums.
  func pullCut(on grid: RealFFT<Scalar>, _ team: ThreadTeam) {
    otherGrid = grid
    team.run(4, backToOwnGrid)
    team.run(taskCount, backToSums)
  }

  // MARK: - Tasks of the parallel loops, made once because a closure is an object

  private lazy var toTimeAndOtherGrid: @Sendable (Int) -> Void = { [unowned self] in
    let (time, toned) = (times[$0].pointer, toned[$0].pointer)
    ownGrid.inverseDestroying(matrix[$0].pointer, into: time)
    scale(time, by: 1 / Double(ownGrid.count), into: time, count: length)
    if tonesMatrix { tones[$0].apply(coefficients, to: time, into: toned) }
    clear(toned + length, count: otherGrid.count - length)
    otherGrid.forward(toned, into: matrix[$0].pointer)
  }
  private lazy var backToOwnGrid: @Sendable (Int) -> Void = { [unowned self] in
    let (spectrum, toned) = (matrix[$0].pointer, toned[$0].pointer)
    HalfSpectrum(spectrum, binCount: otherGrid.binCount).doubleEdges()
    otherGrid.inverseDestroying(spectrum, into: toned)
    // The cotangent in time is half of the inverse.
    scale(toned, by: 0.5, into: toned, count: length)
    if tonesMatrix { tones[$0].pullback(input: times[$0].pointer, cotangent: toned) }
    clear(toned + length, count: ownGrid.count - length)
    ownGrid.forward(toned, into: spectrum)
    HalfSpectrum(spectrum, binCount: ownGrid.binCount).doubleInnerBins()
  }
  private lazy var backToSums: @Sendable (Int) -> Void = { [unowned self] in
    sums[$0].clear()
    tables.pullback(
      setting, cotangents: matrix, scale: 1 / Double(ownGrid.count), sums: sums[$0], range: bins(of: $0))
  }
}
