import FXChain
import FXParams
import Foundation

/// One echo of a ping-pong delay: what a delay without a filter in its feedback can play.
package struct Echo: Sendable {
  /// From 1.
  package let number: Int
  package let milliseconds: Double
  /// Gains of the channels, the pan law of the chain included.
  package let left: Double
  package let right: Double
  /// Where the low-passes that the echo has passed, one for each repetition, are 3 dB down together.
  package let lowPassHz: Double

  /// Echoes whose level is below this factor of the first, -60 dB, are left out.
  static let quietest = 0.001

  /// The echoes of a delay that its response holds, up to -60 dB below the first (docs/derivations.md, 4.1).
  package static func echoes(of delay: EffectSettings.PingPong, sampleRate: Double) -> [Echo] {
    let samples = delay.milliseconds * sampleRate / 1000
    let response = (delay.effect.responseSeconds * sampleRate).rounded(.down)
    let count = Int(response / (samples + 1).rounded(.down))
    let corner = CascadeCorner(delay.lowPass, sampleRate: sampleRate)
    let echoes = (1...max(count, 1)).lazy.map { number in
      let gains = PanLaw(number.isMultiple(of: 2) ? delay.evenPan : delay.oddPan)
      let level = delay.level(ofEcho: number)
      return Echo(
        number: number, milliseconds: Double(number) * delay.milliseconds, left: level * gains.left,
        right: level * gains.right, lowPassHz: corner.frequencyHz(ofStages: number))
    }
    return Array(echoes.prefix { pow(delay.feedback, Double($0.number - 1)) >= quietest })
  }
}

/// Equal-power pan as the chain has it: sqrt 2 (cos, sin)(position pi/2).
package struct PanLaw: Sendable {
  package let left: Double
  package let right: Double

  package init(_ position: Double) {
    left = 2.0.squareRoot() * cos(position * .pi / 2)
    right = 2.0.squareRoot() * sin(position * .pi / 2)
  }

  /// The direct sound of a chain; without a pan both gains are 1.
  package init(direct position: Double?) {
    self = position.map { PanLaw($0) } ?? PanLaw(0.5)
  }
}

/// Where several equal low-passes in series are 3 dB down.
private struct CascadeCorner {
  private let response: EqualiserResponse?
  private let values: [Double]
  private let sampleRate: Double

  init(_ lowPass: EffectSettings.Band, sampleRate: Double) {
    let bounds = ParameterBounds(1, sampleRate / 2)
    response = EqualiserResponse(
      ChainDescription(
        sampleRate: sampleRate,
        series: [.biquad(.init(name: "lowpass", response: .lowPass, frequencyHz: bounds, q: bounds))], sends: [],
        hasDirectPan: false))
    values = [lowPass.frequencyHz, lowPass.q]
    self.sampleRate = sampleRate
  }

  /// By bisection: the level of a low-pass falls for good once it is below 0 dB.
  func frequencyHz(ofStages count: Int) -> Double {
    guard let response else { return sampleRate / 2 }
    var (low, high) = (1.0, sampleRate / 2)
    for _ in 0..<60 {
      let middle = (low * high).squareRoot()
      let level = response.levelsDB(values: values, frequenciesHz: [middle])[0] * Double(count)
      if level > -10 * log10(2) { low = middle } else { high = middle }
    }
    return low
  }
}
