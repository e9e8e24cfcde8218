import FXParams
public import NumericCore

/// The delay times of ping-pong delays that two recordings suggest (``EchoFinder``), one chain's delays in the
/// order of its sends.
public struct EchoChoice: Sendable {
  /// A delay, and what the recordings suggest for its time.
  struct Delay: Sendable {
    let time: Int
    /// Nil for one that stays as it is.
    let gain: Int?
    /// The logit of a gain at which it is heard.
    let audibleGain: Double?
    /// Logits of the time, the most likely first.
    let candidates: [Double]
  }

  let delays: [Delay]

  /// Early spikes may be those of a reverb's lines, whose sums stand apart at first: the later a spike, the more it
  /// counts, up to sums of so many lines.
  private static let linesInARow = 8
  /// Spikes that are looked at for each one that is tried.
  private static let spikesPerCandidate = 5
  /// How far an echo may lie from twice the time of another, in ms.
  private static let tolerance = 1.5
  /// The gain at which a delay is tried whose own is so small that its time hardly matters.
  private static let audibleGain = 0.1

  /// - Parameters:
  ///   - loss: with the recordings and the chain.
  ///   - count: times for each delay, at most; with 0 delays keep their times.
  ///   - fixed: positions of parameters that stay as they are.
  public init<Scalar: SignalScalar>(_ loss: RetrievalLoss<Scalar>, count: Int, fixed: [Int] = []) {
    let chain = loss.chain
    let space = chain.parameterSpace
    let samplesPerMillisecond = chain.sampleRate / 1000
    let longestLine = chain.sends.compactMap { $0.network?.delaySamples.max() }.max() ?? 0
    delays = zip(chain.sends, chain.slots.sends).compactMap { effect, place in
      guard count > 0, case .pingPongDelay(let delay) = effect else { return nil }
      let (time, gain) = (place.lowerBound + delay.slots.time, place.lowerBound + delay.slots.gain)
      guard !fixed.contains(time) else { return nil }
      let bounds = delay.delayMilliseconds
      let spikes = EchoFinder.spikes(
        in: loss.chunks, sampleRate: chain.sampleRate,
        range: bounds.lower * samplesPerMillisecond...bounds.upper * samplesPerMillisecond,
        count: Self.spikesPerCandidate * count)
      func likelihood(_ spike: EchoFinder.Spike) -> Double {
        let reach = Double(Self.linesInARow * longestLine)
        return spike.prominence * (spike.delaySamples < reach ? spike.delaySamples / reach : 1)
      }
      let milliseconds = spikes.sorted { likelihood($0) > likelihood($1) }.prefix(count)
        .map { $0.delaySamples / samplesPerMillisecond }
      return Delay(
        time: time, gain: fixed.contains(gain) ? nil : gain,
        audibleGain: space.parameters[gain].bijector.inverse(Self.audibleGain),
        candidates: Self.earliestFirst(milliseconds).compactMap { space.parameters[time].bijector.inverse($0) })
    }
  }

  /// A delay's second echo is no delay of its own: the time of the first takes its place.
  private static func earliestFirst(_ times: [Double]) -> [Double] {
    guard var first = times.first else { return [] }
    while let half = times.first(where: { $0 < first && abs(2 * $0 - first) < tolerance }) { first = half }
    return [first] + times.filter { $0 != first }
  }

  /// Logits with the most likely time for every delay; the second of two takes the next.
  public func start(from logits: [Double]) -> [Double] {
    var result = logits
    for (index, delay) in delays.enumerated() where !delay.candidates.isEmpty {
      result[delay.time] = delay.candidates[min(index, delay.candidates.count - 1)]
    }
    return result
  }

  /// Logits with the times, of those suggested and the present ones, that have the least value.
  ///
  /// Each is tried with the present gain and, where that is smaller than 0.1, with 0.1.
  ///
  /// - Parameters:
  ///   - logits: with the present times.
  ///   - value: what is to be small: a loss, or an objective with a prior.
  public func improved(_ logits: [Double], by value: ([Double]) throws -> Double) rethrows -> [Double] {
    guard !delays.isEmpty else { return logits }
    var best = logits
    var least = try value(best)
    for delay in delays {
      let from = best
      for candidate in delay.candidates {
        for gain in gains(of: delay, in: from) {
          var moved = from
          moved[delay.time] = candidate
          if let position = delay.gain { moved[position] = gain }
          let found = try value(moved)
          if found < least { (best, least) = (moved, found) }
        }
      }
    }
    return best
  }

  /// Logits of the gains that a delay is tried with.
  private func gains(of delay: Delay, in logits: [Double]) -> [Double] {
    guard let gain = delay.gain else { return [0] }
    return [logits[gain]] + (delay.audibleGain.map { $0 > logits[gain] ? [$0] : [] } ?? [])
  }
}
