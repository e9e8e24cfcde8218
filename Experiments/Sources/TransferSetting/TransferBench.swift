package import AudioFiles
import Evaluation
import FXChain
import FXParams
package import Inference
import NumericCore
package import PriorKit
package import StyleFeatures

/// A real transfer, in small: a vocal, its segments and the measures, shared by all transfers. The even segments of
/// the vocal through a hidden preset are the reference, the odd ones of the dry vocal the input.
package struct TransferBench {
  package let prior: Prior
  /// In which Mahalanobis PMSE is measured, if it is.
  private let metric: Cholesky?
  private let dry: AudioBuffer
  private let segmenter: Segmenter
  private let threads: Int
  private let spectral: MultiScaleSpectralDistance
  private let dynamic: LoudnessDynamicRangeDistance
  private let renderer: ChainRenderer<Float>

  package init(
    prior: Prior, metric: Cholesky? = nil, dry: AudioBuffer, segmentSeconds: Double, threads: Int
  ) throws {
    self.prior = prior
    self.metric = metric
    self.dry = dry
    self.threads = threads
    segmenter = Segmenter(segmentSeconds: segmentSeconds)
    spectral = try MultiScaleSpectralDistance(view: .leftRight, sampleRate: dry.sampleRate)
    dynamic = LoudnessDynamicRangeDistance(view: .leftRight, sampleRate: dry.sampleRate)
    renderer = ChainRenderer(prior.chain, segments: [dry.channels[0]], threads: threads)
  }

  /// The whole vocal through a preset.
  package func render(_ theta: [Double]) -> AudioBuffer {
    renderer.render(logits: theta)
    let (left, right) = renderer.output(of: 0)
    return AudioBuffer(channels: [left.array, right.array], sampleRate: dry.sampleRate)
  }

  /// The posterior over presets that might have made a rendering, whose value is minus the loss.
  package func posterior(
    wet: AudioBuffer, encoder: StyleEncoderKind, alpha: Double
  ) throws -> StylePosterior {
    let (references, inputs) = try segments(of: wet)
    return try StylePosterior(
      prior: prior, encoder: encoder, references: references, inputs: inputs, weights: .loss(alpha: alpha),
      threads: threads)
  }

  /// The reference's segments and those of the dry vocal.
  package func segments(of wet: AudioBuffer) throws -> (references: [StereoSegment], inputs: [[Float]]) {
    let segments = try segmenter.protocolSegments(dry: dry, wet: wet, source: "the rendering")
    return (
      segments.reference.map { StereoSegment(left: $0.audio.channels[0], right: $0.audio.channels[1]) },
      segments.input.map { $0.audio.channels[0] }
    )
  }

  /// The preset that an optimisation found, and its losses there and at the start.
  package struct Transfer {
    package var theta: [Double]
    package var startLoss: Double
    package var endLoss: Double
    /// The negative log-likelihoods alone.
    package var startStyleLoss: Double
    package var endStyleLoss: Double
  }

  /// Adam from `start`, by default the prior's mean, to the last iterate.
  ///
  /// - Precondition: there is a step.
  package func transfer(
    wet: AudioBuffer, encoder: StyleEncoderKind, alpha: Double, steps: Int, from start: [Double]? = nil
  ) throws -> Transfer {
    precondition(steps > 0, "\(steps) steps")
    let posterior = try posterior(wet: wet, encoder: encoder, alpha: alpha)
    let driver = MaximumAPosteriori(optimiser: Adam(), steps: steps)
    var state = try driver.makeState(from: start ?? prior.mean)
    guard let last = try driver.run(posterior, state: &state).result?.last else {
      preconditionFailure("Nothing interrupts this optimisation")
    }
    return Transfer(
      theta: last.theta, startLoss: state.trace.loss[0], endLoss: last.loss,
      startStyleLoss: -state.trace.logLikelihood[0], endStyleLoss: -last.evaluation.logLikelihood)
  }

  package func outcome(
    of theta: [Double], hidden: [Double], wet: AudioBuffer, label: String, setting: String
  ) throws -> TransferOutcome {
    let (found, target) = (matrix(render(theta)), matrix(wet))
    return TransferOutcome(
      label: label, setting: setting, parameterError: ParameterDistance.meanSquaredError(theta, hidden),
      mahalanobisParameterError: metric.map {
        ParameterDistance.mahalanobisMeanSquaredError(theta, hidden, metric: $0)
      },
      spectralDistance: try spectral.value(prediction: found, target: target),
      dynamicDistance: try dynamic.value(prediction: found, target: target),
      squaredMahalanobis: prior.squaredMahalanobisDistance(to: theta))
  }

  private func matrix(_ audio: AudioBuffer) -> Matrix {
    Matrix(rows: 2, columns: audio.frameCount, values: audio.channels.flatMap { $0.map { Double($0) } })
  }
}
