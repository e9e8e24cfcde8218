import NumericCore
import StyleFeatures

/// Encode and pullback of one segment, beside the bare transforms that they cannot do without.
func styleEncoding(seconds: Double, sampleRate: Double) throws -> Contest {
  let frameCount = Int(seconds * sampleRate)
  var contest = Contest("style", "encoding of \(seconds) s at \(sampleRate) Hz, stereo")
  try addEncoders(Float.self, to: &contest, frameCount: frameCount, sampleRate: sampleRate)
  try addEncoders(Double.self, to: &contest, frameCount: frameCount, sampleRate: sampleRate)
  return contest
}

private func addEncoders<Scalar: SignalScalar>(
  _: Scalar.Type, to contest: inout Contest, frameCount: Int, sampleRate: Double
) throws {
  var generator = SystemRandomNumberGenerator()
  let left = SignalBuffer((0..<frameCount).map { _ in Scalar(Double.random(in: -1...1, using: &generator)) })
  let right = SignalBuffer((0..<frameCount).map { _ in Scalar(Double.random(in: -1...1, using: &generator)) })
  let (leftCotangent, rightCotangent) = (
    SignalBuffer<Scalar>(count: frameCount), SignalBuffer<Scalar>(count: frameCount)
  )
  for kind in StyleEncoderKind.allCases {
    let encoder: any StyleEncoder<Scalar> = try kind.makeEncoder(frameCount: frameCount, sampleRate: sampleRate)
    let cotangent = StyleEmbedding(
      mid: Array(repeating: 1, count: kind.featureCount), side: Array(repeating: 1, count: kind.featureCount))
    contest.add("\(kind) encode, \(Scalar.self)") {
      _ = try? encoder.encode(left: left.pointer, right: right.pointer)
    }
    contest.add("\(kind) pullback, \(Scalar.self)") {
      try? encoder.pullback(cotangent, left: leftCotangent.pointer, right: rightCotangent.pointer)
    }
  }
  addTransforms(to: &contest, signal: left)
}

/// 2 x 344 forward and as many inverse transforms of 2048 points for 8 s: the floor of either encoder.
private func addTransforms<Scalar: SignalScalar>(to contest: inout Contest, signal: SignalBuffer<Scalar>) {
  let (length, hop) = (2048, 1024)
  let frames = (signal.count - length) / hop + 1
  let transform = RealFFT<Scalar>(count: length)
  let spectrum = SignalBuffer<Scalar>(count: length + 2)
  let samples = SignalBuffer<Scalar>(count: length)
  contest.add("bare transforms forward, \(Scalar.self)") {
    for frame in 0..<2 * frames { transform.forward(signal.pointer + (frame / 2) * hop, into: spectrum.pointer) }
  }
  contest.add("bare transforms inverse, \(Scalar.self)") {
    for _ in 0..<2 * frames {
      spectrum.pointer.update(repeating: 0, count: spectrum.count)
      transform.inverseDestroying(spectrum.pointer, into: samples.pointer)
    }
  }
}
