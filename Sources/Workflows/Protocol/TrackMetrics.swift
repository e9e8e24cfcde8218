import AudioFiles
import Evaluation
import FXParams
import NumericCore
import PriorKit

/// Measures renderings of one track against its wet side, and presets against the one behind it.
struct TrackMetrics: Sendable {
  /// The columns, in order.
  static let all = ScoreMetric.published + ScoreMetric.additions

  private let distances: StereoDistances
  /// In which Mahalanobis PMSE is measured, if it is.
  private let metric: Cholesky?
  private let quotient: QuotientDistance

  /// - Parameters:
  ///   - chain: of the presets.
  ///   - metric: the factorised covariance of Mahalanobis PMSE; nil to leave that out.
  init(chain: ChainDescription, metric: Cholesky?) throws {
    distances = try StereoDistances(sampleRate: chain.sampleRate)
    self.metric = metric
    quotient = QuotientDistance(chain)
  }

  /// The wet side of a track, measured once for all methods.
  struct Target {
    fileprivate let samples: Matrix
    fileprivate let loudnessLUFS: Double
    fileprivate let preset: [Double]?

    init(_ material: TrackMaterial) throws {
      samples = TrackMetrics.matrix(material.wet)
      loudnessLUFS = try material.wet.integratedLoudness(source: material.track.name.stem)
      preset = material.track.preset
    }
  }

  /// Every number that can be measured.
  ///
  /// - Parameters:
  ///   - rendering: as long as the target.
  ///   - theta: what it was rendered with; nil without effects.
  /// - Throws: `MetricError`, ``WorkflowError`` for a distance that is not finite.
  func values(
    of rendering: AudioBuffer, theta: [Double]?, target: Target, source: String
  ) throws -> [ScoreMetric: Double] {
    let found = try distances.values(prediction: Self.matrix(rendering), target: target.samples)
    var values: [ScoreMetric: Double] = [
      .spectralLeftRight: found.spectralLeftRight, .spectralMidSide: found.spectralMidSide,
      .flooredSpectralMidSide: found.flooredSpectralMidSide,
      .dynamicRangeLeftRight: found.dynamicRangeLeftRight, .dynamicRangeMidSide: found.dynamicRangeMidSide,
    ]
    let loudness = try rendering.integratedLoudness(source: source)
    // A rendering below the gate has no loudness, and so no error of it.
    if loudness.isFinite, target.loudnessLUFS.isFinite {
      values[.loudnessError] = abs(loudness - target.loudnessLUFS)
    }
    if let theta, let preset = target.preset {
      values[.parameter] = ParameterDistance.meanSquaredError(theta, preset)
      values[.mahalanobisParameter] = metric.map {
        ParameterDistance.mahalanobisMeanSquaredError(theta, preset, metric: $0)
      }
      values[.orbitParameter] = quotient.meanSquaredError(theta, preset)
    }
    if let bad = values.first(where: { !$0.value.isFinite }) {
      throw WorkflowError(
        .notFinite, "\(bad.key.label) of \(source) is beyond any number: leave that preset or track out.")
    }
    return values
  }

  private static func matrix(_ audio: AudioBuffer) -> Matrix {
    Matrix(rows: 2, columns: audio.frameCount, values: audio.channels.flatMap { $0.map { Double($0) } })
  }
}
