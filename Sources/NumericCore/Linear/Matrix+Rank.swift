import COpenBLAS

extension Matrix {
  /// Singular values, descending (LAPACK dgesdd).
  ///
  /// - Throws: ``LinearAlgebraError`` if an entry is not finite.
  public func singularValues() throws(LinearAlgebraError) -> [Double] {
    try requireFinite()
    guard rows > 0, columns > 0 else { return [] }
    var work = values
    var result = [Double](repeating: 0, count: Swift.min(rows, columns))
    // Singular values are those of the transpose, so the row-major storage is read as column-major, uncopied.
    let code = LAPACKE_dgesdd(
      LAPACK_COL_MAJOR, CChar(UInt8(ascii: "N")), Int32(columns), Int32(rows), &work, Int32(columns), &result, nil,
      1,
      nil, 1)
    guard code == 0 else { throw .noConvergence(routine: "dgesdd", code: Int(code)) }
    return result
  }

  /// The number of singular values above `tolerance` times the largest.
  ///
  /// - Parameter tolerance: by default max(rows, columns) 2^-52, the rounding of the decomposition itself.
  /// - Throws: ``LinearAlgebraError`` if an entry is not finite.
  public func numericalRank(tolerance: Double? = nil) throws(LinearAlgebraError) -> Int {
    let singular = try singularValues()
    let tolerance = tolerance ?? Double(Swift.max(rows, columns)) * Double.ulpOfOne
    return singular.count { $0 > tolerance * singular[0] }
  }
}
