import HDF5Store
import PresetStore

// The group /fit of a prior file, which is optional.

extension HDF5Writer {
  func write(_ record: FitRecord) throws {
    try createGroup("/fit")
    try set(record.estimator, attribute: "estimator", of: "/fit")
    try set(record.presetCount, attribute: "presets", of: "/fit")
    try set(record.effectivePresetCount, attribute: "effective_presets", of: "/fit")
    try write(record.evidence, to: "/fit/evidence")
    if let form = record.canonicalisation { try set(form, attribute: "canonicalisation", of: "/fit") }
    if let range = record.observedRange {
      try write(range.lower, shape: [range.lower.count], to: "/fit/observed_lower")
      try write(range.upper, shape: [range.upper.count], to: "/fit/observed_upper")
    }
    guard !record.hyperparameters.isEmpty else { return }
    try write(record.hyperparameters.map(\.name), to: "/fit/hyperparameter_names")
    try write(
      record.hyperparameters.map(\.value), shape: [record.hyperparameters.count], to: "/fit/hyperparameters")
  }
}

extension HDF5Reader {
  /// How the prior was fitted, or nil where the file does not say.
  func fitRecord() throws -> FitRecord? {
    guard contains("/fit") else { return nil }
    var hyperparameters: [FitRecord.Hyperparameter] = []
    if contains("/fit/hyperparameters") {
      let names = try strings("/fit/hyperparameter_names")
      let values = try doubles("/fit/hyperparameters").values
      guard names.count == values.count else {
        throw DataError(
          .wrongShape, path,
          "/fit/hyperparameters in \(path) has \(values.count) values for \(names.count) names: make it again.")
      }
      hyperparameters = zip(names, values).map { FitRecord.Hyperparameter($0, $1) }
    }
    var record = FitRecord(
      estimator: try text(attribute: "estimator", of: "/fit"), hyperparameters: hyperparameters,
      presetCount: try integer(attribute: "presets", of: "/fit"),
      effectivePresetCount: try double(attribute: "effective_presets", of: "/fit"),
      evidence: contains("/fit/evidence") ? try strings("/fit/evidence").first ?? "" : "")
    record.canonicalisation = try textIfPresent(attribute: "canonicalisation", of: "/fit")
    record.observedRange = try observedRange()
    return record
  }

  private func observedRange() throws -> ObservedRange? {
    guard contains("/fit/observed_lower") else { return nil }
    let lower = try doubles("/fit/observed_lower")
    let upper = try doubles("/fit/observed_upper")
    let names = try strings("/names")
    guard lower.shape == [names.count], upper.shape == [names.count],
      zip(lower.values, upper.values).allSatisfy({ $0 <= $1 })
    else {
      throw DataError(
        .malformed, path,
        "/fit/observed_lower and /fit/observed_upper in \(path) are no range of \(names.count) parameters: "
          + "fit the prior again.")
    }
    return ObservedRange(lower: lower.values, upper: upper.values)
  }
}
