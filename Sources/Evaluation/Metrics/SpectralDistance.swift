import Foundation
import NumericCore

/// Distance of two magnitude spectrograms at one resolution: spectral convergence + mean |log magnitude ratio|.
///
/// d = |P - Q|_F / |Q|_F + mean |log P - log Q|, over all channels, frames and bins. P and Q are
/// sqrt(max(|STFT|^2, floor)), with a periodic Hann window, hop size / 4, centred frames and reflected ends.
/// The spectrograms are never stored: a gradient takes a second pass over the frames.
struct SpectralDistance: Sendable {
  private let frames: SpectralFrames
  private let powerFloor = SpectralFrames.powerFloor

  private var transform: RealFFT<Double> { frames.transform }
  var minimumSamples: Int { frames.minimumSamples }

  init(size: Int) { frames = SpectralFrames(size: size) }

  /// The distance; its gradient with respect to the prediction, times `weight`, is added to `gradient` if there is
  /// one.
  func evaluate(prediction: Matrix, target: Matrix, weight: Double, gradient: inout Matrix?) -> Double {
    let frameCount = prediction.columns / frames.hop + 1
    let workspace = Workspace(transform)
    var squaredDifference = 0.0
    var squaredTarget = 0.0
    var logDifference = 0.0
    forEachFrame(prediction, target, workspace) { _, _ in
      for bin in 0..<transform.binCount {
        let (predicted, wanted) = powers(workspace, bin)
        let difference = predicted.squareRoot() - wanted.squareRoot()
        squaredDifference += difference * difference
        squaredTarget += wanted
        logDifference += 0.5 * log(predicted / wanted).magnitude
      }
    }
    let logWeight = 1 / Double(prediction.rows * frameCount * transform.binCount)
    let convergence = (squaredDifference / squaredTarget).squareRoot()
    if gradient != nil {
      let norms = (squaredDifference * squaredTarget).squareRoot()
      let convergenceWeight = norms > 0 ? weight / norms : 0
      forEachFrame(prediction, target, workspace) { channel, start in
        pullBack(workspace, convergenceWeight: convergenceWeight, logWeight: weight * logWeight)
        scatter(workspace.frame.pointer, channel, start, into: &gradient!)
      }
    }
    return convergence + logWeight * logDifference
  }

  // MARK: - Frames

  /// Buffers of one evaluation.
  private struct Workspace {
    let frame: SignalBuffer<Double>
    let predicted: SignalBuffer<Double>
    let wanted: SignalBuffer<Double>

    init(_ transform: RealFFT<Double>) {
      frame = SignalBuffer(count: transform.count)
      predicted = SignalBuffer(count: 2 * transform.binCount)
      wanted = SignalBuffer(count: 2 * transform.binCount)
    }
  }

  /// Runs `body(channel, start)` with the spectra of each frame in the workspace; `start` may be negative.
  private func forEachFrame(
    _ prediction: Matrix, _ target: Matrix, _ workspace: Workspace, _ body: (Int, Int) -> Void
  ) {
    for channel in 0..<prediction.rows {
      for start in frames.starts(sampleCount: prediction.columns) {
        load(prediction, channel, start, into: workspace.frame.pointer)
        transform.forward(workspace.frame.pointer, into: workspace.predicted.pointer)
        load(target, channel, start, into: workspace.frame.pointer)
        transform.forward(workspace.frame.pointer, into: workspace.wanted.pointer)
        body(channel, start)
      }
    }
  }

  private func load(_ signal: Matrix, _ channel: Int, _ start: Int, into frame: UnsafeMutablePointer<Double>) {
    signal.values.withUnsafeBufferPointer { values in
      frames.load(values.baseAddress! + channel * signal.columns, signal.columns, start, into: frame)
    }
  }

  /// The adjoint of ``load``: adds a windowed frame where its samples came from.
  private func scatter(
    _ frame: UnsafeMutablePointer<Double>, _ channel: Int, _ start: Int, into gradient: inout Matrix
  ) {
    let count = gradient.columns
    gradient.values.withUnsafeMutableBufferPointer { values in
      let row = values.baseAddress! + channel * count
      for index in 0..<frames.size {
        row[frames.reflected(start + index, count)] += frames.window[index] * frame[index]
      }
    }
  }

  // MARK: - Bins

  @inline(__always)
  private func powers(_ workspace: Workspace, _ bin: Int) -> (predicted: Double, wanted: Double) {
    func power(_ spectrum: UnsafeMutablePointer<Double>) -> Double {
      let (real, imaginary) = (spectrum[2 * bin], spectrum[2 * bin + 1])
      return max(real * real + imaginary * imaginary, powerFloor)
    }
    return (power(workspace.predicted.pointer), power(workspace.wanted.pointer))
  }

  /// Replaces the frame by the gradient with respect to it. Destroys the predicted spectrum.
  private func pullBack(_ workspace: Workspace, convergenceWeight: Double, logWeight: Double) {
    let spectrum = workspace.predicted.pointer
    let last = transform.binCount - 1
    for bin in 0...last {
      let (predicted, wanted) = powers(workspace, bin)
      var factor = 0.0
      if predicted > powerFloor {
        let magnitude = predicted.squareRoot()
        let sign: Double = predicted > wanted ? 1 : predicted < wanted ? -1 : 0
        let byMagnitude = convergenceWeight * (magnitude - wanted.squareRoot()) + logWeight * sign / magnitude
        // The inverse transform counts each bin twice, but for the first and the last.
        factor = byMagnitude / magnitude * (bin == 0 || bin == last ? 1 : 0.5)
      }
      spectrum[2 * bin] *= factor
      spectrum[2 * bin + 1] *= factor
    }
    transform.inverseDestroying(spectrum, into: workspace.frame.pointer)
  }
}
