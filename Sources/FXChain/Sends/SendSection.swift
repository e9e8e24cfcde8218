import CKernels
import FXParams
import NumericCore

/// All sends of a chain as one transfer function from the mono signal to each output, with its pullback.
///
/// The effects and the gains between them are linear, so the total response of a send is
/// T = R (1 + sum over feeds of gain x T of the source), bin by bin, and the outputs hear the sum of all T. Sends
/// that nothing feeds and whose response is known in time are heard *directly*, there; the others are summed at the
/// bins and cost two transforms to time whatever their number. Segments share both.
///
/// Bins belong to the *exact* or to the *time-aliased* grid; see ``canAlias(_:)``.
///
/// Unchecked sendable: tasks write to bins of their own; what all read is set between the loops of tasks.
final class SendSection<Scalar: SignalScalar>: @unchecked Sendable {
  /// Samples after which nothing is heard any more.
  let length: Int
  /// Most samples of either grid.
  let capacity: Int
  /// The transform whose bins are in use.
  private(set) var grid: RealFFT<Scalar>
  /// Transfer functions to left and right of all that is not heard directly; for a pullback, their cotangents.
  let spectra: [SignalBuffer<Scalar>]
  /// Whether there is anything in ``spectra``.
  let hasSpectra: Bool
  /// Whether the networks are taken as they are sampled.
  private(set) var isTimeAliased = false

  private let exactGrid: RealFFT<Scalar>
  let aliasedGrid: RealFFT<Scalar>?
  let models: [any SendModel<Scalar>]
  let delays: [PingPongResponse<Scalar>]
  let networks: [NetworkResponse<Scalar>]
  /// What feeds the network, where the time-aliased grid may serve.
  let feeds: [NetworkFeed<Scalar>]
  /// Which sends are heard directly; then which of the delays, and which of them others hear at the bins.
  let isDirect: [Bool]
  let delayIsDirect: [Bool]
  let delayUsesGrid: [Bool]
  let places: [SendPlace]
  let tasks: [SendTask<Scalar>]
  /// A chunk of ones: the transfer function of the mono signal to itself.
  private let unity = SignalBuffer<Scalar>(count: 2 * chunkBins)

  /// 8192 bins: small enough to balance, large enough for the sums to be few.
  private static var chunksPerTask: Int { 32 }
  static var binsPerTask: Int { chunksPerTask * chunkBins }

  /// - Precondition: the chain has a send.
  init(_ chain: ChainDescription, maximumLength: Int) {
    let layout = SendLayout(chain, maximumLength: maximumLength)
    let exact = FastLengths.length(atLeast: layout.length)
    let aliased = Scalar.kernels.hidesTimeAliasing ? layout.aliasedCount : nil
    // The networks' own grid serves both ways where it is long enough.
    let aliasedGrid = aliased.map { RealFFT<Scalar>(count: $0) }
    if let aliasedGrid, aliasedGrid.count >= layout.length {
      exactGrid = aliasedGrid
    } else {
      exactGrid = RealFFT(count: exact)
    }
    self.aliasedGrid = aliasedGrid
    grid = exactGrid
    let capacity = max(exactGrid.count, aliasedGrid?.count ?? 0)
    self.capacity = capacity
    length = min(maximumLength, layout.length)
    let taskCount = (capacity / 2 + Self.binsPerTask) / Self.binsPerTask
    isDirect = layout.isDirect
    hasSpectra = isDirect.contains(false)
    // The tone of a network that is all there is in the spectra goes to the outputs, if they end where its response
    // does.
    let isAlone = isDirect.count { !$0 } == 1
    spectra = (0..<2).map { _ in SignalBuffer(count: capacity + 2) }
    for bin in 0..<chunkBins { unity[bin] = 1 }

    var models: [any SendModel<Scalar>] = []
    var delays: [PingPongResponse<Scalar>] = []
    var networks: [NetworkResponse<Scalar>] = []
    for effect in chain.sends {
      switch effect {
      case .pingPongDelay(let effect):
        delays.append(
          PingPongResponse(
            effect, sampleRate: chain.sampleRate, maximumLength: maximumLength, gridCapacity: capacity))
        models.append(delays[delays.count - 1])
      case .feedbackDelayNetwork(let effect):
        networks.append(
          NetworkResponse(
            effect, sampleRate: chain.sampleRate, maximumLength: maximumLength, gridCapacity: capacity,
            ownGrid: aliasedGrid,
            tonesMatrix: !isAlone || length > effect.responseLength(sampleRate: chain.sampleRate),
            taskCount: taskCount))
        models.append(networks[networks.count - 1])
      }
    }
    (self.models, self.delays, self.networks) = (models, delays, networks)
    responseTaskCount = delays.count + networks.reduce(0) { $0 + $1.taskCount }
    let slots = chain.slots
    places = models.enumerated().map { index, model in
      SendPlace(
        index, inputCount: model.inputCount, offset: slots.sends[index].lowerBound,
        firstGain: slots.crossSends.lowerBound,
        crossSends: chain.crossSends)
    }
    tasks = (0..<taskCount).map { _ in SendTask(models, gainCount: slots.crossSends.upperBound) }
    let delaySends = chain.sends.indices.filter { chain.sends[$0].network == nil }
    delayIsDirect = delaySends.map { layout.isDirect[$0] }
    let places = places
    delayUsesGrid = delaySends.map { !layout.isDirect[$0] || places[$0].feedsOthers }
    let network = aliasedGrid == nil ? nil : layout.isDirect.firstIndex(of: false)
    feeds = (network.map { places[$0].links } ?? []).filter { $0.channel == 0 }.map { [delays] link in
      NetworkFeed(
        parameter: link.parameter, weight: link.weight, echoes: delays[delaySends.firstIndex(of: link.source) ?? 0])
    }
  }

  // MARK: - Value

  /// Takes parameter values, in the flat order of the chain, and chooses the grid.
  func prepare(_ values: UnsafePointer<Double>) {
    for send in models.indices { models[send].prepare(values + places[send].offset) }
    isTimeAliased = canAlias(values)
    grid = isTimeAliased ? aliasedGrid ?? exactGrid : exactGrid
  }

  /// Tasks that compute the single effects' responses, independent of one another.
  let responseTaskCount: Int

  @specialized(where Scalar == Float)
  @specialized(where Scalar == Double)
  func respond(task: Int) {
    if task < delays.count { return delays[task].respond(on: delayUsesGrid[task] ? grid : nil) }
    var rest = task - delays.count
    for index in networks.indices {
      if rest < networks[index].taskCount { return networks[index].respond(task: rest) }
      rest -= networks[index].taskCount
    }
  }

  /// Cuts the networks' responses to what is heard, on the exact grid; after all tasks.
  func finishResponses(_ team: ThreadTeam) {
    guard !isTimeAliased else { return }
    for index in networks.indices { networks[index].cut(on: grid, team) }
  }

  /// Tasks that share the bins of the grid in use out, in order.
  var taskCount: Int { (grid.binCount + Self.binsPerTask - 1) / Self.binsPerTask }

  func chunks(of task: Int) -> Range<Int> {
    let count = (grid.binCount + chunkBins - 1) / chunkBins
    return task * Self.chunksPerTask..<min((task + 1) * Self.chunksPerTask, count)
  }

  /// Fills a task's bins of ``spectra``.
  @specialized(where Scalar == Float)
  @specialized(where Scalar == Double)
  func combine(task number: Int, _ values: UnsafePointer<Double>) {
    let task = tasks[number]
    for index in chunks(of: number) {
      var sum: PointerTable<Scalar>?
      for send in models.indices where usesGrid(send) {
        gatherInputs(send, task, values)
        respond(send, index, task.chunks[send])
        guard !isDirect[send] else { continue }
        let outputs = task.chunks[send].outputs
        if let sum {
          for channel in 0..<2 {
            accumulate(outputs[channel], weight: 1, into: sum[channel], count: 2 * chunkBins)
          }
        } else {
          sum = outputs
        }
      }
      guard let sum else { continue }
      for channel in 0..<2 {
        merge(sum[channel], chunk: index, binCount: grid.binCount, into: spectra[channel].pointer)
      }
    }
  }

  /// What is only heard directly has no place at the bins.
  func usesGrid(_ send: Int) -> Bool { !isDirect[send] || places[send].feedsOthers }

  /// Inputs of one send. Every input hears the mono signal, whose transfer function is 1.
  func gatherInputs(_ send: Int, _ task: SendTask<Scalar>, _ values: UnsafePointer<Double>) {
    for input in 0..<models[send].inputCount {
      copy(unity.pointer, into: task.chunks[send].inputs[input], count: 2 * chunkBins)
    }
    for link in places[send].links {
      accumulate(
        task.chunks[link.source].outputs[link.channel], weight: link.weight * values[link.parameter],
        into: task.chunks[send].inputs[link.input], count: 2 * chunkBins)
    }
  }

  func respond(_ send: Int, _ index: Int, _ chunk: SendChunk<Scalar>) {
    let model = models[send]
    sendResponse(
      inputCount: model.inputCount, matrix: model.matrix, chunk, index: index, binCount: grid.binCount)
  }

  // MARK: - Heard in time

  /// The filter of an output, if what ``spectra`` hold goes through one.
  func outputTone(channel: Int) -> ToneFilter<Scalar>? {
    networks.count == 1 ? networks[0].outputTone(channel: channel) : nil
  }

  /// The coefficients of ``outputTone(channel:)``.
  var outputToneCoefficients: [BiquadCoefficients] { networks[0].coefficients }

  /// Adds `weight` times what is heard directly.
  @specialized(where Scalar == Float)
  @specialized(where Scalar == Double)
  func addDirect(channel: Int, weight: Double, into response: UnsafeMutablePointer<Scalar>) {
    for index in delays.indices where delayIsDirect[index] {
      accumulate(
        delays[index].signals[channel].pointer, weight: weight, into: response, count: delays[index].length)
    }
  }
}
