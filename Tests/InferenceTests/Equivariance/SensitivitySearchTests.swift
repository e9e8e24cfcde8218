import FXParams
import Foundation
import Inference
import NumericCore
import Testing

@Suite("The search for symmetries")
struct SensitivitySearchTests {
  /// Two peaks of one range, a delay and a small reverb: short, with a gauge.
  static let chain = ChainDescription(
    sampleRate: 16_000,
    series: [
      .biquad(.init(name: "first", response: .peak, frequencyHz: .init(100, 4000), q: .init(0.2, 5))),
      .biquad(.init(name: "second", response: .peak, frequencyHz: .init(100, 4000), q: .init(0.2, 5))),
    ],
    sends: [
      .pingPongDelay(
        .init(
          delayMilliseconds: .init(2, 20), responseSeconds: 0.1, lowPassFrequencyHz: .init(200, 7000))),
      .feedbackDelayNetwork(
        .init(delaySamples: [97, 131, 173], decayPoints: 3, responseSeconds: 0.2, maximumT60Seconds: 0.3, tone: [])),
    ])

  private func preset(_ changes: [String: Double]) throws -> Matrix {
    var source = RandomSource(seed: 12)
    let space = Self.chain.parameterSpace
    var theta = (0..<space.count).map { _ in 0.7 * source.nextNormal() }
    for (name, logit) in changes { theta[try #require(space.index(of: name))] = logit }
    return Matrix(rows: [theta])
  }

  private func search(_ presets: Matrix, count: Int) throws -> [SensitivitySearch.Direction] {
    let dry = ProbeSignal.bursts(sampleRate: 16_000, seconds: 0.15).map { Float($0) }
    let sound = EquivarianceDiagnosis.Sound.recording(dry, name: "bursts", chain: Self.chain)
    return try SensitivitySearch(Self.chain, sound: sound).directions(of: presets, count: count)
  }

  @Test("finds two peaks at one frequency, and names them")
  func planted() throws {
    let peaks = ["frequency": 0.2, "q": -0.3, "gain": 4]
    let changes = ["first", "second"].reduce(into: [String: Double]()) { result, band in
      for (field, value) in peaks { result[band + "." + field] = value }
    }
    // Three of the peaks, and the gauge, which is a translation at a single preset.
    let found = try search(try preset(changes), count: 4).filter { $0.motion == .translation }
    // What leaves the sum as it is: each field of one against that of the other.
    for field in ["gain", "frequency", "q"] {
      let direction = found.first { Set($0.loadings.map(\.parameter)) == ["first.\(field)", "second.\(field)"] }
      let weights = try #require(direction, "\(field): \(found.map(\.name))").loadings.map(\.weight)
      #expect(abs(weights[0] + weights[1]) < 0.01 && abs(weights[0] - 0.5.squareRoot()) < 0.01)
      #expect(direction?.predictedLength.map { $0 > 1000 } ?? true)
    }
    let apart = try search(try preset(["first.frequency": -1, "second.frequency": 1, "first.gain": 4]), count: 4)
    #expect(!apart.contains { Set($0.loadings.map(\.parameter)) == ["first.gain", "second.gain"] })
  }

  @Test("finds a mute send, and names what is behind it")
  func muteSend() throws {
    let found = try search(try preset(["delay.gain": -60]), count: 12).filter { $0.motion == .translation }
    let null = found.filter { $0.predictedLength.map { $0 > 1e4 } ?? true }
    let named = Set(null.filter { $0.loadings.count == 1 }.map { $0.loadings[0].parameter })
    let expected: Set = [
      "delay.gain", "delay.time", "delay.feedback", "delay.lowpass.frequency", "delay.lowpass.q", "delay.odd_pan",
      "delay.even_pan", "reverb.send",
    ]
    #expect(named == expected, "\(null.map(\.name))")
    // Without the delay both inputs of the reverb hear the same signal: only the sums of the columns of b matter.
    let pairs = Set(null.map { Set($0.loadings.map(\.parameter)) }.filter { $0.count == 2 })
    #expect(pairs == Set((1...3).map { ["reverb.b.\($0).1", "reverb.b.\($0).2"] }))
    // The gain itself matters once it is high enough, and a gauge is no straight line; what lies behind the gain
    // never does.
    for direction in null where direction.loadings.count <= 2 && direction.loadings[0].parameter != "delay.gain" {
      #expect(direction.isUnbounded, "\(direction.name)")
    }
  }

  @Test("finds the gauge of the reverb as a scaling, and knows that it is declared")
  func gauge() throws {
    let presets = Matrix(rows: [try preset([:]).row(0), try preset([:]).row(0).map { 0.8 * $0 + 0.1 }])
    let scalings = try search(presets, count: 17).filter { $0.motion == .scaling }
    let first = try #require(scalings.first)
    #expect(first.declared == "reverb gauge 2", "\(first.name)")
    #expect(first.isUnbounded && (first.predictedLength.map { $0 > 1000 } ?? true))
    #expect(Set(first.loadings.map { String($0.parameter.prefix(8)) }) == ["reverb.b", "reverb.c"])
    let signs = Dictionary(grouping: first.loadings, by: { String($0.parameter.prefix(8)) })
      .mapValues { Set($0.map { $0.weight > 0 }) }
    #expect(
      signs["reverb.b"]?.count == 1 && signs["reverb.c"]?.count == 1 && signs["reverb.b"] != signs["reverb.c"])
    // Others matter.
    let last = try #require(scalings.last)
    #expect(scalings.count == 17 && last.declared == nil && !last.isUnbounded)
  }
}
