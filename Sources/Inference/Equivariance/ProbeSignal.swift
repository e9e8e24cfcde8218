public import FXParams
import Foundation
import NumericCore

/// What stands in for a vocal where none is given, and a chain whose responses are cut to its length.
public enum ProbeSignal {
  /// Seconds: longer than the longest echo of the published chain, so that its delay is heard.
  public static let seconds = 1.1

  /// Four bursts of white noise with exponential decay, of a peak near full scale that drives dynamics, and the
  /// same on every machine.
  public static func bursts(sampleRate: Double, seconds: Double = seconds) -> [Double] {
    let count = max(1, Int(seconds * sampleRate))
    var source = RandomSource(seed: 4)
    let period = max(1, count / 4)
    return (0..<count).map { index in
      let time = Double(index % period) / sampleRate
      return 0.25 * exp(-time / 0.05) * source.nextNormal()
    }
  }
}

extension ChainDescription {
  /// The chain with delays and reverbs modelled no longer than a time: cheaper, and enough to tell settings apart.
  public func limitingResponses(toSeconds seconds: Double) -> ChainDescription {
    var result = self
    result.sends = sends.map { effect in
      switch effect {
      case .pingPongDelay(var delay):
        delay.responseSeconds = min(delay.responseSeconds, seconds)
        return .pingPongDelay(delay)
      case .feedbackDelayNetwork(var network):
        network.responseSeconds = min(network.responseSeconds, seconds)
        return .feedbackDelayNetwork(network)
      }
    }
    return result
  }
}
