import AudioFiles
import Evaluation
import FXChain
import FXParams
import Inference
import NumericCore
import PriorKit
import StyleFeatures

/// The vocal, its segments and the measures, shared by all transfers.
struct TransferBench {
  let prior: any Prior
  private let dry: AudioBuffer
  private let segmenter: Segmenter
  private let threads: Int
  private let spectral: MultiScaleSpectralDistance
  private let dynamic: LoudnessDynamicRangeDistance
  private let renderer: ChainRenderer<Float>

  init(prior: any Prior, dry: AudioBuffer, segmentSeconds: Double, threads: Int) throws {
    self.prior = prior
    self.dry = dry
    self.threads = threads
    segmenter = Segmenter(segmentSeconds: segmentSeconds)
    spectral = try MultiScaleSpectralDistance(view: .leftRight, sampleRate: dry.sampleRate)
    dynamic = LoudnessDynamicRangeDistance(view: .leftRight, sampleRate: dry.sampleRate)
    renderer = ChainRenderer(prior.chain, segments: [dry.channels[0]], threads: threads)
  }

  /// The whole vocal through a preset.
  func render(_ theta: [Double]) -> AudioBuffer {
    renderer.render(logits: theta)
    let (left, right) = renderer.output(of: 0)
    return AudioBuffer(channels: [left.array, right.array], sampleRate: dry.sampleRate)
  }

  func transfer(
    wet: AudioBuffer, encoder: StyleEncoderKind, alpha: Double, steps: Int
  ) throws -> (theta: [Double], startLoss: Double, endLoss: Double) {
    let segments = try segmenter.protocolSegments(dry: dry, wet: wet, source: "the rendering")
    let posterior = try StylePosterior(
      prior: prior, encoder: encoder,
      references: segments.reference.map { StereoSegment(left: $0.audio.channels[0], right: $0.audio.channels[1]) },
      inputs: segments.input.map { $0.audio.channels[0] }, weights: .loss(alpha: alpha), threads: threads)
    let driver = MaximumAPosteriori(optimiser: Adam(), steps: steps)
    var state = try driver.makeState(from: prior.mean)
    let outcome = try driver.run(posterior, state: &state)
    let last = outcome.result?.last
    return (state.theta, state.trace.loss.first ?? .nan, last?.loss ?? .nan)
  }

  func outcome(
    of theta: [Double], hidden: [Double], wet: AudioBuffer, label: String, setting: String
  ) throws -> TransferOutcome {
    let (found, target) = (matrix(render(theta)), matrix(wet))
    return TransferOutcome(
      label: label, setting: setting, parameterError: ParameterDistance.meanSquaredError(theta, hidden),
      spectralDistance: try spectral.value(prediction: found, target: target),
      dynamicDistance: try dynamic.value(prediction: found, target: target),
      squaredMahalanobis: (prior as? GaussianPrior)?.squaredMahalanobisDistance(to: theta))
  }

  private func matrix(_ audio: AudioBuffer) -> Matrix {
    Matrix(rows: 2, columns: audio.frameCount, values: audio.channels.flatMap { $0.map { Double($0) } })
  }
}
