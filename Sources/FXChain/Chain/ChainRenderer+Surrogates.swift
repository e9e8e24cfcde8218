// Smooth gradients of delay times: EchoSurrogate.swift says what they are.

extension ChainRenderer {
  /// Number of ping-pong delays.
  public var delayCount: Int { response?.sends.delayCount ?? 0 }

  /// Makes pullbacks follow a smooth surrogate along a delay's time: the output stays exact, and the gradient of
  /// the time is that of an impulse blurred by exp(logDamping k) at bin k of the delay's response
  /// (arXiv 2504.14735).
  ///
  /// - Parameters:
  ///   - delay: which ping-pong delay, in the order of the sends.
  ///   - logDamping: at most 0, where the surrogate is the echo itself; nil for the exact gradient.
  public func setSurrogate(ofDelay delay: Int, logDamping: Double?) {
    precondition((0..<delayCount).contains(delay), "Delay \(delay) of \(delayCount)")
    precondition(logDamping.map { $0 <= 0 } ?? true, "A log damping of \(logDamping ?? 0) is above 0")
    response?.sends.delays[delay].surrogateLogDamping = logDamping
  }

  /// The derivative of sum <cotangent, output> with respect to a surrogate's log damping, straight-through, by the
  /// latest ``pullback(into:)``.
  public func logDampingGradient(ofDelay delay: Int) -> Double {
    response?.sends.delays[delay].logDampingCotangent ?? 0
  }
}
