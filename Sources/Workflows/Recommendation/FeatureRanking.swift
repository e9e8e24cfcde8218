import AudioFiles
import Inference
import NumericCore
public import PresetStore
public import StyleFeatures

extension StyleRanking {
  /// Ranks presets by the features of their own recordings instead of renderings: no dry vocal is needed, and what
  /// is compared is the sound that each preset had.
  ///
  /// - Parameters:
  ///   - presets: with features of processed vocals.
  ///   - path: what errors call the presets.
  ///   - references: processed vocals, in stereo.
  ///   - encoder: that of the features.
  ///   - monitor: hears what was changed about the recordings.
  /// - Throws: ``WorkflowError`` for presets without such features, `AudioError`, what the encoder throws.
  public init(
    byFeaturesOf presets: PresetCollection, path: String, references: [String], encoder: StyleEncoderKind,
    monitor: some WorkMonitor = QuietMonitor()
  ) throws {
    try encoder.requireStyle()
    guard let features = presets.features, let record = presets.featureRecord, record.source == .wet,
      record.anchors == nil, record.encoder == encoder.rawValue
    else {
      throw WorkflowError(
        .missingCondition,
        "\(path) has no features of processed vocals by the encoder \(encoder.rawValue) to compare with: give a "
          + "dry vocal to be rendered through the presets, or add such features.")
    }
    let reference = try AudioFeatures(record: record, kind: encoder).features(ofFiles: references, monitor: monitor)
    let middle = encoder.featureCount
    func embedding(_ numbers: [Double]) -> StyleEmbedding? {
      guard let mid = unit(numbers[..<middle]) else { return nil }
      guard encoder.sideFeatureCount > 0 else { return StyleEmbedding(mid: mid, side: []) }
      return unit(numbers[middle...]).map { StyleEmbedding(mid: mid, side: $0) }
    }
    guard let wanted = embedding(reference) else {
      throw WorkflowError(
        .unsuitableRecording,
        "\(references.joined(separator: ", ")) has equal left and right channels, so it has no stereo image to "
          + "match: give a stereo reference.")
    }
    let likelihood = try StyleLikelihood(referenceMid: [wanted.mid], referenceSide: [wanted.side])
    var unused: [StyleEmbedding] = []
    self.init(
      nearness: (0..<presets.count).map { row in
        guard let candidate = embedding(features.row(row)) else { return nil }
        let value = likelihood.evaluate(predictions: [candidate], gradient: &unused)
        let angles = likelihood.rootMeanSquareAngles(of: [candidate])
        return value.isFinite
          ? Nearness(logLikelihood: value, angleMid: angles.mid, angleSide: angles.side) : nil
      })
  }
}

/// A mean of unit vectors at length 1 again; nil for one without a direction.
private func unit(_ numbers: ArraySlice<Double>) -> [Double]? {
  let length = numbers.reduce(0) { $0 + $1 * $1 }.squareRoot()
  return length > 0 && length.isFinite ? numbers.map { $0 / length } : nil
}
