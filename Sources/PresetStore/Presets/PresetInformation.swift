public import NumericCore

/// How precisely the sources of presets, such as recordings, determine each of them.
///
/// The information of a preset is the matrix of second derivatives of its negative log likelihood: its inverse
/// would be the covariance of the errors, if it had one. Parameters that a recording says nothing of have rows of
/// zeros.
public struct PresetInformation: Sendable, Equatable {
  /// One for each preset, symmetric and positive semidefinite [D, D].
  public var matrices: [Matrix]
  /// Standard errors of the logits, beside a prior of the widths [N, D].
  public var standardErrors: Matrix
  /// A typical standard deviation of each logit [D]; nil where nobody said.
  public var widths: [Double]?

  /// - Precondition: there is a row of standard errors for each matrix, and a width for each column.
  public init(matrices: [Matrix], standardErrors: Matrix, widths: [Double]? = nil) {
    precondition(
      standardErrors.rows == matrices.count, "\(standardErrors.rows) rows of errors for \(matrices.count) matrices")
    precondition(
      matrices.allSatisfy { $0.rows == standardErrors.columns && $0.isSquare }, "Information of other parameters")
    precondition(widths.map { $0.count == standardErrors.columns } ?? true, "Widths of other parameters")
    (self.matrices, self.standardErrors, self.widths) = (matrices, standardErrors, widths)
  }

  /// The information of independent errors: 1 over their squares, less what a prior of the widths says.
  ///
  /// - Parameters:
  ///   - standardErrors: positive [N, D].
  ///   - widths: those beside which the errors are told; nil for errors of the source alone.
  public init(independent standardErrors: Matrix, widths: [Double]? = nil) {
    self.init(
      matrices: (0..<standardErrors.rows).map { row in
        Matrix.diagonal(
          standardErrors.row(row).enumerated().map { column, error in
            max(0, 1 / (error * error) - (widths.map { 1 / ($0[column] * $0[column]) } ?? 0))
          })
      }, standardErrors: standardErrors, widths: widths)
  }

  /// The information of several collections, one after the other; nil where one has none, or other widths.
  package static func joined(_ parts: [PresetInformation?]) -> PresetInformation? {
    let known = parts.compactMap(\.self)
    guard let first = known.first, known.count == parts.count, known.allSatisfy({ $0.widths == first.widths })
    else { return nil }
    let columns = first.standardErrors.columns
    let errors = known.flatMap(\.standardErrors.values)
    return PresetInformation(
      matrices: known.flatMap(\.matrices),
      standardErrors: Matrix(rows: errors.count / max(columns, 1), columns: columns, values: errors),
      widths: first.widths)
  }

  /// That of the presets named.
  package func selecting(rows: [Int]) -> PresetInformation {
    PresetInformation(
      matrices: rows.map { matrices[$0] }, standardErrors: standardErrors.selecting(rows: rows), widths: widths)
  }
}
