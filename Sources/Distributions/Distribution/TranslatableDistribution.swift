/// A distribution that can be moved: x + shift has the same family.
public protocol TranslatableDistribution: Distribution {
  /// The distribution of x + shift.
  ///
  /// - Precondition: a shift of `dimension` entries.
  /// - Throws: `LinearAlgebraError` for a shift that is not finite.
  func translated(by shift: [Double]) throws -> any Distribution
}
