import FXParams
import Foundation

/// The echoes of a chain's first ping-pong delay: when they come and how loud they are.
struct EchoTaps {
  private let time: Int
  private let feedback: Int
  private let gain: Int
  /// The longest delay that the chain allows.
  let longestMilliseconds: Double

  /// Quieter echoes are left out.
  static let floorDB = -60.0

  /// Nil for a chain without a delay.
  init?(_ chain: ChainDescription) {
    let delays = chain.sends.compactMap { effect -> PingPongDelay? in
      if case .pingPongDelay(let delay) = effect { delay } else { nil }
    }
    let space = chain.parameterSpace
    guard let delay = delays.first, let time = space.index(of: delay.name + ".time"),
      let feedback = space.index(of: delay.name + ".feedback"), let gain = space.index(of: delay.name + ".gain")
    else { return nil }
    (self.time, self.feedback, self.gain) = (time, feedback, gain)
    longestMilliseconds = delay.delayMilliseconds.upper
  }

  /// Times in ms and levels in dB below what is sent to the delay, its low-pass left out: the n-th echo has the
  /// gain times the feedback to the power n - 1.
  ///
  /// - Parameters:
  ///   - values: constrained values of the whole chain, in flat order.
  ///   - count: most echoes.
  func echoes(values: [Double], count: Int = 24) -> [(milliseconds: Double, levelDB: Double)] {
    (1...count).map { number in
      let level = 20 * log10(values[gain] * pow(values[feedback], Double(number - 1)))
      return (Double(number) * values[time], level)
    }.filter { $0.levelDB >= Self.floorDB }
  }
}
