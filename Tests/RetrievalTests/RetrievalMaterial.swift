import FXChain
import FXParams
import Foundation
import Inference
import NumericCore
import PriorKit
import Retrieval

/// A small problem: a chain with all effects, a synthetic voice, and recordings of it through a preset.
enum RetrievalMaterial {
  /// All effects of the DiffVox chain with short responses.
  static let chain = ChainDescription(
    series: ChainDescription.diffVox.series,
    sends: [
      .pingPongDelay(PingPongDelay(delayMilliseconds: .init(5, 40), responseSeconds: 0.15)),
      .feedbackDelayNetwork(
        FeedbackDelayNetwork(
          delaySamples: [97, 131, 173, 211, 251, 293], decayPoints: 49, responseSeconds: 0.2,
          maximumT60Seconds: 0.3,
          tone: [
            BiquadBand(name: "peak1", response: .peak, frequencyHz: .init(200, 2500), q: .init(0.1, 3)),
            BiquadBand(name: "highshelf", response: .highShelf, frequencyHz: .init(1500, 16000)),
          ])),
    ])

  static let truth = logits(seed: 1)

  static func logits(of chain: ChainDescription = chain, seed: UInt64) -> [Double] {
    var source = RandomSource(seed: seed, stream: 0)
    var logits = [Double](repeating: 0, count: chain.parameterSpace.count)
    source.fillNormal(&logits)
    return logits
  }

  /// Harmonics of a gliding tone with a rhythm, and breath.
  static func voice(_ count: Int, seed: UInt64) -> [Float] {
    var source = RandomSource(seed: seed, stream: 1)
    var phase = 0.0
    return (0..<count).map { n in
      let time = Double(n) / 44100
      phase += 2 * .pi * (180 + 40 * sin(3 * time + Double(seed))) / 44100
      let tone = (1...12).reduce(0.0) { $0 + sin(Double($1) * phase) / Double($1) }
      let level = 0.15 * (0.55 + 0.45 * sin(2 * .pi * 3.1 * time))
      return Float(level * tone + 0.003 * source.nextNormal())
    }
  }

  static func chunks(
    _ count: Int, chain: ChainDescription = chain, frames: Int = 6000, warmUp: Int = 1500
  ) throws -> [RetrievalChunk] {
    let truth = logits(of: chain, seed: 1)
    return (0..<count).map { index in
      let dry = voice(frames, seed: UInt64(index + 10))
      let renderer = ChainRenderer<Float>(chain, segments: [dry])
      renderer.render(logits: truth)
      let (left, right) = renderer.output(of: 0)
      return RetrievalChunk(
        dry: dry, wet: StereoSegment(left: left.array, right: right.array), warmUpFrames: warmUp)
    }
  }

  static func prior() throws -> Prior {
    let count = chain.parameterSpace.count
    return try Prior(
      chain: chain, mean: [Double](repeating: 0.3, count: count),
      covariance: .diagonal([Double](repeating: 1.5, count: count)))
  }
}
