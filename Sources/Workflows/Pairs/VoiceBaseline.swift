import AudioFiles
import FXParams
import NumericCore
import PresetStore
import StyleFeatures

/// What features relative to a voice are measured from: the mean features of its dry vocal through the presets that
/// the record of the features holds, its anchors.
///
/// Most of what tells two recordings apart is the voice. Less the mean of the same presets on the same voice, it is
/// mostly the preset.
struct VoiceBaseline {
  /// With anchors.
  let record: FeatureRecord
  let chain: ChainDescription
  let kind: StyleEncoderKind
  var threads = 1

  /// The mean features, anchor i on segment i mod n.
  ///
  /// - Parameters:
  ///   - segments: dry segments, mono; shorter ones than the longest are left out.
  ///   - source: the recording, for errors.
  /// - Throws: ``WorkflowError`` where every anchor is silent, ``InterruptedError``, what chain and encoder throw.
  func features(of segments: [[Float]], source: String, monitor: some WorkMonitor = QuietMonitor()) throws
    -> [Double]
  {
    guard let anchors = record.anchors else { preconditionFailure("Features that are relative to nothing") }
    let longest = segments.map(\.count).max() ?? 0
    let voice = segments.filter { $0.count == longest && longest > 0 }
    guard !voice.isEmpty else { throw AudioError.silent(source: source) }
    let rows = try FeatureRows(
      title: "voice", count: anchors.rows, featureCount: record.names(kind).count, checkpoint: nil, problem: "",
      threads: threads
    ).compute(monitor: monitor) {
      PairRenderer(
        chain: chain, encoder: kind, frameCount: longest, segmentCount: 1, targetLUFS: record.loudnessLUFS)
    } _: { row, renderer in
      let features = try renderer.features(of: [voice[row % voice.count]], logits: anchors.row(row))
      return features.map { .features($0) } ?? .skipped
    }
    let heard = rows.compactMap { row in if case .features(let features) = row { features } else { nil } }
    guard !heard.isEmpty else {
      throw WorkflowError(
        .unsuitableRecording,
        "\(source) is silent through all \(anchors.rows) presets that features are relative to: take other presets."
      )
    }
    return SegmentEmbedder.mean(heard)
  }
}

extension [Double] {
  /// Less a baseline, where there is one.
  func relative(to baseline: [Double]?) -> [Double] {
    baseline.map { zip(self, $0).map { $0 - $1 } } ?? self
  }
}
