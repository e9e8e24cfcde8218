import FXChain
import FXParams
import Foundation
import NumericCore
import Testing

/// The smooth gradient of a delay's time: that of the surrogate, put straight through the exact echo.
@Suite struct EchoSurrogateTests {
  private let chain = ChainDescription.sends(.pingPongDelay(SmallChains.delay))
  private let dry = TestSignals.swells(3000)
  private let cotangents = (left: TestSignals.noise(3000, seed: 21), right: TestSignals.noise(3000, seed: 22))

  /// The output's weighted sum with any echo in place of the sinc, as the definition has it: the echo filtered,
  /// powers of its spectrum, panned, convolved.
  private func value(echo: [Double], _ logits: [Double]) throws -> Double {
    let space = chain.parameterSpace
    let values = space.values(ofLogits: logits)
    func named(_ name: String) throws -> Double { values[try #require(space.index(of: "delay." + name))] }
    let count = echo.count
    let filtered = lowPassed(echo, frequencyHz: try named("lowpass.frequency"), q: try named("lowpass.q"))
    let fft = RealFFT<Double>(count: count)
    let source = SignalBuffer(filtered)
    let (spectrum, sum) = (
      SignalBuffer<Double>(count: 2 * fft.binCount), SignalBuffer<Double>(count: 2 * fft.binCount)
    )
    fft.forward(source.pointer, into: spectrum.pointer)
    let echoes = count / Int(try named("time") * 44.1 + 1)
    var total = 0.0
    for (parity, pan) in [("odd", try named("odd_pan")), ("even", try named("even_pan"))] {
      sum.clear()
      for bin in 0..<fft.binCount {
        let h = (spectrum[2 * bin], spectrum[2 * bin + 1])
        var power = (1.0, 0.0)
        for echo in 1...echoes {
          power = (power.0 * h.0 - power.1 * h.1, power.0 * h.1 + power.1 * h.0)
          guard (echo % 2 == 1) == (parity == "odd") else { continue }
          let level = pow(try named("feedback"), Double(echo - 1))
          sum[2 * bin] += level * power.0
          sum[2 * bin + 1] += level * power.1
        }
      }
      let response = SignalBuffer<Double>(count: count)
      fft.inverseDestroying(sum.pointer, into: response.pointer)
      let gains = (left: 2.0.squareRoot() * cos(pan * .pi / 2), right: 2.0.squareRoot() * sin(pan * .pi / 2))
      for (gain, cotangent) in [(gains.left, cotangents.left), (gains.right, cotangents.right)] {
        for n in cotangent.indices {
          for lag in 0...min(n, count - 1) {
            total += gain * cotangent[n] * response[lag] * dry[n - lag] * (try named("gain")) / Double(count)
          }
        }
      }
    }
    return total
  }

  /// The low-pass of the Audio EQ Cookbook at 44.1 kHz.
  private func lowPassed(_ input: [Double], frequencyHz: Double, q: Double) -> [Double] {
    let omega = 2 * Double.pi * frequencyHz / 44100
    let (cosine, alpha) = (cos(omega), sin(omega) / (2 * q))
    let b = (1 - cosine) / (2 * (1 + alpha))
    let (a1, a2) = (-2 * cosine / (1 + alpha), (1 - alpha) / (1 + alpha))
    var output = [Double](repeating: 0, count: input.count)
    for n in input.indices {
      func at(_ values: [Double], _ lag: Int) -> Double { n < lag ? 0 : values[n - lag] }
      output[n] = b * (at(input, 0) + 2 * at(input, 1) + at(input, 2)) - a1 * at(output, 1) - a2 * at(output, 2)
    }
    return output
  }

  private func surrogate(count: Int, delay: Double, logDamping: Double) -> [Double] {
    let bins = count / 2
    return (0..<count).map { n in
      var sum = 1.0
      for k in 1...bins {
        let angle = 2 * Double.pi * Double(k) * (Double(n) - delay) / Double(count)
        // The last bin stands for itself alone, and its phase is lost but for the real part.
        let wave =
          k == bins
          ? cos(Double.pi * delay) * cos(Double.pi * Double(n)) : 2 * cos(angle)
        sum += exp(logDamping * Double(k)) * wave
      }
      return sum / Double(count)
    }
  }

  @Test(arguments: [(-0.05, 2), (-0.004, 3), (-1e-5, 4)])
  func gradientIsThatOfTheSurrogate(logDamping: Double, seed: Int) throws {
    let logits = chain.randomLogits(seed: UInt64(seed))
    let time = try #require(chain.parameterSpace.index(of: "delay.time"))
    let renderer = ChainRenderer<Double>(chain, segments: [dry])
    func gradient(_ logDamping: Double?) -> [Double] {
      renderer.setSurrogate(ofDelay: 0, logDamping: logDamping)
      renderer.render(logits: logits)
      let (left, right) = renderer.cotangent(of: 0)
      for n in dry.indices { (left[n], right[n]) = (cotangents.left[n], cotangents.right[n]) }
      var gradient = [Double](repeating: 0, count: logits.count)
      renderer.pullback(into: &gradient)
      return gradient
    }
    let exact = gradient(nil)
    let smooth = gradient(logDamping)
    // All other parameters are told the same.
    for index in logits.indices where index != time { #expect(smooth[index] == exact[index]) }
    #expect(smooth[time] != exact[time])

    let delay = chain.parameterSpace.values(ofLogits: logits)[time] * 44.1
    let count = 4410
    let sinc = (0..<count).map { n in
      let x = Double.pi * (Double(n) - delay)
      return x == 0 ? 1 : sin(x) / x
    }
    func slope(_ above: [Double], _ below: [Double], step: Double) throws -> Double {
      let scale = 1e-4
      let direction = zip(above, below).map { ($0 - $1) / (2 * step) }
      let moved = [scale, -scale].map { scale in zip(sinc, direction).map { $0 + scale * $1 } }
      return try (value(echo: moved[0], logits) - value(echo: moved[1], logits)) / (2 * scale)
    }
    let byDelay = try slope(
      surrogate(count: count, delay: delay + 1e-3, logDamping: logDamping),
      surrogate(count: count, delay: delay - 1e-3, logDamping: logDamping), step: 1e-3)
    let derivative = chain.parameterSpace.derivatives(atLogits: logits)[time] * 44.1
    #expect(abs(smooth[time] / (byDelay * derivative) - 1) < 1e-5)
    let step = -0.01 * logDamping
    let byDamping = try slope(
      surrogate(count: count, delay: delay, logDamping: logDamping + step),
      surrogate(count: count, delay: delay, logDamping: logDamping - step), step: step)
    #expect(abs(renderer.logDampingGradient(ofDelay: 0) / byDamping - 1) < 1e-3)
  }

  /// The surrogate changes nothing that is heard.
  @Test func outputStaysExact() {
    let logits = chain.randomLogits(seed: 9)
    func output(_ logDamping: Double?) -> [Double] {
      let renderer = ChainRenderer<Double>(chain, segments: [dry])
      renderer.setSurrogate(ofDelay: 0, logDamping: logDamping)
      renderer.render(logits: logits)
      return renderer.output(of: 0).left.array
    }
    #expect(output(nil) == output(-0.01))
  }

  /// From 9 ms away the exact gradient points anywhere and the smooth one to the echo that is wanted.
  @Test func leadsToADelayFarAway() throws {
    let time = try #require(chain.parameterSpace.index(of: "delay.time"))
    func responses(_ milliseconds: Double) -> ChainRenderer<Double> {
      var impulse = [Double](repeating: 0, count: 3000)
      impulse[0] = 1
      let renderer = ChainRenderer<Double>(chain, segments: [impulse])
      renderer.setSurrogate(ofDelay: 0, logDamping: -0.05)
      renderer.render(logits: chain.logits(["delay.time": milliseconds, "delay.feedback": 0.01]))
      return renderer
    }
    let wanted = responses(10).output(of: 0).left.array
    for (milliseconds, sign) in [(9.0, 1.0), (11, -1)] {
      let renderer = responses(milliseconds)
      let (left, right) = renderer.cotangent(of: 0)
      for n in wanted.indices { (left[n], right[n]) = (wanted[n], 0) }
      var gradient = [Double](repeating: 0, count: chain.parameterSpace.count)
      renderer.pullback(into: &gradient)
      #expect(gradient[time] * sign > 0, "from \(milliseconds) ms")
    }
  }
}
