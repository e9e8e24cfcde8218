import NumericCore

// Typed access to the arrays of an archive: what a family asks of a file is checked here, once.

extension DensityArchive {
  mutating func set(_ name: String, number: Double) { arrays[name] = Array(shape: [], values: [number]) }

  mutating func set(_ name: String, vector: [Double]) {
    arrays[name] = Array(shape: [vector.count], values: vector)
  }

  mutating func set(_ name: String, matrix: Matrix) {
    arrays[name] = Array(shape: [matrix.rows, matrix.columns], values: matrix.values)
  }

  func number(_ name: String, allowingInfinity: Bool = false) throws -> Double {
    try array(name, shape: [], allowingInfinity: allowingInfinity)[0]
  }

  /// A vector of any length, or of the one given.
  func vector(_ name: String, count: Int? = nil) throws -> [Double] {
    guard let stored = arrays[name] else { throw ArchiveError.missing(name: name) }
    guard stored.shape.count == 1 else {
      throw ArchiveError.shape(name: name, expected: [count ?? 0], found: stored.shape)
    }
    return try array(name, shape: [count ?? stored.shape[0]])
  }

  func matrix(_ name: String, rows: Int, columns: Int) throws -> Matrix {
    Matrix(rows: rows, columns: columns, values: try array(name, shape: [rows, columns]))
  }

  private func array(_ name: String, shape: [Int], allowingInfinity: Bool = false) throws -> [Double] {
    guard let stored = arrays[name] else { throw ArchiveError.missing(name: name) }
    guard stored.shape == shape else {
      throw ArchiveError.shape(name: name, expected: shape, found: stored.shape)
    }
    if let value = stored.values.first(where: { $0.isNaN || ($0.isInfinite && !allowingInfinity) }) {
      throw ArchiveError.unfit(name: name, value: value, demand: "finite")
    }
    return stored.values
  }
}

/// What can be wrong with the arrays from which a density is read.
public enum ArchiveError: Error, Equatable, Sendable, CustomStringConvertible {
  case missing(name: String)
  case shape(name: String, expected: [Int], found: [Int])
  case unfit(name: String, value: Double, demand: String)
  case unknown(name: String, text: String)

  public var description: String {
    switch self {
    case .missing(let name):
      "The prior has no array \(name): write its file again with a version that stores it."
    case .shape(let name, let expected, let found):
      "Array \(name) of the prior has shape \(found) instead of \(expected): fit the prior again."
    case .unfit(let name, let value, let demand):
      "Array \(name) of the prior holds \(value) but must be \(demand): fit the prior again."
    case .unknown(let name, let text):
      "\(name) of the prior is '\(text)', which this version does not know: update it or fit the prior again."
    }
  }
}
