// What can be wrong with the arrays of a preset file, in the same words for files read at once and in blocks.

extension DataError {
  static func thetaColumns(_ columns: Int, of parameters: Int, path: String) -> DataError {
    DataError(
      .wrongShape, path,
      "/theta in \(path) has \(columns) columns but its chain has \(parameters) parameters: "
        + "use the chain that the presets were made with.")
  }

  static func noPresets(path: String) -> DataError {
    DataError(.empty, path, "\(path) holds no presets: give a file with at least one.")
  }

  static func isShard(path: String) -> DataError {
    DataError(.wrongKind, path, "\(path) holds one shard of some work: merge it with the others first.")
  }

  static func notFinite(_ what: String, row: Int, name: String, value: Double, path: String) -> DataError {
    DataError(
      .invalidValue, path,
      "\(what) \(row) in \(path) has \(name) = \(value): drop that row or repair its source.")
  }

  static func absentValue(row: Int, name: String, value: Double, path: String) -> DataError {
    DataError(
      .invalidValue, path,
      "Preset \(row) in \(path) has \(name) = \(value) although /present says that it lacks the effect: write NaN "
        + "there, or mark the effect as present.")
  }

  /// For what needs presets of one shape.
  package static func varyingShape(path: String) -> DataError {
    DataError(
      .varyingShape, path,
      "\(path) holds presets of varying shape (/present, /order), which cannot be used here: select those of one "
        + "shape first.")
  }

  /// For what needs a prior of presets of one shape.
  package static func priorOfVaryingShape(path: String) -> DataError {
    DataError(
      .varyingShape, path,
      "\(path) is a prior of presets of varying shape (/patterns), which cannot be used here: condition it on one "
        + "shape first.")
  }

  static func featuresAlone(path: String) -> DataError {
    DataError(.malformed, path, "/features and /feature_names in \(path) need each other: make it again.")
  }

  static func featureColumns(_ columns: Int, of names: Int, path: String) -> DataError {
    DataError(
      .wrongShape, path,
      "/features in \(path) has \(columns) columns but /feature_names has \(names): make it again.")
  }

  static func notAMatrix(_ dataset: String, shape: [Int], path: String) -> DataError {
    DataError(
      .wrongShape, path,
      "\(dataset) in \(path) has shape \(shape) but needs two dimensions, [rows, columns]: make it again.")
  }

  static func checkCount(_ found: Int, of dataset: String, presets: Int, path: String) throws {
    guard found != presets else { return }
    throw DataError(
      .wrongShape, path,
      "\(dataset) in \(path) has \(found) entries for \(presets) presets: make the file again with one for each.")
  }

  /// A weight that no preset can have.
  static func weight(_ value: Double, row: Int, path: String) -> DataError {
    DataError(
      .invalidValue, path, "Preset \(row) in \(path) has weight \(value): weights must be finite and not negative.")
  }

  static func noWeight(path: String) -> DataError {
    DataError(.invalidValue, path, "All /weights in \(path) are zero: give some presets a positive one.")
  }
}
