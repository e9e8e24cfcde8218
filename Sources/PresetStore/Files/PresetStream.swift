public import FXParams
import HDF5Store
import NumericCore

/// A preset file of any size, read in blocks of rows. It is checked as
/// ``PresetFile/read(_:acceptsVaryingShape:)`` checks it; memory does not grow with the file.
public struct PresetStream: Sendable {
  /// The file, as errors name it.
  public let path: String
  /// Stored in the file; its parameter space gives the columns.
  public let chain: ChainDescription
  /// Number of presets.
  public let count: Int
  /// Number of parameters.
  public let dimension: Int
  /// Whether the file has `/labels`, one per preset.
  public let hasLabels: Bool
  private let names: [String]
  private let reader: HDF5Reader
  private let theta: HDF5RowReader

  /// Opens a preset file and checks all but its numbers.
  ///
  /// - Throws: ``DataError`` or `HDF5Error`, as ``PresetFile/read(_:acceptsVaryingShape:)``.
  public init(_ path: String) throws {
    self.path = path
    reader = try HDF5Reader(path: path)
    chain = try FileHeader(reader, expecting: .presets).chain
    names = chain.parameterSpace.names
    theta = try reader.presetRows("/theta")
    (count, dimension) = (theta.rowCount, theta.rowLength)
    guard dimension == names.count else { throw DataError.thetaColumns(dimension, of: names.count, path: path) }
    guard count > 0 else { throw DataError.noPresets(path: path) }
    guard try !reader.variesInShape(chain, presets: count) else { throw DataError.varyingShape(path: path) }
    hasLabels = reader.contains("/labels")
    for dataset in ["/labels", "/groups", "/weights"] where reader.contains(dataset) {
      try DataError.checkCount(reader.shape(of: dataset).reduce(1, *), of: dataset, presets: count, path: path)
    }
    for dataset in ["/standard_errors", "/information", "/retrieval_loss"] where reader.contains(dataset) {
      try DataError.checkCount(reader.shape(of: dataset).first ?? 1, of: dataset, presets: count, path: path)
    }
  }

  /// Rows of a block: some megabytes, in whole blocks of the normal distribution's own.
  package static func rowsInBlock(dimension: Int) -> Int {
    let unit = MultivariateNormal.rowsInBlock
    return max(1, (4 << 20) / (8 * max(dimension, 1) * unit)) * unit
  }

  /// Number of blocks. All but the last have the same number of rows.
  public var blockCount: Int { (count + rowsInBlock - 1) / rowsInBlock }
  package var rowsInBlock: Int { Self.rowsInBlock(dimension: dimension) }

  /// The indices of the presets in a block.
  public func rows(ofBlock block: Int) -> Range<Int> {
    block * rowsInBlock..<min((block + 1) * rowsInBlock, count)
  }

  /// Reads the logits of a block to the beginning of `buffer`, which has room for a full one, and returns that
  /// part.
  package func readBlock(
    _ block: Int, into buffer: UnsafeMutableBufferPointer<Double>
  ) throws -> UnsafeMutableBufferPointer<Double> {
    let rows = rows(ofBlock: block)
    let part = UnsafeMutableBufferPointer(rebasing: buffer[..<(rows.count * dimension)])
    try theta.read(rows, into: part)
    return part
  }

  /// Weights of a block; nil where the file has none.
  func weights(ofBlock block: Int) throws -> [Double]? {
    guard reader.contains("/weights") else { return nil }
    let rows = rows(ofBlock: block)
    let weights = try reader.doubles("/weights", rows: rows).values
    if let index = weights.firstIndex(where: { !$0.isFinite || $0 < 0 }) {
      throw DataError.weight(weights[index], row: rows.lowerBound + index, path: path)
    }
    return weights
  }

  /// The logits of one preset, without reading the others.
  ///
  /// - Throws: ``DataError`` for one that is not finite, `HDF5Error`.
  /// - Precondition: the preset exists.
  public func logits(ofRow row: Int) throws -> [Double] {
    var logits = [Double](repeating: 0, count: dimension)
    try logits.withUnsafeMutableBufferPointer { try theta.read(row..<row + 1, into: $0) }
    if let column = logits.firstIndex(where: { !$0.isFinite }) {
      throw notFinite(row: row, column: column, value: logits[column])
    }
    return logits
  }

  /// Labels of some presets; their numbers, from 1, where there are none.
  public func labels(of rows: Range<Int>) throws -> [String] {
    hasLabels ? try reader.strings("/labels", rows: rows) : rows.map { "\($0 + 1)" }
  }

  /// The error for an entry of a block that is not finite.
  package func notFinite(row: Int, column: Int, value: Double) -> DataError {
    DataError.notFinite("Preset", row: row, name: names[column], value: value, path: path)
  }

  /// Checks that a large file, which is not checked when it is opened, is as it was written.
  ///
  /// - Throws: `HDF5Error`.
  public func requireIntact() throws { try reader.requireIntact() }

  /// Checks that features, where there are any, are as the format says.
  package func checkFeatures() throws {
    guard reader.contains("/features") || reader.contains("/feature_names") else { return }
    guard reader.contains("/features"), reader.contains("/feature_names") else {
      throw DataError.featuresAlone(path: path)
    }
    let features = try reader.presetRows("/features")
    let featureNames = try reader.strings("/feature_names")
    try DataError.checkCount(features.rowCount, of: "/features", presets: count, path: path)
    guard features.rowLength == featureNames.count else {
      throw DataError.featureColumns(features.rowLength, of: featureNames.count, path: path)
    }
    let size = Self.rowsInBlock(dimension: features.rowLength)
    var block = [Double](repeating: 0, count: size * features.rowLength)
    for start in stride(from: 0, to: count, by: size) {
      let rows = start..<min(start + size, count)
      try block.withUnsafeMutableBufferPointer { buffer in
        let part = UnsafeMutableBufferPointer(rebasing: buffer[..<(rows.count * features.rowLength)])
        try features.read(rows, into: part)
        guard let index = part.firstIndex(where: { !$0.isFinite }) else { return }
        throw DataError.notFinite(
          "Features of preset", row: start + index / features.rowLength,
          name: featureNames[index % features.rowLength],
          value: part[index], path: path)
      }
    }
  }
}

extension HDF5Reader {
  /// Rows of a matrix.
  fileprivate func presetRows(_ dataset: String) throws -> HDF5RowReader {
    let shape = try shape(of: dataset)
    guard shape.count == 2 else { throw DataError.notAMatrix(dataset, shape: shape, path: path) }
    return try rows(of: dataset)
  }
}
