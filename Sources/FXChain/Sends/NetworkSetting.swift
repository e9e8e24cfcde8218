import NumericCore

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
