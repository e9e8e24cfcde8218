import FXParams
import NumericCore

/// Everything that belongs to one dry segment: its signals through the chain, forwards and back.
final class SegmentWorkspace<Scalar: SignalScalar>: @unchecked Sendable {
  let frameCount: Int
  let left: SignalBuffer<Scalar>
  let right: SignalBuffer<Scalar>
  /// Cotangents of the outputs: filled by the caller before a pullback.
  let leftCotangent: SignalBuffer<Scalar>
  let rightCotangent: SignalBuffer<Scalar>

  private let fft: RealFFT<Scalar>
  private let stages: [any SeriesStage<Scalar>]
  /// signals[k]: input of series stage k; the last is the mono signal that feeds pan and sends.
  private let signals: [SignalBuffer<Scalar>]
  private let monoSpectrum: SignalBuffer<Scalar>
  /// Cotangent of the mono signal, then pulled back in place through the series to that of the dry signal.
  let monoCotangent: SignalBuffer<Scalar>
  private let sends: [SendWorkspace]
  private let time: SignalBuffer<Scalar>
  private let spectrum: SignalBuffer<Scalar>
  /// The cotangents of the series parameters and of the pan and cross-send gains, of this segment alone.
  private let gradient: SignalBuffer<Double>

  /// What one send keeps of this segment.
  private struct SendWorkspace {
    /// Spectra of the inputs where other sends feed them; the mono spectrum otherwise.
    let inputs: [SignalBuffer<Scalar>]
    /// Outputs in time, where later sends need them, and their spectra.
    let outputs: [SignalBuffer<Scalar>]
    let outputSpectra: [SignalBuffer<Scalar>]
    /// Cotangent spectra of the outputs.
    let cotangents: [SignalBuffer<Scalar>]
    /// Cotangents of the inputs in time, where other sends feed them.
    let inputCotangents: [SignalBuffer<Scalar>]
  }

  init(_ dry: [Scalar], chain: ChainDescription, sends: [SendStage<Scalar>], fft: RealFFT<Scalar>) {
    self.fft = fft
    let count = dry.count
    frameCount = count
    let samples = { SignalBuffer<Scalar>(count: count) }
    let bins = { SignalBuffer<Scalar>(count: 2 * fft.binCount) }
    left = samples()
    right = samples()
    leftCotangent = samples()
    rightCotangent = samples()
    stages = chain.series.map { $0.makeStage(Scalar.self, sampleRate: chain.sampleRate, count: count) }
    signals = [SignalBuffer(dry)] + chain.series.map { _ in samples() }
    monoSpectrum = bins()
    monoCotangent = samples()
    let feeding = Set(sends.flatMap { $0.feeds.map(\.source) })
    let mono = monoSpectrum
    self.sends = sends.enumerated().map { index, send in
      let isFed = !send.feeds.isEmpty
      let feedsOthers = feeding.contains(index)
      return SendWorkspace(
        inputs: isFed ? (0..<send.inputCount).map { _ in bins() } : [mono],
        outputs: feedsOthers ? [samples(), samples()] : [],
        outputSpectra: feedsOthers ? [bins(), bins()] : [],
        cotangents: [bins(), bins()],
        inputCotangents: isFed ? (0..<send.inputCount).map { _ in samples() } : [])
    }
    time = SignalBuffer(count: fft.count)
    spectrum = bins()
    gradient = SignalBuffer(count: chain.parameterSpace.count)
  }

  private var mono: SignalBuffer<Scalar> { signals[signals.count - 1] }

  /// Takes other dry samples, as many as before.
  func replaceDry(by samples: [Scalar]) { signals[0].pointer.update(from: samples, count: frameCount) }

  // MARK: - Value

  /// The series effects and the spectrum of what they give.
  func applySeries(_ values: UnsafePointer<Double>) {
    var position = 0
    for (index, stage) in stages.enumerated() {
      stage.apply(values + position, input: signals[index].pointer, output: signals[index + 1].pointer)
      position += stage.parameterCount
    }
    if !sends.isEmpty { transform(mono, into: monoSpectrum) }
  }

  /// Direct sound plus sends.
  func applySends(_ values: UnsafePointer<Double>, stages: [SendStage<Scalar>], panParameter: Int?) {
    let pan = panParameter.map { PanGains(values[$0]) } ?? PanGains(0.5)
    scale(mono.pointer, by: pan.left, into: left.pointer, count: frameCount)
    scale(mono.pointer, by: pan.right, into: right.pointer, count: frameCount)
    for (index, stage) in stages.enumerated() {
      let send = sends[index]
      if !stage.feeds.isEmpty { gatherInputs(values, stage: stage, send: send) }
      for output in 0..<2 {
        for (input, source) in send.inputs.enumerated() {
          multiply(
            source.pointer, stage.spectra[output * stage.inputCount + input].pointer, into: spectrum.pointer,
            count: fft.binCount, adding: input > 0)
        }
        fft.inverseDestroying(spectrum.pointer, into: time.pointer)
        accumulate(
          time.pointer, weight: 1 / Double(fft.count), into: output == 0 ? left.pointer : right.pointer,
          count: frameCount)
        if !send.outputs.isEmpty {
          scale(time.pointer, by: 1 / Double(fft.count), into: send.outputs[output].pointer, count: frameCount)
          transform(send.outputs[output], into: send.outputSpectra[output])
        }
      }
    }
  }

  /// Input spectra of a send that others feed: mono + sum of gain x output; one input takes the mean of two channels.
  private func gatherInputs(_ values: UnsafePointer<Double>, stage: SendStage<Scalar>, send: SendWorkspace) {
    for (input, target) in send.inputs.enumerated() {
      target.pointer.update(from: monoSpectrum.pointer, count: target.count)
      for feed in stage.feeds {
        for (channel, weight) in stage.feedWeights(input: input) {
          accumulate(
            sends[feed.source].outputSpectra[channel].pointer, weight: weight * values[feed.parameter],
            into: target.pointer, count: target.count)
        }
      }
    }
  }

  private func transform(_ signal: SignalBuffer<Scalar>, into target: SignalBuffer<Scalar>) {
    time.pointer.update(from: signal.pointer, count: frameCount)
    time.clear(frameCount..<fft.count)
    fft.forward(time.pointer, into: target.pointer)
  }

  // MARK: - Pullback

  /// Pulls the output cotangents back through sends, pan and series; the responses' cotangents are left to
  /// ``accumulateResponse(pair:of:stage:adding:)``, which the renderer runs over all segments afterwards.
  func pullback(_ values: UnsafePointer<Double>, stages sendStages: [SendStage<Scalar>], panParameter: Int?) {
    gradient.clear()
    pullPan(values, panParameter: panParameter)
    for index in sendStages.indices.reversed() { pullSend(index, values: values, stages: sendStages) }
    if !sends.isEmpty { collectUnfedSends(sendStages) }

    var position = stages.reduce(0) { $0 + $1.parameterCount }
    for index in stages.indices.reversed() {
      position -= stages[index].parameterCount
      stages[index].pullback(
        values + position, input: signals[index].pointer, output: signals[index + 1].pointer,
        cotangent: monoCotangent.pointer, into: gradient.pointer + position)
    }
  }

  /// Adds this segment's part of a response's cotangent spectra; `pair` is output * inputCount + input.
  func accumulateResponse(pair: Int, of index: Int, stage: SendStage<Scalar>, adding: Bool) {
    let send = sends[index]
    multiplyConjugate(
      send.cotangents[pair / stage.inputCount].pointer, send.inputs[pair % stage.inputCount].pointer,
      into: stage.cotangents[pair].pointer, count: fft.binCount, adding: adding)
  }

  /// Adds this segment's cotangents of series, pan and cross-send parameters.
  func addGradient(to total: UnsafeMutablePointer<Double>) {
    for index in 0..<gradient.count { total[index] += gradient[index] }
  }

  private func pullPan(_ values: UnsafePointer<Double>, panParameter: Int?) {
    let pan = panParameter.map { PanGains(values[$0]) } ?? PanGains(0.5)
    mix(
      leftCotangent.pointer, rightCotangent.pointer, weights: (pan.left, pan.right), into: monoCotangent.pointer,
      count: frameCount)
    if let panParameter {
      gradient[panParameter] += pan.pullback(
        left: innerProduct(leftCotangent.pointer, mono.pointer, count: frameCount),
        right: innerProduct(rightCotangent.pointer, mono.pointer, count: frameCount))
    }
  }

  /// Cotangents of one send's outputs and, where others feed it, of its inputs, its feeds' gains and the mono signal.
  private func pullSend(_ index: Int, values: UnsafePointer<Double>, stages: [SendStage<Scalar>]) {
    let (stage, send) = (stages[index], sends[index])
    for output in 0..<2 {
      time.pointer.update(from: (output == 0 ? leftCotangent : rightCotangent).pointer, count: frameCount)
      for later in stages.indices where later > index {
        for feed in stages[later].feeds where feed.source == index {
          for (input, cotangent) in sends[later].inputCotangents.enumerated() {
            for (channel, weight) in stages[later].feedWeights(input: input) where channel == output {
              accumulate(
                cotangent.pointer, weight: weight * values[feed.parameter], into: time.pointer, count: frameCount)
            }
          }
        }
      }
      time.clear(frameCount..<fft.count)
      fft.forward(time.pointer, into: send.cotangents[output].pointer)
    }
    guard !stage.feeds.isEmpty else { return }
    for (input, target) in send.inputCotangents.enumerated() {
      pullInput(input, stage: stage, send: send, adding: false)
      fft.inverseDestroying(spectrum.pointer, into: time.pointer)
      scale(time.pointer, by: 1 / Double(fft.count), into: target.pointer, count: frameCount)
      accumulate(target.pointer, weight: 1, into: monoCotangent.pointer, count: frameCount)
      for feed in stage.feeds {
        for (channel, weight) in stage.feedWeights(input: input) {
          gradient[feed.parameter] +=
            weight * innerProduct(target.pointer, sends[feed.source].outputs[channel].pointer, count: frameCount)
        }
      }
    }
  }

  /// The mono signal's cotangent through all sends that hear it alone, with one inverse transform.
  private func collectUnfedSends(_ stages: [SendStage<Scalar>]) {
    var isFirst = true
    for (index, stage) in stages.enumerated() where stage.feeds.isEmpty {
      pullInput(0, stage: stage, send: sends[index], adding: !isFirst)
      isFirst = false
    }
    guard !isFirst else { return }
    fft.inverseDestroying(spectrum.pointer, into: time.pointer)
    accumulate(time.pointer, weight: 1 / Double(fft.count), into: monoCotangent.pointer, count: frameCount)
  }

  /// spectrum (+)= sum over outputs of conj(response) cotangent.
  private func pullInput(_ input: Int, stage: SendStage<Scalar>, send: SendWorkspace, adding: Bool) {
    for output in 0..<2 {
      multiplyConjugate(
        send.cotangents[output].pointer, stage.spectra[output * stage.inputCount + input].pointer,
        into: spectrum.pointer, count: fft.binCount, adding: adding || output > 0)
    }
  }
}
