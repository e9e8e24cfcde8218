import FXParams
import HDF5Store
import NumericCore

/// Preset collections on disk: HDF5 files of kind "presets" (docs/file-formats.md).
public enum PresetFile {
  // MARK: - Reading

  /// Reads a collection and checks it against its own chain.
  ///
  /// - Throws: ``DataError`` for a wrong kind, a newer version, sizes or names that do not fit the chain, values
  ///   that are not finite, or no presets; ``HDF5Error`` for a file that cannot be read.
  public static func read(_ path: String) throws -> PresetCollection {
    let reader = try HDF5Reader(path: path)
    let header = try FileHeader(reader, expecting: .presets)
    let theta = try reader.matrix("/theta")
    var collection = PresetCollection(chain: header.chain, theta: theta)
    if reader.contains("/labels") { collection.labels = try reader.strings("/labels") }
    if reader.contains("/groups") { collection.groups = try reader.strings("/groups") }
    if reader.contains("/weights") { collection.weights = try reader.doubles("/weights").values }
    if reader.contains("/features") {
      collection.features = try reader.matrix("/features")
      collection.featureNames = try reader.strings("/feature_names")
    }
    try collection.check(path: path)
    return collection
  }

  // MARK: - Writing

  /// Writes a collection, completely or not at all.
  ///
  /// - Throws: ``DataError`` if the collection is not sound; `OutputError` or ``HDF5Error`` if it cannot be
  ///   written.
  public static func write(
    _ collection: PresetCollection, to path: String, provenance: Provenance, overwrite: Bool
  ) throws {
    try collection.check(path: path)
    try HDF5Writer.create(path, overwrite: overwrite) { writer in
      try FileHeader(kind: .presets, chain: collection.chain, provenance: provenance).write(to: writer)
      try writer.write(collection.theta, to: "/theta")
      if let labels = collection.labels { try writer.write(labels, to: "/labels") }
      if let groups = collection.groups { try writer.write(groups, to: "/groups") }
      if let weights = collection.weights {
        try writer.write(weights, shape: [weights.count], to: "/weights")
      }
      if let features = collection.features, let names = collection.featureNames {
        try writer.write(features, to: "/features")
        try writer.write(names, to: "/feature_names")
      }
    }
  }
}

// MARK: - Checking

extension PresetCollection {
  /// Checks sizes and values; errors name `path` as the place.
  func check(path: String) throws {
    let names = chain.parameterSpace.names
    guard dimension == names.count else {
      throw DataError(
        .wrongShape, path,
        "/theta in \(path) has \(dimension) columns but its chain has \(names.count) parameters: "
          + "use the chain that the presets were made with.")
    }
    guard count > 0 else {
      throw DataError(.empty, path, "\(path) holds no presets: give a file with at least one.")
    }
    try theta.checkFinite(columns: names, "Preset", path: path)
    try check(labels?.count, "/labels", path)
    try check(groups?.count, "/groups", path)
    try checkWeights(path)
    guard (features == nil) == (featureNames == nil) else {
      throw DataError(.malformed, path, "/features and /feature_names in \(path) need each other: make it again.")
    }
    guard let features, let featureNames else { return }
    try check(features.rows, "/features", path)
    guard features.columns == featureNames.count else {
      throw DataError(
        .wrongShape, path,
        "/features in \(path) has \(features.columns) columns but /feature_names has \(featureNames.count): "
          + "make it again.")
    }
    try features.checkFinite(columns: featureNames, "Features of preset", path: path)
  }

  private func checkWeights(_ path: String) throws {
    guard let weights else { return }
    try check(weights.count, "/weights", path)
    if let row = weights.firstIndex(where: { !$0.isFinite || $0 < 0 }) {
      throw DataError(
        .invalidValue, path,
        "Preset \(row) in \(path) has weight \(weights[row]): weights must be finite and not negative.")
    }
    guard weights.contains(where: { $0 > 0 }) else {
      throw DataError(.invalidValue, path, "All /weights in \(path) are zero: give some presets a positive one.")
    }
  }

  private func check(_ found: Int?, _ dataset: String, _ path: String) throws {
    guard let found, found != count else { return }
    throw DataError(
      .wrongShape, path,
      "\(dataset) in \(path) has \(found) entries for \(count) presets: make the file again with one for each.")
  }
}

extension Matrix {
  /// Names the first value that is not finite by its row and column.
  func checkFinite(columns names: [String], _ row: String, path: String) throws {
    guard let index = values.firstIndex(where: { !$0.isFinite }) else { return }
    throw DataError(
      .invalidValue, path,
      "\(row) \(index / columns) in \(path) has \(names[index % columns]) = \(values[index]): "
        + "drop that row or repair its source.")
  }
}

// MARK: - Matrices in files

extension HDF5Reader {
  func matrix(_ dataset: String) throws -> Matrix {
    let (shape, values) = try doubles(dataset)
    guard shape.count == 2 else {
      throw DataError(
        .wrongShape, path,
        "\(dataset) in \(path) has shape \(shape) but needs two dimensions, [rows, columns]: make it again.")
    }
    return Matrix(rows: shape[0], columns: shape[1], values: values)
  }
}

extension HDF5Writer {
  func write(_ matrix: Matrix, to dataset: String) throws {
    try write(matrix.values, shape: [matrix.rows, matrix.columns], to: dataset, compressed: true)
  }
}
