import FXParams
import NumericCore

/// All sends of a chain as one transfer function from the mono signal to each output, with its pullback.
///
/// The effects are linear, so they and the gains between them multiply bin by bin: sends cost two transforms to time
/// whatever their number, and segments share them. The bins are those of a transform as long as the longest path
/// through the sends, whose end is where nothing is heard any more.
final class SendSection<Scalar: SignalScalar>: @unchecked Sendable {
  /// Samples after which the response of every path is over.
  let length: Int
  let fft: RealFFT<Scalar>
  /// The tasks that share the bins out, in order.
  let taskCount: Int
  /// Transfer functions to left and right; for a pullback, the cotangents.
  let spectra: [SignalBuffer<Scalar>]

  private let sends: [Send]
  private let tasks: [Task]
  private let chunkCount: Int
  /// A chunk of ones: the transfer function of the mono signal to itself.
  private let unity = SignalBuffer<Scalar>(count: 2 * chunkBins)

  private struct Send {
    let model: any SendModel<Scalar>
    /// Where the effect's parameters start in the flat order.
    let offset: Int
    let links: [Link]
    let feedsOthers: Bool
  }

  /// One channel of an earlier send that enters an input, times the value of a parameter and a weight.
  private struct Link {
    let source: Int
    let channel: Int
    let input: Int
    let parameter: Int
    let weight: Double
  }

  /// What a task works with: a chunk a send, and the cotangents of the links' gains.
  private struct Task {
    let chunks: [SendChunk<Scalar>]
    let gains: SignalBuffer<Double>
  }

  /// 8192 bins: small enough to balance, large enough for the sums to be few.
  private static var chunksPerTask: Int { 32 }

  /// - Precondition: the chain has a send.
  init(_ chain: ChainDescription) {
    let crossSends = chain.crossSends
    var reach: [Int] = []
    for (index, effect) in chain.sends.enumerated() {
      let sources = crossSends.filter { $0.destination == index }.map { reach[$0.source] }
      reach.append((sources.max() ?? 0) + effect.responseLength(sampleRate: chain.sampleRate))
    }
    length = reach.max() ?? 2
    let fft = RealFFT<Scalar>(count: RealFFT<Scalar>.fastCount(atLeast: length))
    self.fft = fft
    chunkCount = (fft.binCount + chunkBins - 1) / chunkBins
    let taskCount = (chunkCount + Self.chunksPerTask - 1) / Self.chunksPerTask
    self.taskCount = taskCount
    spectra = (0..<2).map { _ in SignalBuffer(count: 2 * fft.binCount) }

    for bin in 0..<chunkBins { unity[bin] = 1 }

    let firstGain = chain.series.reduce(0) { $0 + $1.parameters().count }
    var offset = firstGain + crossSends.count
    sends = chain.sends.enumerated().map { index, effect in
      let model: any SendModel<Scalar> =
        switch effect {
        case .pingPongDelay(let delay):
          PingPongResponse(delay, sampleRate: chain.sampleRate, grid: fft, taskCount: taskCount)
        case .feedbackDelayNetwork(let network):
          NetworkResponse(network, sampleRate: chain.sampleRate, grid: fft, taskCount: taskCount)
        }
      var links: [Link] = []
      for (gain, send) in crossSends.enumerated() where send.destination == index {
        for channel in 0..<2 {
          // A stereo send enters channel by channel, or as the mean into a single input.
          let isStereo = model.inputCount == 2
          links.append(
            Link(
              source: send.source, channel: channel, input: isStereo ? channel : 0, parameter: firstGain + gain,
              weight: isStereo ? 1 : 0.5))
        }
      }
      defer { offset += model.parameterCount }
      return Send(
        model: model, offset: offset, links: links, feedsOthers: crossSends.contains { $0.source == index })
    }
    let models = sends.map(\.model)
    tasks = (0..<taskCount).map { _ in
      Task(
        chunks: models.map { SendChunk(scratchCount: $0.scratchCount) },
        gains: SignalBuffer(count: firstGain + crossSends.count))
    }
  }

  private func chunks(of task: Int) -> Range<Int> {
    task * Self.chunksPerTask..<min((task + 1) * Self.chunksPerTask, chunkCount)
  }

  // MARK: - Value

  /// Takes parameter values, in the flat order of the chain.
  func prepare(_ values: UnsafePointer<Double>) {
    for send in sends { send.model.prepare(values + send.offset) }
  }

  /// Fills a task's bins of ``spectra``.
  func respond(task: Int, _ values: UnsafePointer<Double>) {
    let chunks = tasks[task].chunks
    for index in self.chunks(of: task) {
      for (number, send) in sends.enumerated() {
        gatherInputs(number, chunks, values)
        send.model.respond(index, chunks[number])
      }
      for channel in 0..<2 {
        let sum = chunks[0].output(channel)
        for number in 1..<max(sends.count, 1) {
          accumulate(chunks[number].output(channel), weight: 1, into: sum, count: 2 * chunkBins)
        }
        merge(sum, chunk: index, binCount: fft.binCount, into: spectra[channel].pointer)
      }
    }
  }

  /// Inputs of one send. Every input hears the mono signal, whose transfer function is 1.
  private func gatherInputs(_ number: Int, _ chunks: [SendChunk<Scalar>], _ values: UnsafePointer<Double>) {
    let (send, chunk) = (sends[number], chunks[number])
    for input in 0..<send.model.inputCount {
      copy(unity.pointer, into: chunk.input(input), count: 2 * chunkBins)
    }
    for link in send.links {
      accumulate(
        chunks[link.source].output(link.channel), weight: link.weight * values[link.parameter],
        into: chunk.input(link.input), count: 2 * chunkBins)
    }
  }

  // MARK: - Pullback

  /// Pulls the cotangents in ``spectra`` back, for a task's bins.
  func pull(task: Int, _ values: UnsafePointer<Double>) {
    let (chunks, gains) = (tasks[task].chunks, tasks[task].gains)
    gains.clear()
    for send in sends { send.model.beginPullback(task: task) }
    for index in self.chunks(of: task) {
      for (number, send) in sends.enumerated() {
        gatherInputs(number, chunks, values)
        if send.feedsOthers { send.model.respond(index, chunks[number]) }
        for channel in 0..<2 {
          split(
            spectra[channel].pointer, chunk: index, binCount: fft.binCount,
            into: chunks[number].outputCotangent(channel))
        }
        for input in 0..<send.model.inputCount {
          clear(chunks[number].inputCotangent(input), count: 2 * chunkBins)
        }
      }
      for number in sends.indices.reversed() {
        let (send, chunk) = (sends[number], chunks[number])
        send.model.pull(index, chunk, task: task)
        for link in send.links {
          let (source, cotangent) = (chunks[link.source], chunk.inputCotangent(link.input))
          gains[link.parameter] +=
            link.weight * innerProduct(cotangent, source.output(link.channel), count: 2 * chunkBins)
          accumulate(
            cotangent, weight: link.weight * values[link.parameter], into: source.outputCotangent(link.channel),
            count: 2 * chunkBins)
        }
      }
    }
  }

  /// Adds the cotangents of the values, after all tasks.
  func finishPullback(into gradient: UnsafeMutablePointer<Double>) {
    for task in tasks {
      for index in 0..<task.gains.count { gradient[index] += task.gains[index] }
    }
    for send in sends { send.model.finishPullback(into: gradient + send.offset) }
  }
}

extension ChainDescription.SendEffect {
  /// Samples after which the effect's response counts as over.
  func responseLength(sampleRate: Double) -> Int {
    switch self {
    case .pingPongDelay(let effect): PingPongResponse<Float>.length(effect, sampleRate: sampleRate)
    case .feedbackDelayNetwork(let effect): NetworkResponse<Float>.length(effect, sampleRate: sampleRate)
    }
  }
}
