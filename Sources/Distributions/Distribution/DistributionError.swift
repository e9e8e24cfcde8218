/// Unfit parts of a distribution and requests that it cannot meet: each message names the numbers and the remedy.
public enum DistributionError: Error, Equatable, Sendable, CustomStringConvertible {
  /// Vectors or matrices whose size is not that of the distribution.
  case dimensionMismatch(what: String, expected: Int, found: Int)
  case notFinite(what: String, value: Double)
  /// A position that repeats or is outside the distribution.
  case badPosition(Int, dimension: Int)
  /// A part of what a symmetry moves together.
  case splitsSymmetry(index: Int)
  /// Coordinates that all have one value each.
  case nothingFree
  /// A part that a family has no formula for.
  case noClosedForm(family: String, what: String)

  public var description: String {
    switch self {
    case .dimensionMismatch(let what, let expected, let found):
      "The \(what) has size \(found) instead of \(expected): use moments and presets of the same chain."
    case .notFinite(let what, let value):
      "The \(what) is \(value) but must be finite: repair the file or fit the prior again."
    case .badPosition(let index, let dimension):
      "Position \(index) repeats or is not one of 0 ..< \(dimension): name each parameter once."
    case .splitsSymmetry(let index):
      "Position \(index) is one of several that a symmetry of the density moves together: take all of them, or use "
        + "the density without its orbit sum."
    case .nothingFree:
      "All parameters are given, so there is nothing left to have a density: leave at least one free."
    case .noClosedForm(let family, let what):
      "The family \(family) has no closed form for a \(what): condition the prior on features first."
    }
  }
}
