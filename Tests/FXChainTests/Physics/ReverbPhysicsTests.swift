import FXParams
import Foundation
import HDF5Store
import NumericCore
import TestSupport
import Testing

/// The feedback delay network: decay times, and agreement with a network run sample by sample.
struct ReverbPhysicsTests {
  private static let sampleRate = 44100.0

  /// Its stereo response to an impulse, without the direct sound.
  private func response(_ chain: ChainDescription, _ logits: [Double], count: Int) -> Rendering {
    var rendering = Rendering(chain, dry: TestSignals.impulse(count), logits: logits)
    rendering.left[0] -= 1
    rendering.right[0] -= 1
    return rendering
  }

  private func uniform(_ network: FeedbackDelayNetwork, t60Seconds: Double, seed: UInt64) -> [Double] {
    let chain = ChainDescription.sends(.feedbackDelayNetwork(network))
    let shortest = Double(network.delaySamples.min() ?? 1)
    let gamma = pow(10, -60 * shortest / (Self.sampleRate * t60Seconds) / 20)
    let gammaLogits = chain.logits(["reverb.gamma.1": gamma])
    var logits = chain.randomLogits(seed: seed)
    for (index, name) in chain.parameterSpace.names.enumerated() where name.hasPrefix("reverb.gamma.") {
      logits[index] = gammaLogits[chain.parameterSpace.index(of: "reverb.gamma.1") ?? 0]
    }
    return logits
  }

  /// Energy falls by 60 dB in the time that gamma says.
  @Test(arguments: [0.1, 0.2, 0.28]) func energyDecaysByT60(_ t60Seconds: Double) {
    let network = FeedbackDelayNetwork(
      delaySamples: [97, 131, 173, 211, 251, 293], decayPoints: 9, responseSeconds: 1, maximumT60Seconds: 0.3,
      tone: [])
    let chain = ChainDescription.sends(.feedbackDelayNetwork(network))
    let rendering = response(chain, uniform(network, t60Seconds: t60Seconds, seed: 5), count: 20_000)
    func energy(from start: Double) -> Double {
      let first = Int(start * Self.sampleRate)
      return (rendering.left[first...] + rendering.right[first...]).reduce(0) { $0 + $1 * $1 }
    }
    let decayDB = 10 * log10(energy(from: 0.05) / energy(from: 0.05 + t60Seconds / 2))
    #expect(abs(decayDB - 30) < 1)
  }

  /// With equal gamma everywhere the network is a few delay lines, an orthogonal matrix and constant gains.
  @Test(arguments: [1, 2, 4, 6, 8, 16]) func frequencyDomainEqualsTimeDomain(_ lines: Int) {
    let delays = Array(
      [97, 131, 173, 211, 251, 293, 307, 331, 353, 379, 401, 421, 443, 461, 487, 503].prefix(lines))
    let network = FeedbackDelayNetwork(
      delaySamples: delays, decayPoints: 5, responseSeconds: 1, maximumT60Seconds: 0.3, tone: [])
    let chain = ChainDescription.sends(.feedbackDelayNetwork(network))
    let logits = uniform(network, t60Seconds: 0.2, seed: UInt64(lines))
    let found = response(chain, logits, count: 6000)
    let expected = simulate(network, chain.parameterSpace, logits, t60Seconds: 0.2, count: 6000)
    #expect(relativeNormError(found.left, expected.left) < 1e-9)
    #expect(relativeNormError(found.right, expected.right) < 1e-9)
  }

  /// y = c x, x_i[n + m_i] = sum_j U_ij gamma^(m_j/m_min) x_j[n] + b_i u[n], for an impulse on both inputs.
  private func simulate(
    _ network: FeedbackDelayNetwork, _ space: ParameterSpace, _ logits: [Double], t60Seconds: Double, count: Int
  ) -> (left: [Double], right: [Double]) {
    let lines = network.delaySamples.count
    func value(_ name: String) -> Double { space.index(of: "reverb." + name).map { logits[$0] } ?? .nan }
    let mixing = rotation(lines) { value("w.\($0 + 1).\($1 + 1)") }
    let attenuation = network.delaySamples.map { pow(10, -60 * Double($0) / (Self.sampleRate * t60Seconds) / 20) }
    let input = (0..<lines).map { value("b.\($0 + 1).1") + value("b.\($0 + 1).2") }
    let output = (0..<2).map { channel in (0..<lines).map { value("c.\(channel + 1).\($0 + 1)") } }
    let longest = network.delaySamples.max() ?? 1
    var states = [[Double]](repeating: [Double](repeating: 0, count: count + longest), count: lines)
    var channels = [[Double]](repeating: [Double](repeating: 0, count: count), count: 2)
    for n in 0..<count {
      for channel in 0..<2 {
        channels[channel][n] = (0..<lines).reduce(0) { $0 + output[channel][$1] * states[$1][n] }
      }
      for line in 0..<lines {
        let fed = (0..<lines).reduce(0) { $0 + mixing[line * lines + $1] * attenuation[$1] * states[$1][n] }
        states[line][n + network.delaySamples[line]] += fed + (n == 0 ? input[line] : 0)
      }
    }
    return (channels[0], channels[1])
  }

  private func rotation(_ order: Int, _ upper: (Int, Int) throws -> Double) rethrows -> [Double] {
    var generator = [Double](repeating: 0, count: order * order)
    for row in 0..<order {
      for column in (row + 1)..<max(order, row + 1) {
        generator[row * order + column] = try upper(row, column)
        generator[column * order + row] = -(try upper(row, column))
      }
    }
    var result = [Double](repeating: 0, count: order * order)
    MatrixExponential(order: order).evaluate(generator, into: &result)
    return result
  }

  /// The mixing matrices of ten presets are those of the authors' code, and orthogonal.
  @Test(.enabled(if: Reference.isAvailable, Comment(rawValue: Reference.absence)))
  func mixingMatrixAgrees() throws {
    let file = try Reference.open("parameters")
    let theta = try file.doubles("/theta")
    let constrained = try file.doubles("/constrained_151").values
    let space = ChainDescription.diffVox.parameterSpace
    for preset in 0..<theta.shape[0] {
      let logits = Array(theta.values[(preset * 130)..<(preset * 130 + 130)])
      let found = try rotation(6) { row, column in
        logits[try #require(space.index(of: "reverb.w.\(row + 1).\(column + 1)"))]
      }
      // 104 numbers precede U in the file order (method section 1).
      let expected = Array(constrained[(preset * 151 + 104)..<(preset * 151 + 140)])
      #expect(largestDifference(found, expected) < 1e-10)
    }
  }
}
