import HDF5Store
import NumericCore

// How features were made stands in the attributes of their dataset or group; presets that they are relative to are
// a dataset of their own.

extension HDF5Writer {
  package func set(_ record: FeatureRecord, of object: String) throws {
    try set(record.encoder, attribute: "encoder", of: object)
    try set(record.source.rawValue, attribute: "source", of: object)
    try set(record.sampleRate, attribute: "sample_rate", of: object)
    try set(record.segmentSeconds, attribute: "segment_seconds", of: object)
    if let loudness = record.loudnessLUFS { try set(loudness, attribute: "loudness_lufs", of: object) }
    if let anchors = record.anchors { try write(anchors, to: "/" + FeatureRecord.anchorsName) }
  }
}

extension HDF5Reader {
  /// The record, or nil for features of unknown making.
  package func featureRecord(of object: String) throws -> FeatureRecord? {
    guard contains(attribute: "encoder", of: object) else { return nil }
    let text = try text(attribute: "source", of: object)
    guard let source = FeatureRecord.Source(rawValue: text) else {
      throw DataError(
        .malformed, path, "\(object) in \(path) describes \(text) audio, not dry or wet: make it again.")
    }
    guard source == .wet || !contains("/" + FeatureRecord.anchorsName) else {
      throw DataError(
        .malformed, path,
        "\(path) has features of dry vocals relative to presets, which only processed ones can be: make them again."
      )
    }
    return FeatureRecord(
      encoder: try self.text(attribute: "encoder", of: object), source: source,
      sampleRate: try double(attribute: "sample_rate", of: object),
      loudnessLUFS: contains(attribute: "loudness_lufs", of: object)
        ? try double(attribute: "loudness_lufs", of: object) : nil,
      segmentSeconds: try double(attribute: "segment_seconds", of: object), anchors: try anchors())
  }
}

extension HDF5Reader {
  private func anchors() throws -> Matrix? {
    let name = "/" + FeatureRecord.anchorsName
    guard contains(name) else { return nil }
    let (anchors, names) = (try matrix(name), try strings("/names"))
    guard anchors.columns == names.count, anchors.rows > 0 else {
      throw DataError(
        .wrongShape, path,
        "\(name) in \(path) has shape [\(anchors.rows), \(anchors.columns)], not some rows of \(names.count) "
          + "logits: make the features again.")
    }
    try anchors.checkFinite(columns: names, "Row of \(name)", path: path)
    return anchors
  }
}

extension FeatureRecord {
  /// The dataset of ``anchors``, at the root.
  package static let anchorsName = "feature_anchors"
}
