import FXParams
import Foundation
import NumericCore

/// The compressor/expander with its state carried over. Its output lags by the longest lookahead.
final class StreamingCompressor<Scalar: SignalScalar>: StreamingStage {
  private let setting: DynamicsSetting
  private let makeup: Double
  private let shiftSamples: Double?
  private let maximumShiftSamples: Double
  /// Gains ahead of a sample that its output needs.
  private let reach: Int
  private var state = DynamicsState()
  /// Gains from `history` samples before the next output on, and the dry samples from the next output on.
  private var gains: [Scalar] = []
  private var pending: [Scalar] = []
  private var history = 0
  private var filter: LookaheadFilter<Scalar>?

  init(_ effect: CompressorExpander, values: UnsafePointer<Double>, sampleRate: Double) {
    let fields = CompressorFields(effect)
    setting = fields.setting(values)
    makeup = pow(10, values[fields.slots.makeup] / 20)
    shiftSamples = fields.slots.lookahead.map { values[$0] * sampleRate / 1000 }
    maximumShiftSamples = (effect.maximumLookaheadMilliseconds ?? 0) * sampleRate / 1000
    reach = fields.slots.lookahead == nil ? 0 : Int(maximumShiftSamples)
  }

  @specialized(where Scalar == Float)
  @specialized(where Scalar == Double)
  func process(_ input: [Scalar], isLast: Bool, into output: inout [Scalar]) {
    pending.append(contentsOf: input)
    follow(input)
    let ready = isLast ? pending.count : pending.count - reach
    guard ready > 0 else { return }
    let start = output.count
    output.append(contentsOf: repeatElement(0, count: ready))
    let advanced = advance()
    output.withUnsafeMutableBufferPointer { output in
      pending.withUnsafeBufferPointer { pending in
        advanced.withUnsafeBufferPointer { advanced in
          applyGain(
            advanced.baseAddress! + history, makeup: makeup, to: pending.baseAddress!,
            into: output.baseAddress! + start, count: ready)
        }
      }
    }
    pending.removeFirst(ready)
    // Enough past gains stay for the taps that look back.
    let kept = min(history + ready, LookaheadFilter<Scalar>.leadingTaps)
    gains.removeFirst(history + ready - kept)
    history = kept
  }

  /// Extends `gains` over new samples.
  @specialized(where Scalar == Float)
  @specialized(where Scalar == Double)
  private func follow(_ input: [Scalar]) {
    guard !input.isEmpty else { return }
    let count = input.count
    let start = gains.count
    gains.append(contentsOf: repeatElement(0, count: count))
    withUnsafeTemporaryAllocation(of: Scalar.self, capacity: 2 * count) { scratch in
      let energies = scratch.baseAddress!
      gains.withUnsafeMutableBufferPointer { gains in
        followDynamics(
          setting, state: &state, input: input, energies: energies, targets: energies + count,
          gains: gains.baseAddress! + start, count: count)
      }
    }
  }

  /// The gains with the lookahead applied. Near the ends of the window the taps see replicated edges: that is right
  /// at the ends of the signal, and elsewhere those outputs are not used.
  @specialized(where Scalar == Float)
  @specialized(where Scalar == Double)
  private func advance() -> [Scalar] {
    guard let shiftSamples else { return gains }
    if filter?.count != gains.count {
      filter = LookaheadFilter(count: gains.count, maximumShiftSamples: maximumShiftSamples)
    }
    let source = SignalBuffer(gains)
    let target = SignalBuffer<Scalar>(count: gains.count)
    filter?.apply(shiftSamples: shiftSamples, input: source.pointer, output: target.pointer)
    return target.array
  }
}
