import FXParams
import HDF5Store
package import NumericCore

/// Preset collections on disk: HDF5 files of kind "presets" (docs/file-formats.md).
public enum PresetFile {
  // MARK: - Reading

  /// Reads a collection and checks it against its own chain.
  ///
  /// - Parameters:
  ///   - path: the file.
  ///   - acceptsVaryingShape: whether presets may lack effects, or have another order; their absent logits are not
  ///     numbers.
  /// - Throws: ``DataError`` for a wrong kind, a newer version, sizes or names that do not fit the chain, values
  ///   that are not finite, no presets, or presets of varying shape; `HDF5Error` for a file that cannot be read.
  public static func read(_ path: String, acceptsVaryingShape: Bool = false) throws -> PresetCollection {
    let reader = try HDF5Reader(path: path)
    let header = try FileHeader(reader, expecting: .presets)
    let collection = try PresetCollection(reader, chain: header.chain)
    guard acceptsVaryingShape || collection.patterns == nil else { throw DataError.varyingShape(path: path) }
    try collection.check(path: path)
    try reader.requireIntact()
    return collection
  }

  /// Whether a file holds presets of varying shape, of which other readers take one alone.
  ///
  /// - Throws: ``DataError`` for a file of another kind, `HDF5Error`.
  public static func hasVaryingShape(_ path: String) throws -> Bool {
    let reader = try HDF5Reader(path: path)
    let chain = try FileHeader(reader, expecting: .presets).chain
    return try reader.variesInShape(chain, presets: reader.shape(of: "/theta").first ?? 0)
  }

  // MARK: - Writing

  /// Writes a collection, completely or not at all.
  ///
  /// - Throws: ``DataError`` if the collection is not sound; `OutputError` or `HDF5Error` if it cannot be
  ///   written.
  public static func write(
    _ collection: PresetCollection, to path: String, provenance: Provenance, overwrite: Bool
  ) throws {
    try collection.check(path: path)
    try HDF5Writer.create(path, overwrite: overwrite) { writer in
      try FileHeader(kind: .presets, chain: collection.chain, provenance: provenance).write(to: writer)
      try collection.write(to: writer)
    }
  }
}

// MARK: - Arrays

extension PresetCollection {
  /// The arrays of a file, which are not checked.
  init(_ reader: HDF5Reader, chain: ChainDescription) throws {
    self.init(chain: chain, theta: try reader.matrix("/theta"))
    if let found = try reader.patterns(of: chain, presets: count) { setPatterns(found) }
    if reader.contains("/labels") { labels = try reader.strings("/labels") }
    if reader.contains("/groups") { groups = try reader.strings("/groups") }
    if reader.contains("/weights") { weights = try reader.doubles("/weights").values }
    if reader.contains("/features") {
      features = try reader.matrix("/features")
      featureNames = try reader.strings("/feature_names")
      featureRecord = try reader.featureRecord(of: "/features")
    }
    retrieval = try reader.retrievalColumns(presets: count)
    information = try reader.presetInformation(presets: theta)
    canonicalisation = try reader.textIfPresent(attribute: "canonicalisation")
    if reader.contains(attribute: "adjustments") { adjustments = try reader.strings(attribute: "adjustments") }
  }

  /// Writes what follows the header.
  func write(to writer: HDF5Writer) throws {
    try writeArrays(to: writer)
    try writer.nameDimensions(
      ofPresets: count, space: chain.parameterSpace,
      anchors: features == nil ? 0 : featureRecord?.anchors?.rows ?? 0)
  }

  private func writeArrays(to writer: HDF5Writer) throws {
    try writer.write(theta, to: "/theta")
    if let patterns { try writer.write(patterns, of: chain) }
    if let canonicalisation { try writer.set(canonicalisation, attribute: "canonicalisation") }
    if let adjustments { try writer.set(adjustments, attribute: "adjustments") }
    if let labels { try writer.write(labels, to: "/labels") }
    if let groups { try writer.write(groups, to: "/groups") }
    if let weights { try writer.write(weights, shape: [weights.count], to: "/weights") }
    if let information { try writer.write(information) }
    if let retrieval { try writer.write(retrieval) }
    guard let features, let featureNames else { return }
    try writer.write(features, to: "/features")
    try writer.write(featureNames, to: "/feature_names")
    if let featureRecord { try writer.set(featureRecord, of: "/features") }
  }
}

// MARK: - Checking

extension PresetCollection {
  /// Checks sizes and values; errors name `path` as the place.
  ///
  /// - Parameter isPart: whether these are presets of a shard, which may have none, or none with a weight.
  func check(path: String, isPart: Bool = false) throws {
    let names = chain.parameterSpace.names
    guard dimension == names.count else { throw DataError.thetaColumns(dimension, of: names.count, path: path) }
    guard count > 0 || isPart else { throw DataError.noPresets(path: path) }
    try checkLogits(names, path)
    if let labels { try DataError.checkCount(labels.count, of: "/labels", presets: count, path: path) }
    if let groups { try DataError.checkCount(groups.count, of: "/groups", presets: count, path: path) }
    try checkWeights(path, isPart: isPart)
    try checkRetrieval(path)
    guard (features == nil) == (featureNames == nil) else { throw DataError.featuresAlone(path: path) }
    guard let features, let featureNames else { return }
    try DataError.checkCount(features.rows, of: "/features", presets: count, path: path)
    guard features.columns == featureNames.count else {
      throw DataError.featureColumns(features.columns, of: featureNames.count, path: path)
    }
    try features.checkFinite(columns: featureNames, "Features of preset", path: path)
  }

  /// Throws unless the logits of the effects that a preset has, and no others, are numbers.
  private func checkLogits(_ names: [String], _ path: String) throws {
    guard let patterns else { return try theta.checkFinite(columns: names, "Preset", path: path) }
    try DataError.checkCount(patterns.count, of: "/present", presets: count, path: path)
    for (pattern, rows) in rowsByPattern {
      guard chain.admits(pattern) else {
        throw DataError(
          .invalidValue, path,
          "Preset \(rows[0]) in \(path) has effects that its chain does not allow: make it with another chain.")
      }
      let absent = Set(chain.absentPositions(pattern))
      for row in rows {
        for column in names.indices {
          let value = theta[row, column]
          guard absent.contains(column) ? !value.isNaN : !value.isFinite else { continue }
          throw absent.contains(column)
            ? DataError.absentValue(row: row, name: names[column], value: value, path: path)
            : DataError.notFinite("Preset", row: row, name: names[column], value: value, path: path)
        }
      }
    }
  }

  private func checkRetrieval(_ path: String) throws {
    if let information {
      try DataError.checkCount(information.matrices.count, of: "/information", presets: count, path: path)
      try information.check(names: chain.parameterSpace.names, path: path)
    }
    if let retrieval {
      try DataError.checkCount(retrieval.losses.count, of: "/retrieval_loss", presets: count, path: path)
    }
  }

  private func checkWeights(_ path: String, isPart: Bool) throws {
    guard let weights else { return }
    try DataError.checkCount(weights.count, of: "/weights", presets: count, path: path)
    if let row = weights.firstIndex(where: { !$0.isFinite || $0 < 0 }) {
      throw DataError.weight(weights[row], row: row, path: path)
    }
    guard isPart || weights.contains(where: { $0 > 0 }) else {
      throw DataError.noWeight(path: path)
    }
  }
}

extension Matrix {
  /// Names the first value that is not finite by its row and column.
  package func checkFinite(columns names: [String], _ row: String, path: String) throws {
    guard let index = values.firstIndex(where: { !$0.isFinite }) else { return }
    throw DataError.notFinite(
      row, row: index / columns, name: names[index % columns], value: values[index], path: path)
  }
}

// MARK: - Matrices in files

extension HDF5Reader {
  package func matrix(_ dataset: String) throws -> Matrix {
    let (shape, values) = try doubles(dataset)
    guard shape.count == 2 else { throw DataError.notAMatrix(dataset, shape: shape, path: path) }
    return Matrix(rows: shape[0], columns: shape[1], values: values)
  }
}

extension HDF5Writer {
  func write(_ matrix: Matrix, to dataset: String) throws {
    try write(matrix.values, shape: [matrix.rows, matrix.columns], to: dataset, compressed: true)
  }
}
