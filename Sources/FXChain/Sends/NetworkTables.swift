import CKernels
import FXParams
import Foundation
import NumericCore

/// The tables of a feedback delay network and its tone at the bins of a real transform: what depends on the
/// description alone. Bins past the last one repeat it, up to whole chunks: their inputs and cotangents are zero.
struct NetworkTables<Scalar: SignalScalar>: @unchecked Sendable {
  let twiddles: SignalBuffer<Scalar>
  let fraction: SignalBuffer<Scalar>
  let interval: UnsafeMutablePointer<Int32>
  let exponents: SignalBuffer<Scalar>
  /// 2 sin^2(w/2) and sin w.
  let versine: SignalBuffer<Scalar>
  let sine: SignalBuffer<Scalar>

  /// - Precondition: the kernel's fixed arrays hold the lines, and there are two points to interpolate between.
  init(_ effect: FeedbackDelayNetwork, binCount: Int) {
    let (lines, points) = (effect.delaySamples.count, effect.decayPoints)
    precondition(
      (1...Int(FDN_MAX_LINES)).contains(lines),
      "\(effect.name) has \(lines) lines: give between 1 and \(FDN_MAX_LINES)")
    precondition(
      effect.delaySamples.allSatisfy { $0 > 0 },
      "\(effect.name) has a line of \(effect.delaySamples.min() ?? 0) samples")
    precondition(points >= 2, "\(effect.name) has \(points) decay points: give at least 2")
    let padded = (binCount + chunkBins - 1) / chunkBins * chunkBins
    twiddles = SignalBuffer(count: padded * lines * 2)
    fraction = SignalBuffer(count: padded)
    interval = .allocate(capacity: padded)
    let shortest = Double(effect.delaySamples.min() ?? 1)
    exponents = SignalBuffer(effect.delaySamples.map { Scalar(Double($0) / shortest) })
    versine = SignalBuffer(count: padded)
    sine = SignalBuffer(count: padded)
    let lanes = 8
    let period = 2 * max(binCount - 1, 1)
    for bin in 0..<padded {
      let real = min(bin, binCount - 1)
      let decay = Double(real) / Double(max(binCount - 1, 1)) * Double(points - 1)
      let left = min(Int(decay), points - 2)
      interval[bin] = Int32(left)
      fraction[bin] = Scalar(decay - Double(left))
      let half = Double.pi * Double(real) / Double(period)
      versine[bin] = Scalar(2 * sin(half) * sin(half))
      sine[bin] = Scalar(2 * sin(half) * cos(half))
      for (line, delay) in effect.delaySamples.enumerated() {
        // The phase modulo 2 pi is reduced exactly: bins and delays are integers.
        let phase = 2 * Double.pi * Double((real * delay) % period) / Double(period)
        let base = ((bin / lanes) * lines + line) * 2 * lanes + bin % lanes
        twiddles[base] = Scalar(cos(phase))
        twiddles[base + lanes] = Scalar(sin(phase))
      }
    }
  }

  func deallocate() { interval.deallocate() }
}

/// The parameters of a network in the kernel's precision.
struct NetworkSetting<Scalar: SignalScalar>: @unchecked Sendable {
  let mixing: SignalBuffer<Scalar>
  let inputGains: SignalBuffer<Scalar>
  let outputGains: SignalBuffer<Scalar>
  let attenuations: SignalBuffer<Scalar>

  init(lines: Int, points: Int) {
    mixing = SignalBuffer(count: lines * lines)
    inputGains = SignalBuffer(count: lines * 2)
    outputGains = SignalBuffer(count: lines * 2)
    attenuations = SignalBuffer(count: points)
  }
}

/// The sums of one task's pullback, in Double.
struct NetworkSums: @unchecked Sendable {
  let network: UnsafeMutablePointer<fdn_gradient>
  let attenuations: SignalBuffer<Double>
  /// One a tone band.
  let tone: UnsafeMutablePointer<tone_band>
  private let bandCount: Int

  init(points: Int, bandCount: Int) {
    self.bandCount = bandCount
    network = .allocate(capacity: 1)
    network.initialize(to: fdn_gradient())
    attenuations = SignalBuffer(count: points)
    tone = .allocate(capacity: max(bandCount, 1))
    tone.initialize(repeating: tone_band(), count: max(bandCount, 1))
    clear()
  }

  func deallocate() {
    network.deallocate()
    tone.deallocate()
  }

  func clear() {
    UnsafeMutableRawPointer(network).initializeMemory(
      as: UInt8.self, repeating: 0, count: MemoryLayout<fdn_gradient>.size)
    network.pointee.attenuations = attenuations.pointer
    attenuations.clear()
    for band in 0..<bandCount { tone[band] = tone_band() }
  }

  /// The kernel's fixed-size sums: mixing, input gains, output gains.
  private var values: UnsafePointer<Double> {
    UnsafeRawPointer(network).assumingMemoryBound(to: Double.self)
  }
  func mixing(_ index: Int) -> Double { values[index] }
  func inputGain(_ index: Int) -> Double { values[Int(FDN_MAX_LINES * FDN_MAX_LINES) + index] }
  func outputGain(_ index: Int) -> Double {
    values[Int(FDN_MAX_LINES * FDN_MAX_LINES + 2 * FDN_MAX_LINES) + index]
  }
}
