import FXParams
import Foundation
import Workflows

/// The echoes of a chain's first ping-pong delay: when they come and how loud they are.
struct EchoTaps {
  private let chain: ChainDescription
  /// The longest delay that the chain allows.
  let longestMilliseconds: Double

  /// Quieter echoes are left out.
  static let floorDB = -60.0

  /// Nil for a chain without a delay.
  init?(_ chain: ChainDescription) {
    let delays = chain.sends.compactMap { effect -> PingPongDelay? in
      if case .pingPongDelay(let delay) = effect { delay } else { nil }
    }
    guard let delay = delays.first else { return nil }
    self.chain = chain
    longestMilliseconds = delay.delayMilliseconds.upper
  }

  /// Times in ms and levels in dB below what is sent to the delay, its low-pass left out: the n-th echo has the
  /// gain times the feedback to the power n - 1.
  ///
  /// - Parameters:
  ///   - values: constrained values of the whole chain, in flat order.
  ///   - count: most echoes.
  func echoes(values: [Double], count: Int = 24) -> [(milliseconds: Double, levelDB: Double)] {
    guard let delay = EffectSettings(chain: chain, values: values).delays.first else { return [] }
    return (1...count).map { number in
      (Double(number) * delay.milliseconds, 20 * log10(delay.level(ofEcho: number)))
    }.filter { $0.1 >= Self.floorDB }
  }
}
