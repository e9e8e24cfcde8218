import FXChain
import FXParams
import NumericCore

/// A chain's stereo output and, where cotangents are given, its gradient: one render, as values.
struct Rendering {
  var left: [Double]
  var right: [Double]
  var gradient: [Double] = []
  var dryCotangent: [Double] = []

  /// Renders one segment and pulls back `cotangents` (left, right).
  init<Scalar: SignalScalar>(
    _ chain: ChainDescription, dry: [Double], logits: [Double],
    cotangents: (left: [Double], right: [Double])? = nil,
    as _: Scalar.Type = Double.self
  ) {
    let renderer = ChainRenderer<Scalar>(chain, segments: [dry.map { Scalar($0) }])
    renderer.render(logits: logits)
    left = renderer.output(of: 0).left.array.map { Double($0) }
    right = renderer.output(of: 0).right.array.map { Double($0) }
    guard let cotangents else { return }
    renderer.cotangent(of: 0).left.store(cotangents.left)
    renderer.cotangent(of: 0).right.store(cotangents.right)
    gradient = [Double](repeating: .nan, count: logits.count)
    renderer.pullback(into: &gradient)
    dryCotangent = renderer.dryCotangent(of: 0).array.map { Double($0) }
  }

  var isFinite: Bool { (left + right + gradient + dryCotangent).allSatisfy(\.isFinite) }
}

extension SignalBuffer {
  func store(_ samples: [Double]) {
    for (n, sample) in samples.enumerated() { self[n] = Scalar(sample) }
  }
}

extension ChainDescription {
  /// Mono effects alone: both outputs are the series' output.
  static func series(_ effects: SeriesEffect..., sampleRate: Double = 44100) -> ChainDescription {
    ChainDescription(sampleRate: sampleRate, series: effects, sends: [], hasDirectPan: false)
  }

  /// Send effects alone, added to a centred direct sound.
  static func sends(_ effects: SendEffect..., sampleRate: Double = 44100) -> ChainDescription {
    ChainDescription(sampleRate: sampleRate, series: [], sends: effects, hasDirectPan: false)
  }

  /// Logits drawn from a normal-ish spread around 0, with decibel parameters scaled up to be heard.
  func randomLogits(seed: UInt64, spread: Double = 1.5) -> [Double] {
    var source = RandomSource(seed: seed)
    return parameterSpace.parameters.map { parameter in
      let x = Double.random(in: -spread...spread, using: &source)
      if parameter.name.hasSuffix("expander_threshold") { return -45 + x }
      if parameter.name.hasSuffix("threshold") { return -30 + x }
      return parameter.unit == .decibel ? 4 * x : x
    }
  }

  /// Logits of named physical values; parameters without one keep the logit 0.
  func logits(_ values: [String: Double]) -> [Double] {
    let space = parameterSpace
    precondition(values.keys.allSatisfy { space.index(of: $0) != nil }, "no such parameters: \(values.keys)")
    return space.parameters.map { parameter in
      values[parameter.name].flatMap { parameter.bijector.inverse($0) } ?? 0
    }
  }
}
