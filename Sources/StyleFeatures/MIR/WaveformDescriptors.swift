import Foundation
import NumericCore

/// Level, crest and spread of rectangular frames of one signal.
///
/// With N = 2048 and a floor of 1e-8: log RMS = log(sqrt(mean x^2) + floor), log crest = log(max |x| + floor) - log
/// RMS, log spread = mean log(|x| + floor) - log RMS.
///
/// Frames overlap by half: squares, peaks and logarithms are gathered once per block of one hop. Sixteen magnitudes
/// are multiplied before one logarithm is taken, which stays within Double for magnitudes up to 1e19.
/// At x = 0 the subgradient 0 is taken; where several samples share the peak, the first one counts.
package final class WaveformDescriptors {
  private typealias Lanes = SIMD8<Double>

  private let grid: FrameGrid
  private let energies: SignalBuffer<Double>
  private let logarithms: SignalBuffer<Double>
  private let peaks: SignalBuffer<Double>
  /// Cotangents of energies and logarithms of the blocks.
  private let energyCotangents: SignalBuffer<Double>
  private let logarithmCotangents: SignalBuffer<Double>
  /// |x| of one block.
  private let magnitudes: SignalBuffer<Double>

  package init(grid: FrameGrid) {
    self.grid = grid
    energies = SignalBuffer(count: grid.blockCount)
    logarithms = SignalBuffer(count: grid.blockCount)
    peaks = SignalBuffer(count: grid.blockCount)
    energyCotangents = SignalBuffer(count: grid.blockCount)
    logarithmCotangents = SignalBuffer(count: grid.blockCount)
    magnitudes = SignalBuffer(count: FrameGrid.hop)
  }

  // MARK: - Value

  package func forward(_ signal: UnsafePointer<Double>, into embedding: TemporalEmbedding) {
    for block in 0..<grid.blockCount { measure(block: block, signal + block * FrameGrid.hop) }
    let (energies, logarithms, peaks) = (energies.pointer, logarithms.pointer, peaks.pointer)
    let number = Double(FrameGrid.frameLength)
    for frame in 0..<grid.count {
      let level = log(((energies[frame] + energies[frame + 1]) / number).squareRoot() + MIR.floor)
      let peak = max(peaks[frame], peaks[frame + 1])
      embedding.series(feature: MIR.logRMS)[frame] = level
      embedding.series(feature: MIR.logCrest)[frame] = log(peak + MIR.floor) - level
      embedding.series(feature: MIR.logSpread)[frame] = (logarithms[frame] + logarithms[frame + 1]) / number - level
    }
  }

  /// Lanes hold no comparisons: Swift compares them one by one. Magnitudes and peaks are plain loops, which
  /// vectorise.
  private func measure(block: Int, _ samples: UnsafePointer<Double>) {
    let magnitudes = magnitudes.pointer
    for index in 0..<FrameGrid.hop { magnitudes[index] = samples[index].magnitude }
    let floor = MIR.floor
    var squares = Lanes.zero
    var logarithm = 0.0
    for start in stride(from: 0, to: FrameGrid.hop, by: 16 * Lanes.scalarCount) {
      var product = Lanes(repeating: 1)
      for step in 0..<16 {
        let first = magnitudes + start + step * Lanes.scalarCount
        let magnitude = UnsafeRawPointer(first).loadUnaligned(as: Lanes.self)
        squares += magnitude * magnitude
        product *= magnitude + floor
      }
      for lane in product.indices { logarithm += log(product[lane]) }
    }
    energies.pointer[block] = squares.sum()
    logarithms.pointer[block] = logarithm
    peaks.pointer[block] = largestMagnitude()
  }

  /// The largest of `magnitudes`, by folding the block in half until one is left.
  private func largestMagnitude() -> Double {
    let magnitudes = magnitudes.pointer
    var half = FrameGrid.hop / 2
    while half > 0 {
      for index in 0..<half { magnitudes[index] = max(magnitudes[index], magnitudes[half + index]) }
      half /= 2
    }
    return magnitudes[0]
  }

  // MARK: - Pullback

  /// Adds to `target` what the embedding's cotangents say about `signal`, the signal of the latest
  /// ``forward(_:into:)``.
  package func pullback(
    _ embedding: TemporalEmbedding, signal: UnsafePointer<Double>, into target: UnsafeMutablePointer<Double>
  ) {
    energyCotangents.clear()
    logarithmCotangents.clear()
    let number = Double(FrameGrid.frameLength)
    for frame in 0..<grid.count {
      let level = embedding.cotangent(feature: MIR.logRMS)[frame]
      let crest = embedding.cotangent(feature: MIR.logCrest)[frame]
      let spread = embedding.cotangent(feature: MIR.logSpread)[frame]
      let rms = ((energies.pointer[frame] + energies.pointer[frame + 1]) / number).squareRoot()
      // d log(rms + floor)/d energy, energy = N rms^2.
      let slope = rms > 0 ? (level - crest - spread) / (2 * number * rms * (rms + MIR.floor)) : 0
      for block in frame...frame + 1 {
        energyCotangents.pointer[block] += slope
        logarithmCotangents.pointer[block] += spread / number
      }
      pullbackPeak(frame: frame, crest, signal: signal, into: target)
    }
    for block in 0..<grid.blockCount { pullbackSums(block: block, signal: signal, into: target) }
  }

  private func pullbackPeak(
    frame: Int, _ cotangent: Double, signal: UnsafePointer<Double>, into target: UnsafeMutablePointer<Double>
  ) {
    let block = peaks.pointer[frame] >= peaks.pointer[frame + 1] ? frame : frame + 1
    let peak = peaks.pointer[block]
    guard peak > 0 else { return }
    let first = block * FrameGrid.hop
    for index in first..<first + FrameGrid.hop where abs(signal[index]) == peak {
      let slope = cotangent / (peak + MIR.floor)
      target[index] += signal[index] > 0 ? slope : -slope
      return
    }
  }

  private func pullbackSums(
    block: Int, signal: UnsafePointer<Double>, into target: UnsafeMutablePointer<Double>
  ) {
    let energy = 2 * energyCotangents.pointer[block]
    let logarithm = logarithmCotangents.pointer[block]
    let floor = MIR.floor
    let samples = signal + block * FrameGrid.hop
    let result = target + block * FrameGrid.hop
    for index in 0..<FrameGrid.hop {
      let x = samples[index]
      // sign(x)/(|x| + floor), with 0 at 0.
      let sign = x > 0 ? logarithm : x < 0 ? -logarithm : 0
      result[index] += energy * x + sign / (x.magnitude + floor)
    }
  }
}
