import NumericCore

/// Buffers of the shapes of a network's parameters.
///
/// Unchecked sendable: a setting is written between the loops of tasks, which only read it; of the sums every task
/// has its own, and they are added up when the tasks have ended.
struct NetworkBuffers<Scalar: SignalScalar>: @unchecked Sendable {
  /// [lines, lines].
  let mixing: SignalBuffer<Scalar>
  /// [lines, 2].
  let inputGains: SignalBuffer<Scalar>
  /// [2, lines].
  let outputGains: SignalBuffer<Scalar>
  /// [points].
  let attenuations: SignalBuffer<Scalar>

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

  func add(_ other: NetworkBuffers) {
    accumulate(other.mixing.pointer, weight: 1, into: mixing.pointer, count: mixing.count)
    accumulate(other.inputGains.pointer, weight: 1, into: inputGains.pointer, count: inputGains.count)
    accumulate(other.outputGains.pointer, weight: 1, into: outputGains.pointer, count: outputGains.count)
    accumulate(other.attenuations.pointer, weight: 1, into: attenuations.pointer, count: attenuations.count)
  }
}

/// The parameters of a network in the kernel's precision.
typealias NetworkSetting<Scalar: SignalScalar> = NetworkBuffers<Scalar>
/// Sums of a pullback over bins, in Double for either precision.
typealias NetworkCotangent = NetworkBuffers<Double>
