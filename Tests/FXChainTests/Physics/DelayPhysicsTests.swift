import FXParams
import Foundation
import TestSupport
import Testing

/// The ping-pong delay's impulse response: when, how loud and on which side.
struct DelayPhysicsTests {
  private static let delay = PingPongDelay(delayMilliseconds: .init(5, 50), responseSeconds: 0.5)
  private static let chain = ChainDescription.sends(.pingPongDelay(delay))

  /// The wet impulse response: output minus the direct impulse at sample 0.
  private func response(_ values: [String: Double], count: Int = 8000) -> Rendering {
    let named = Dictionary(uniqueKeysWithValues: values.map { ("delay.\($0)", $1) })
    var rendering = Rendering(Self.chain, dry: TestSignals.impulse(count), logits: Self.chain.logits(named))
    rendering.left[0] -= 1
    rendering.right[0] -= 1
    return rendering
  }

  /// Sum around an echo: its weight, whatever the low-pass did to its shape.
  private func weight(_ channel: [Double], around position: Int) -> Double {
    channel[(position - 200)..<min(channel.count, position + 300)].reduce(0, +)
  }

  /// Echo k arrives after k delays with gain x feedback^(k-1), odd ones on one side and even ones on the other.
  @Test func echoesAlternateAndFade() {
    let samples = 1000.0
    let (gain, feedback) = (0.5, 0.8)
    let rendering = response([
      "time": samples * 1000 / 44100, "feedback": feedback, "gain": gain, "lowpass.frequency": 8000,
      "lowpass.q": 0.707, "odd_pan": 1e-9, "even_pan": 1 - 1e-9,
    ])
    for echo in 1...7 {
      let expected = gain * pow(feedback, Double(echo - 1)) * 2.0.squareRoot()
      let (loud, quiet) = echo % 2 == 1 ? (rendering.left, rendering.right) : (rendering.right, rendering.left)
      // The truncated ripples of other echoes' sincs leave a few thousandths.
      #expect(abs(weight(loud, around: echo * 1000) - expected) < 5e-3 * gain, "echo \(echo)")
      #expect(abs(weight(quiet, around: echo * 1000)) < 5e-3 * gain, "echo \(echo) on the other side")
    }
  }

  @Test(arguments: [300, 441, 1999]) func firstEchoPeaksAtTheDelay(_ samples: Int) {
    let rendering = response([
      "time": Double(samples) * 1000 / 44100, "feedback": 1e-9, "gain": 0.9, "lowpass.frequency": 15_999,
      "lowpass.q": 0.5, "odd_pan": 0.5, "even_pan": 0.5,
    ])
    let peak = rendering.left.indices.max { abs(rendering.left[$0]) < abs(rendering.left[$1]) }
    #expect(abs((peak ?? 0) - samples) <= 1)
    // Centred pans: both sides alike.
    #expect(relativeNormError(rendering.left, rendering.right) < 1e-12)
  }

  /// Each repeat passes the low-pass once more.
  @Test func repeatsDarken() {
    let rendering = response([
      "time": 1000 * 1000 / 44100.0, "feedback": 0.9, "gain": 0.9, "lowpass.frequency": 2000, "lowpass.q": 0.707,
      "odd_pan": 0.5, "even_pan": 0.5,
    ])
    func lossDB(_ echo: Int) -> Double {
      let part = Array(rendering.left[(echo * 1000 - 100)..<(echo * 1000 + 400)])
      return Spectrum.levelDB(part, atHz: 2000, sampleRate: 44100)
        - Spectrum.levelDB(part, atHz: 100, sampleRate: 44100)
    }
    for echo in 1...4 { #expect(abs(lossDB(echo) + 3.01 * Double(echo)) < 0.3, "echo \(echo)") }
  }
}
