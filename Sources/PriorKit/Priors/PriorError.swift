/// Errors in the moments of a prior and in the presets it is fitted to: each message names the numbers and the
/// remedy.
///
/// Sizes, positions and numbers that no distribution can take are a `DistributionError`.
public enum PriorError: Error, Equatable, Sendable, CustomStringConvertible {
  case covarianceNotSquare(rows: Int, columns: Int)
  case presetNotFinite(row: Int, label: String?, parameter: String, value: Double)
  /// A number whose square is none.
  case presetTooLarge(row: Int, label: String?, parameter: String, value: Double)
  case asymmetricCovariance(row: String, column: String, value: Double, mirrored: Double)
  case constantParameter(parameter: String, variance: Double)
  case tooFewPresets(count: Int)
  case fewerPresetsThanNeeded(count: Int, needed: Int, estimator: String)
  case fewerPresetsThanParameters(count: Int, dimension: Int, rank: Int)
  /// `count` is the number of presets, where the covariance was estimated from presets.
  case rankDeficient(rank: Int, dimension: Int, count: Int?)
  case notPositiveDefinite(smallestEigenvalue: Double, parameter: String)
  case illConditioned(conditionNumber: Double, limit: Double, parameter: String)
  case badWeight(row: Int, value: Double)
  case noWeight
  case weightCount(found: Int, expected: Int)
  case informationCount(found: Int, expected: Int)
  /// Information with a negative eigenvalue.
  case badInformation(row: Int)
  /// An estimator that needs standard errors, and presets without any.
  case noInformation(estimator: String)
  /// Too many copies of presets whose errors are matrices.
  case tooManyCopies(count: Int, limit: Int)
  case notAPartition(column: Int)
  /// Presets that lack effects, and a family that is for complete ones.
  case absentEffects(family: String?, known: [String])
  /// A row that lacks a column which the data does not have, or one twice.
  case badAbsence(row: Int, column: Int, dimension: Int)
  /// A parameter that too few presets have, or that is the same in all that have it.
  case fewPresent(parameter: String, count: Int)
  case constantWherePresent(parameter: String, count: Int)
  case unknownFamily(name: String, known: [String])
  /// Draws that are to lie in the range of the presets and do not; the parameter that left it most often.
  case outsideRange(parameter: String, attempts: Int)

  public var description: String {
    switch self {
    case .covarianceNotSquare(let rows, let columns):
      "The covariance is \(rows) x \(columns) but must be square: check how the file was written."
    case .presetNotFinite(let row, let label, let parameter, let value):
      "Preset \(row)\(label.map { " (\($0))" } ?? "") has \(parameter) = \(value): drop that row or "
        + "repair its source."
    case .presetTooLarge(let row, let label, let parameter, let value):
      "Preset \(row)\(label.map { " (\($0))" } ?? "") has \(parameter) = \(value), whose square is beyond any "
        + "number: drop that row or repair its source."
    case .asymmetricCovariance(let row, let column, let value, let mirrored):
      "The covariance of \(row) and \(column) is \(value) but that of \(column) and \(row) is \(mirrored): "
        + "symmetrise the matrix or look for the error that made it so."
    case .constantParameter(let parameter, let variance):
      "Parameter \(parameter) has variance \(variance): drop it from the chain or use ledoit-wolf or oas, whose "
        + "target gives it a positive variance."
    case .tooFewPresets(let count):
      "A covariance needs at least 2 presets but the collection has \(count): add presets."
    case .fewerPresetsThanNeeded(let count, let needed, let estimator):
      "The \(count) presets are too few for \(estimator), which needs \(needed) different ones: use ledoit-wolf, "
        + "or add presets."
    case .fewerPresetsThanParameters(let count, let dimension, let rank):
      "\(count) presets cannot determine a full covariance of \(dimension) parameters "
        + "(rank \(rank) of \(dimension)): use more than \(dimension) presets, or a family that shrinks it, such "
        + "as ledoit-wolf, oas or student-t-blocks."
    case .rankDeficient(let rank, let dimension, let count):
      "The covariance\(count.map { " of \($0) presets" } ?? "") has rank \(rank) of \(dimension), so it has no "
        + "density: fit with more than \(dimension) independent presets, or a family that shrinks it, such as "
        + "ledoit-wolf or oas."
    case .notPositiveDefinite(let smallestEigenvalue, let parameter):
      "The covariance is not positive definite (smallest eigenvalue \(smallestEigenvalue), mostly along "
        + "\(parameter)): regularise it, for instance with a shrinkage estimator."
    case .illConditioned(let conditionNumber, let limit, let parameter):
      "The covariance has condition number \(conditionNumber), above the limit of \(limit), and is nearly singular "
        + "along \(parameter): use more presets or a shrinkage estimator."
    case .badWeight(let row, let value):
      "Preset \(row) has weight \(value): weights must be finite and not negative."
    case .noWeight:
      "All weights are zero: give at least two presets a positive weight."
    case .weightCount(let found, let expected):
      "There are \(found) weights for \(expected) presets: give one for each."
    case .informationCount(let found, let expected):
      "There are standard errors of \(found) presets for \(expected): give each preset its own."
    case .badInformation(let row):
      "The information of preset \(row) has a negative eigenvalue, which no source has: measure its errors "
        + "again, or drop that row."
    case .tooManyCopies(let count, let limit):
      "Each preset has \(count) copies, and the matrix of its errors would be held for each: at most \(limit) are "
        + "possible, so ask for fewer symmetries, or fit canonical presets."
    case .noInformation(let estimator):
      "\(estimator) needs standard errors of the presets, and these have none: measure them where the presets are "
        + "retrieved, or use another family."
    case .notAPartition(let column):
      "Column \(column) is in no block or in several: every column belongs to exactly one."
    case .absentEffects(let family, let known):
      "Some presets lack effects, and \(family ?? "this family") takes presets that all have every one: use "
        + "\(known.joined(separator: ", ")), or select presets of one shape."
    case .badAbsence(let row, let column, let dimension):
      "Preset \(row) is said to lack column \(column) of \(dimension): give columns from 0 to \(dimension - 1), "
        + "ascending, each once."
    case .fewPresent(let parameter, let count):
      "Parameter \(parameter) is in \(count) preset\(count == 1 ? "" : "s"), and its variance needs 2: add presets "
        + "that have its effect, or use a chain without it."
    case .constantWherePresent(let parameter, let count):
      "Parameter \(parameter) is the same in all \(count) presets that have it: add presets in which it differs, "
        + "or use a chain without it."
    case .unknownFamily(let name, let known):
      "There is no family \(name): choose from \(known.joined(separator: ", "))."
    case .outsideRange(let parameter, let attempts):
      "\(attempts) draws in a row left the range of the presets, most often in \(parameter): lower the "
        + "temperature, give more presets for the range, or sample without it."
    }
  }
}
