import HDF5Store
import NumericCore

// `/standard_errors` alone is enough: errors are then independent. Files of `collect` have `/information` too.

extension HDF5Reader {
  /// The information of a preset file; nil if it has none.
  ///
  /// - Throws: ``DataError`` for another shape; ``PresetInformation/check(names:path:)`` sees to the values.
  func presetInformation(presets: Matrix) throws -> PresetInformation? {
    guard contains("/standard_errors") else {
      guard contains("/information") else { return nil }
      throw DataError(
        .malformed, path, "/information in \(path) needs /standard_errors beside it: collect the retrievals again.")
    }
    let errors = try matrix("/standard_errors")
    func requireShape(_ dataset: String, _ shape: [Int], _ expected: [Int]) throws {
      guard shape != expected else { return }
      throw DataError(
        .wrongShape, path,
        "\(dataset) in \(path) has shape \(shape) but its presets need \(expected): collect the retrievals again.")
    }
    try requireShape("/standard_errors", [errors.rows, errors.columns], [presets.rows, presets.columns])
    var widths: [Double]?
    if contains("/widths") {
      let found = try doubles("/widths")
      try requireShape("/widths", found.shape, [errors.columns])
      widths = found.values
    }
    guard contains("/information") else { return PresetInformation(independent: errors, widths: widths) }
    let (shape, values) = try doubles("/information")
    try requireShape("/information", shape, [errors.rows, errors.columns, errors.columns])
    let size = errors.columns * errors.columns
    return PresetInformation(
      matrices: (0..<errors.rows).map { row in
        Matrix(rows: errors.columns, columns: errors.columns, values: Array(values[row * size..<(row + 1) * size]))
      }, standardErrors: errors, widths: widths)
  }
}

extension HDF5Writer {
  func write(_ information: PresetInformation) throws {
    let errors = information.standardErrors
    try write(errors, to: "/standard_errors")
    try write(
      information.matrices.flatMap(\.values), shape: [errors.rows, errors.columns, errors.columns],
      to: "/information", compressed: true)
    if let widths = information.widths { try write(widths, shape: [widths.count], to: "/widths") }
  }
}

extension PresetInformation {
  /// - Throws: ``DataError`` for standard errors or widths that are not positive, and for information that is not
  ///   finite or not symmetric.
  func check(names: [String], path: String) throws {
    func isWidth(_ value: Double) -> Bool { value > 0 && value.isFinite }
    let columns = standardErrors.columns
    guard columns == names.count else {
      throw DataError(
        .wrongShape, path, "Standard errors in \(path) are of \(columns) parameters, not of \(names.count).")
    }
    if let index = standardErrors.values.firstIndex(where: { !isWidth($0) }) {
      throw DataError(
        .invalidValue, path,
        "Preset \(index / columns) in \(path) has a standard error of \(standardErrors.values[index]) for "
          + "\(names[index % columns]): standard errors must be positive and finite.")
    }
    if let index = widths?.firstIndex(where: { !isWidth($0) }), let width = widths?[index] {
      throw DataError(
        .invalidValue, path,
        "/widths in \(path) has \(width) for \(names[index]): widths must be positive and finite.")
    }
    for (row, matrix) in matrices.enumerated() {
      let largest = matrix.values.reduce(0) { max($0, $1.magnitude) }
      for first in 0..<columns {
        for second in 0...first {
          let (value, mirrored) = (matrix[first, second], matrix[second, first])
          guard (value - mirrored).magnitude <= 1e-9 * largest else {
            throw DataError(
              .invalidValue, path,
              "/information of preset \(row) in \(path) has \(value) for \(names[first]) and "
                + "\(names[second]), and \(mirrored) for the same two in the other order: it must be finite and "
                + "symmetric, so collect the retrievals again.")
          }
        }
      }
    }
  }
}
