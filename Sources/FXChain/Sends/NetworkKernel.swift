import CKernels
import FXParams
import Foundation
import NumericCore

/// The frequency response of a feedback delay network and its adjoint, at the bins of a real transform:
/// H(w) = c (D(w) - U Gamma(w))^-1 b (method section 2.5).
///
/// Owns the tables that depend on the description alone; the arithmetic is the C kernel of the sample type.
///
/// Unchecked sendable: nothing changes after ``init``.
struct NetworkTables<Scalar: SignalScalar>: @unchecked Sendable {
  let lines: Int
  let points: Int
  let binCount: Int
  let twiddles: SignalBuffer<Scalar>
  let fraction: SignalBuffer<Scalar>
  let exponents: SignalBuffer<Scalar>
  let interval: [Int32]

  /// - Precondition: the kernel's fixed arrays hold the lines, and there are two points to interpolate between.
  init(_ effect: FeedbackDelayNetwork, binCount: Int) {
    precondition(
      (1...Int(FDN_MAX_LINES)).contains(effect.delaySamples.count),
      "\(effect.name) has \(effect.delaySamples.count) lines: give between 1 and \(FDN_MAX_LINES)")
    precondition(
      effect.delaySamples.allSatisfy { $0 > 0 },
      "\(effect.name) has a line of \(effect.delaySamples.min() ?? 0) samples")
    precondition(effect.decayPoints >= 2, "\(effect.name) has \(effect.decayPoints) decay points: give at least 2")
    // The kernel takes 64 bytes of bins at a time.
    let lanes = 64 / MemoryLayout<Scalar>.stride
    let blocks = (binCount + lanes - 1) / lanes
    lines = effect.delaySamples.count
    points = effect.decayPoints
    self.binCount = binCount
    twiddles = SignalBuffer(count: blocks * lines * 2 * lanes)
    fraction = SignalBuffer(count: blocks * lanes)
    let shortest = Double(effect.delaySamples.min() ?? 1)
    exponents = SignalBuffer(effect.delaySamples.map { Scalar(Double($0) / shortest) })
    var interval = [Int32](repeating: 0, count: blocks * lanes)
    for bin in 0..<(blocks * lanes) {
      // Lanes past the last bin repeat it: their results are not stored and their cotangents are zero.
      let position = Double(min(bin, binCount - 1)) / Double(max(binCount - 1, 1))
      let decay = position * Double(points - 1)
      let left = min(Int(decay), points - 2)
      interval[bin] = Int32(left)
      fraction[bin] = Scalar(decay - Double(left))
      for (line, delay) in effect.delaySamples.enumerated() {
        // The phase modulo 2 pi is reduced exactly: bins and delays are integers.
        let period = 2 * max(binCount - 1, 1)
        let phase = 2 * Double.pi * Double((min(bin, binCount - 1) * delay) % period) / Double(period)
        let base = ((bin / lanes) * lines + line) * 2 * lanes + bin % lanes
        twiddles[base] = Scalar(cos(phase))
        twiddles[base + lanes] = Scalar(sin(phase))
      }
    }
    self.interval = interval
  }
}

/// The parameters of a network in the kernel's precision.
///
/// Unchecked sendable: it is set between the loops of tasks, which only read it.
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

/// Sums of a pullback over bins, in Double.
///
/// Unchecked sendable: every task has one of its own; they are added up when the tasks have ended.
struct NetworkCotangent: @unchecked Sendable {
  let mixing: SignalBuffer<Double>
  let inputGains: SignalBuffer<Double>
  let outputGains: SignalBuffer<Double>
  let attenuations: SignalBuffer<Double>

  init(lines: Int, points: Int) {
    mixing = SignalBuffer(count: lines * lines)
    inputGains = SignalBuffer(count: lines * 2)
    outputGains = SignalBuffer(count: lines * 2)
    attenuations = SignalBuffer(count: points)
  }

  func clear() {
    mixing.clear()
    inputGains.clear()
    outputGains.clear()
    attenuations.clear()
  }

  func add(_ other: NetworkCotangent) {
    accumulate(other.mixing.pointer, weight: 1, into: mixing.pointer, count: mixing.count)
    accumulate(other.inputGains.pointer, weight: 1, into: inputGains.pointer, count: inputGains.count)
    accumulate(other.outputGains.pointer, weight: 1, into: outputGains.pointer, count: outputGains.count)
    accumulate(other.attenuations.pointer, weight: 1, into: attenuations.pointer, count: attenuations.count)
  }
}

/// Bins a kernel call sums in its own precision before the sums go to Double.
private let binsPerSum = 4096

extension NetworkTables {
  /// Fills four spectra, `response[output * 2 + input]`, for the bins `range` (lower bound a multiple of the
  /// lanes).
  func response(_ setting: NetworkSetting<Scalar>, into response: [SignalBuffer<Scalar>], range: Range<Int>) {
    interval.withUnsafeBufferPointer { interval in
      if Scalar.self == Float.self {
        var network = fdn_f32_network(self, setting, interval.baseAddress!)
        withTargets(response, as: Float.self) {
          fdn_f32_response(&network, $0, range.lowerBound, range.upperBound)
        }
      } else {
        var network = fdn_f64_network(self, setting, interval.baseAddress!)
        withTargets(response, as: Double.self) {
          fdn_f64_response(&network, $0, range.lowerBound, range.upperBound)
        }
      }
    }
  }

  /// Adds to `sums` the pullback of `scale` times the cotangent spectra.
  func pullback(
    _ setting: NetworkSetting<Scalar>, cotangents: [SignalBuffer<Scalar>], scale: Double,
    sums: NetworkCotangent, range: Range<Int>
  ) {
    interval.withUnsafeBufferPointer { interval in
      for start in stride(from: range.lowerBound, to: range.upperBound, by: binsPerSum) {
        let end = min(start + binsPerSum, range.upperBound)
        if Scalar.self == Float.self {
          var network = fdn_f32_network(self, setting, interval.baseAddress!)
          var gradient = fdn_gradient()
          gradient.attenuations = sums.attenuations.pointer
          withSources(cotangents, as: Float.self) {
            fdn_f32_pullback(&network, $0, Float(scale), &gradient, start, end)
          }
          sums.add(&gradient, lines: lines)
        } else {
          var network = fdn_f64_network(self, setting, interval.baseAddress!)
          var gradient = fdn_gradient()
          gradient.attenuations = sums.attenuations.pointer
          withSources(cotangents, as: Double.self) {
            fdn_f64_pullback(&network, $0, scale, &gradient, start, end)
          }
          sums.add(&gradient, lines: lines)
        }
      }
    }
  }

  private func withTargets<T>(
    _ spectra: [SignalBuffer<Scalar>], as type: T.Type, _ body: (UnsafePointer<UnsafeMutablePointer<T>?>) -> Void
  ) {
    withUnsafeTemporaryAllocation(of: UnsafeMutablePointer<T>?.self, capacity: 4) { table in
      for index in 0..<4 {
        table.initializeElement(
          at: index, to: UnsafeMutableRawPointer(spectra[index].pointer).assumingMemoryBound(to: T.self))
      }
      body(UnsafePointer(table.baseAddress!))
    }
  }

  private func withSources<T>(
    _ spectra: [SignalBuffer<Scalar>], as type: T.Type, _ body: (UnsafePointer<UnsafePointer<T>?>) -> Void
  ) {
    withUnsafeTemporaryAllocation(of: UnsafePointer<T>?.self, capacity: 4) { table in
      for index in 0..<4 {
        table.initializeElement(
          at: index, to: UnsafeRawPointer(spectra[index].pointer).assumingMemoryBound(to: T.self))
      }
      body(UnsafePointer(table.baseAddress!))
    }
  }
}

extension NetworkCotangent {
  /// Adds the fixed-size sums of a kernel's gradient; its attenuations are added by the kernel itself.
  fileprivate func add(_ gradient: inout fdn_gradient, lines: Int) {
    CArray.withElements(of: &gradient.mixing) { add($0.prefix(lines * lines), to: mixing) }
    CArray.withElements(of: &gradient.input_gains) { add($0.prefix(lines * 2), to: inputGains) }
    CArray.withElements(of: &gradient.output_gains) { add($0.prefix(lines * 2), to: outputGains) }
  }

  private func add(_ values: Slice<UnsafeMutableBufferPointer<Double>>, to sums: SignalBuffer<Double>) {
    for index in values.indices { sums[index] += values[index] }
  }
}

private func rebound<Scalar: SignalScalar, T>(_ buffer: SignalBuffer<Scalar>, _: T.Type) -> UnsafePointer<T> {
  UnsafeRawPointer(buffer.pointer).assumingMemoryBound(to: T.self)
}

extension fdn_f32_network {
  fileprivate init<S>(_ t: NetworkTables<S>, _ s: NetworkSetting<S>, _ interval: UnsafePointer<Int32>) {
    self.init(
      lines: Int32(t.lines), points: Int32(t.points), twiddles: rebound(t.twiddles, Float.self), interval: interval,
      fraction: rebound(t.fraction, Float.self), exponents: rebound(t.exponents, Float.self),
      mixing: rebound(s.mixing, Float.self), input_gains: rebound(s.inputGains, Float.self),
      output_gains: rebound(s.outputGains, Float.self), attenuations: rebound(s.attenuations, Float.self))
  }
}

extension fdn_f64_network {
  fileprivate init<S>(_ t: NetworkTables<S>, _ s: NetworkSetting<S>, _ interval: UnsafePointer<Int32>) {
    self.init(
      lines: Int32(t.lines), points: Int32(t.points), twiddles: rebound(t.twiddles, Double.self),
      interval: interval,
      fraction: rebound(t.fraction, Double.self), exponents: rebound(t.exponents, Double.self),
      mixing: rebound(s.mixing, Double.self), input_gains: rebound(s.inputGains, Double.self),
      output_gains: rebound(s.outputGains, Double.self), attenuations: rebound(s.attenuations, Double.self))
  }
}
