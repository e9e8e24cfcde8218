import FXParams
import NumericCore

/// Direct sound and sends, block by block: overlap-save convolution with the send effects' whole responses.
final class BlockConvolver<Scalar: SignalScalar> {
  /// Samples of a block.
  let blockCount: Int

  private let fft: RealFFT<Scalar>
  private let stages: [SendStage<Scalar>]
  private let values: SignalBuffer<Double>
  private let pan: PanGains
  /// The latest `fft.count` samples of the mono signal, and of the inputs of sends that others feed.
  private let mono: SignalBuffer<Scalar>
  private let windows: [[SignalBuffer<Scalar>]]
  private let monoSpectrum: SignalBuffer<Scalar>
  private let inputSpectra: [SignalBuffer<Scalar>]
  private let outputs: [[SignalBuffer<Scalar>]]
  private let spectrum: SignalBuffer<Scalar>
  private let time: SignalBuffer<Scalar>

  /// Transform length for long signals: 12 s of response leave about as much for the block.
  private static var longTransform: Int { 1 << 20 }

  init(_ chain: ChainDescription, values: SignalBuffer<Double>, frameCount: Int, workers: Workers) {
    let models = chain.sends.map {
      $0.makeResponse(Scalar.self, sampleRate: chain.sampleRate, maximumLength: frameCount)
    }
    let response = models.map(\.length).max() ?? 1
    let whole = RealFFT<Scalar>.fastCount(atLeast: frameCount + response - 1)
    fft = RealFFT(count: min(whole, max(Self.longTransform, RealFFT<Scalar>.fastCount(atLeast: 2 * response))))
    blockCount = fft.count - response + 1
    stages = SendStage.makeAll(chain, models: models, fft: fft)
    self.values = values
    pan = chain.hasDirectPan ? PanGains(values[values.count - 1]) : PanGains(0.5)
    let (samples, bins, block) = (fft.count, 2 * fft.binCount, blockCount)
    mono = SignalBuffer(count: samples)
    windows = stages.map { stage in
      stage.feeds.isEmpty ? [] : (0..<stage.inputCount).map { _ in SignalBuffer(count: samples) }
    }
    monoSpectrum = SignalBuffer(count: bins)
    inputSpectra = (0..<2).map { _ in SignalBuffer(count: bins) }
    let feeding = Set(stages.flatMap { $0.feeds.map(\.source) })
    outputs = stages.indices.map { index in
      feeding.contains(index) ? (0..<2).map { _ in SignalBuffer(count: block) } : []
    }
    spectrum = SignalBuffer(count: bins)
    time = SignalBuffer(count: samples)
    for stage in stages { stage.prepare(values.pointer, fft: fft, workers: workers) }
  }

  /// Renders one block; `left` and `right` are overwritten with as many samples.
  ///
  /// - Precondition: all blocks but the last have `blockCount` samples.
  func process(_ block: [Scalar], left: inout [Scalar], right: inout [Scalar]) {
    left = block.map { Scalar(pan.left) * $0 }
    right = block.map { Scalar(pan.right) * $0 }
    append(to: mono) { tail in
      for (n, sample) in block.enumerated() { tail[n] = sample }
    }
    fft.forward(mono.pointer, into: monoSpectrum.pointer)
    for (index, stage) in stages.enumerated() {
      let inputs = stage.feeds.isEmpty ? [monoSpectrum] : gatherInputs(index)
      for output in 0..<2 {
        for (input, source) in inputs.enumerated() {
          multiply(
            source.pointer, stage.spectra[output * stage.inputCount + input].pointer, into: spectrum.pointer,
            count: fft.binCount, adding: input > 0)
        }
        fft.inverseDestroying(spectrum.pointer, into: time.pointer)
        let fresh = time.pointer + (fft.count - blockCount)
        let factor = 1 / Double(fft.count)
        if output == 0 {
          accumulate(fresh, weight: factor, into: &left, count: block.count)
        } else {
          accumulate(fresh, weight: factor, into: &right, count: block.count)
        }
        if !outputs[index].isEmpty {
          scale(fresh, by: factor, into: outputs[index][output].pointer, count: blockCount)
        }
      }
    }
  }

  private func gatherInputs(_ index: Int) -> [SignalBuffer<Scalar>] {
    let stage = stages[index]
    for (input, window) in windows[index].enumerated() {
      append(to: window) { tail in
        tail.update(from: mono.pointer + (fft.count - blockCount), count: blockCount)
        for feed in stage.feeds {
          for (channel, weight) in stage.feedWeights(input: input) {
            accumulate(
              outputs[feed.source][channel].pointer, weight: weight * values[feed.parameter], into: tail,
              count: blockCount)
          }
        }
      }
      fft.forward(window.pointer, into: inputSpectra[input].pointer)
    }
    return Array(inputSpectra.prefix(stage.inputCount))
  }

  /// Moves a window on by a block; the new tail starts as zeros.
  private func append(to window: SignalBuffer<Scalar>, _ fill: (UnsafeMutablePointer<Scalar>) -> Void) {
    let kept = fft.count - blockCount
    window.pointer.update(from: window.pointer + blockCount, count: kept)
    window.clear(kept..<fft.count)
    fill(window.pointer + kept)
  }
}
