import CKernels
import FXParams
import NumericCore

/// All sends of a chain as one transfer function from the mono signal to each output, with its pullback.
///
/// The effects and the gains between them are linear, so the total response of a send is
/// T = R (1 + sum over feeds of gain x T of the source), bin by bin, and the sum of all T is what the outputs hear: the
/// sends cost two transforms to time whatever their number, and segments share them.
///
/// Bins belong to the *exact* or to the *folded* grid; see ``canFold(_:)``.
final class SendSection<Scalar: SignalScalar>: @unchecked Sendable {
  /// Samples after which nothing is heard any more.
  let length: Int
  /// Most samples of either grid.
  let capacity: Int
  /// The transform whose bins are in use.
  private(set) var grid: RealFFT<Scalar>
  /// Transfer functions to left and right; for a pullback, their cotangents.
  let spectra: [SignalBuffer<Scalar>]
  /// Whether the networks are taken as they are sampled.
  private(set) var isFolded = false

  private let exactGrid: RealFFT<Scalar>
  let foldedGrid: RealFFT<Scalar>?
  let models: [any SendModel<Scalar>]
  private let delays: [PingPongResponse<Scalar>]
  let networks: [NetworkResponse<Scalar>]
  /// Which of the sends each network is.
  let networkSends: [Int]
  /// Samples of echoes that feed each network.
  let feedLengths: [Int]
  let places: [SendPlace]
  private let tasks: [SendTask<Scalar>]
  /// A chunk of ones: the transfer function of the mono signal to itself.
  private let unity = SignalBuffer<Scalar>(count: 2 * chunkBins)

  /// 8192 bins: small enough to balance, large enough for the sums to be few.
  private static var chunksPerTask: Int { 32 }
  static var binsPerTask: Int { chunksPerTask * chunkBins }

  /// - Precondition: the chain has a send.
  init(_ chain: ChainDescription, maximumLength: Int) {
    let layout = SendLayout(chain, maximumLength: maximumLength)
    let exact = RealFFT<Scalar>.fastCount(atLeast: layout.length)
    let folded = Scalar.self == Float.self ? layout.foldedCount : nil
    // The networks' own grid serves both ways where it is long enough.
    let foldedGrid = folded.map { RealFFT<Scalar>(count: $0) }
    if let foldedGrid, foldedGrid.count >= layout.length {
      exactGrid = foldedGrid
    } else {
      exactGrid = RealFFT(count: exact)
    }
    self.foldedGrid = foldedGrid
    grid = exactGrid
    let capacity = max(exactGrid.count, foldedGrid?.count ?? 0)
    self.capacity = capacity
    length = min(maximumLength, layout.length)
    let taskCount = (capacity / 2 + Self.binsPerTask) / Self.binsPerTask
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
            ownGrid: foldedGrid, taskCount: taskCount))
        models.append(networks[networks.count - 1])
      }
    }
    (self.models, self.delays, self.networks) = (models, delays, networks)
    networkSends = chain.sends.indices.filter { chain.sends[$0].isNetwork }
    responseTaskCount = delays.count + networks.reduce(0) { $0 + $1.taskCount }
    feedLengths = layout.feedLengths
    let firstGain = chain.series.reduce(0) { $0 + $1.parameters().count }
    var offset = firstGain + chain.crossSends.count
    places = models.enumerated().map { index, model in
      defer { offset += model.parameterCount }
      return SendPlace(
        index, inputCount: model.inputCount, offset: offset, firstGain: firstGain, crossSends: chain.crossSends)
    }
    tasks = (0..<taskCount).map { _ in SendTask(models, gainCount: firstGain + chain.crossSends.count) }
  }

  // MARK: - Value

  /// Takes parameter values, in the flat order of the chain, and chooses the grid.
  func prepare(_ values: UnsafePointer<Double>) {
    for send in models.indices { models[send].prepare(values + places[send].offset) }
    isFolded = canFold(values)
    grid = isFolded ? foldedGrid ?? exactGrid : exactGrid
    for index in networks.indices { networks[index].hasToneAtBins = isFolded }
  }

  /// Tasks that compute the single effects' responses, independent of one another.
  let responseTaskCount: Int

  func respond(task: Int) {
    if task < delays.count { return delays[task].respond(on: grid) }
    var rest = task - delays.count
    for index in networks.indices {
      if rest < networks[index].taskCount { return networks[index].respond(task: rest) }
      rest -= networks[index].taskCount
    }
  }

  /// Cuts the networks' responses to what is heard, on the exact grid; after all tasks.
  func finishResponses(_ team: ThreadTeam) {
    guard !isFolded else { return }
    for index in networks.indices { networks[index].cut(on: grid, team) }
  }

  /// Tasks that share the bins of the grid in use out, in order.
  var taskCount: Int { (grid.binCount + Self.binsPerTask - 1) / Self.binsPerTask }

  private func chunks(of task: Int) -> Range<Int> {
    let count = (grid.binCount + chunkBins - 1) / chunkBins
    return task * Self.chunksPerTask..<min((task + 1) * Self.chunksPerTask, count)
  }

  /// Fills a task's bins of ``spectra``.
  func combine(task number: Int, _ values: UnsafePointer<Double>) {
    let task = tasks[number]
    for index in chunks(of: number) {
      for send in models.indices {
        gatherInputs(send, task, values)
        respond(send, index, task.chunks[send])
      }
      for channel in 0..<2 {
        let sum = task.chunks[0].outputs[channel]
        for send in 1..<models.count {
          accumulate(task.chunks[send].outputs[channel], weight: 1, into: sum, count: 2 * chunkBins)
        }
        merge(sum, chunk: index, binCount: grid.binCount, into: spectra[channel].pointer)
      }
    }
  }

  /// Inputs of one send. Every input hears the mono signal, whose transfer function is 1.
  private func gatherInputs(_ send: Int, _ task: SendTask<Scalar>, _ values: UnsafePointer<Double>) {
    for input in 0..<models[send].inputCount {
      copy(unity.pointer, into: task.chunks[send].inputs[input], count: 2 * chunkBins)
    }
    for link in places[send].links {
      accumulate(
        task.chunks[link.source].outputs[link.channel], weight: link.weight * values[link.parameter],
        into: task.chunks[send].inputs[link.input], count: 2 * chunkBins)
    }
  }

  private func respond(_ send: Int, _ index: Int, _ chunk: SendChunk<Scalar>) {
    let model = models[send]
    let tone = model.tone(index, into: chunk.tone)
    sendResponse(
      inputCount: model.inputCount, matrix: model.matrix, tone: tone, chunk, index: index, binCount: grid.binCount)
  }

  // MARK: - Pullback

  /// Pulls the cotangents in ``spectra`` back to those of the single effects' responses, for a task's bins.
  func pull(task number: Int, _ values: UnsafePointer<Double>) {
    let task = tasks[number]
    task.gains.clear()
    for index in networks.indices { networks[index].beginPullback(task: number) }
    for index in chunks(of: number) {
      for send in models.indices {
        gatherInputs(send, task, values)
        if places[send].feedsOthers { respond(send, index, task.chunks[send]) }
        takeCotangents(send, index, task)
      }
      for send in models.indices.reversed() {
        let (model, chunk) = (models[send], task.chunks[send])
        let tone = model.tone(index, into: chunk.tone)
        sendPullback(
          inputCount: model.inputCount, matrix: model.matrix, tone: tone, chunk, index: index,
          binCount: grid.binCount)
        if tone != nil {
          model.pullTone(index, cotangent: chunk.toneCotangent, partial: chunk.partial, task: number)
        }
        pullLinks(send, task, values)
      }
    }
    guard isFolded else { return }
    for index in networks.indices { networks[index].pull(task: number) }
  }

  /// Every output is heard; what later sends hear of it comes on top.
  private func takeCotangents(_ send: Int, _ index: Int, _ task: SendTask<Scalar>) {
    for channel in 0..<2 {
      split(
        spectra[channel].pointer, chunk: index, binCount: grid.binCount,
        into: task.chunks[send].outputCotangents[channel])
    }
    for input in 0..<models[send].inputCount {
      clear(task.chunks[send].inputCotangents[input], count: 2 * chunkBins)
    }
  }

  private func pullLinks(_ send: Int, _ task: SendTask<Scalar>, _ values: UnsafePointer<Double>) {
    for link in places[send].links {
      let (source, cotangent) = (task.chunks[link.source], task.chunks[send].inputCotangents[link.input])
      task.gains[link.parameter] +=
        link.weight * innerProduct(cotangent, source.outputs[link.channel], count: 2 * chunkBins)
      accumulate(
        cotangent, weight: link.weight * values[link.parameter], into: source.outputCotangents[link.channel],
        count: 2 * chunkBins)
    }
  }

  /// Tasks that follow those of ``pull(task:_:)``.
  var delayCount: Int { delays.count }
  func pullDelay(_ index: Int) { delays[index].pull(on: grid) }

  /// Adds the cotangents of the values, after all tasks.
  func finishPullback(into gradient: UnsafeMutablePointer<Double>, _ team: ThreadTeam) {
    if !isFolded { for index in networks.indices { networks[index].pullCut(on: grid, team) } }
    for number in 0..<taskCount {
      let gains = tasks[number].gains
      for index in 0..<gains.count { gradient[index] += gains[index] }
    }
    for send in models.indices { models[send].finishPullback(into: gradient + places[send].offset) }
  }
}
