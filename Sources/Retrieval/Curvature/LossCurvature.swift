import Evaluation
import FXParams
public import NumericCore

/// How fast the loss of a retrieval rises about the preset that it found: what the recording says of each
/// parameter.
///
/// A matrix of second derivatives, by differences of gradients over a part of a typical spread. So wide a
/// difference measures the valley and not the corner at its bottom, which sums of absolute differences have.
/// Differences to both sides would cost twice as much and move nine standard errors in ten by less than a fifth.
/// Delay times, along which the loss ripples, are measured by values over a width of an echo, each by itself.
public struct LossCurvature: Sendable, Equatable {
  /// Second derivatives with respect to the logits [D, D], symmetric and positive semidefinite.
  public let matrix: Matrix

  /// Takes a matrix as it is.
  ///
  /// - Precondition: it is square.
  public init(matrix: Matrix) {
    precondition(matrix.rows == matrix.columns, "A curvature of \(matrix.rows) by \(matrix.columns)")
    self.matrix = matrix
  }

  /// Measures it.
  ///
  /// - Parameters:
  ///   - loss: the distances.
  ///   - logits: where; finite.
  ///   - scales: a typical spread of each parameter, positive.
  ///   - step: the width of the differences, in typical spreads.
  ///   - rippleStep: half the width for delay times.
  ///   - fixed: positions whose curvature is left at 0.
  ///   - progress: is called before each parameter; what it throws ends the measurement.
  /// - Throws: ``CurvatureError`` for slopes that are not finite; what `progress` throws.
  public init<Scalar>(
    of loss: RetrievalLoss<Scalar>, at logits: [Double], scales: [Double], step: Double = 0.25,
    rippleStep: Double = 0.003, fixed: [Int] = [], progress: () throws -> Void = {}
  ) throws {
    let dimension = logits.count
    precondition(scales.count == dimension && scales.allSatisfy { $0 > 0 }, "Scales \(scales)")
    let ripples = Set(loss.chain.oscillatoryPositions)
    let fixed = Set(fixed)
    // In typical spreads, so that one size serves all entries.
    var differences = Matrix(rows: dimension, columns: dimension)
    var (here, there) = (logits, logits)
    let value = loss.terms(at: logits, gradient: &here).total(loss.weights)
    for index in 0..<dimension where !fixed.contains(index) {
      try progress()
      var moved = logits
      guard !ripples.contains(index) else {
        var rise = -2 * value
        for side in [-1.0, 1] {
          moved[index] = logits[index] + side * rippleStep * scales[index]
          rise += loss.terms(at: moved).total(loss.weights)
        }
        differences[index, index] = rise / (rippleStep * rippleStep)
        continue
      }
      moved[index] += step * scales[index]
      _ = loss.terms(at: moved, gradient: &there)
      guard let bad = there.firstIndex(where: { !$0.isFinite }) else {
        for other in 0..<dimension where !ripples.contains(other) && !fixed.contains(other) {
          differences[index, other] = (there[other] - here[other]) * scales[other] / step
        }
        continue
      }
      let names = loss.chain.parameterSpace.names
      throw CurvatureError(parameter: names[bad], moved: names[index])
    }
    var convex = try Self.convex(differences).scalingBoth(by: scales.map { 1 / $0 })
    // The eigenvectors leave rounding where there was nothing.
    for index in fixed {
      for other in 0..<dimension { (convex[index, other], convex[other, index]) = (0, 0) }
    }
    matrix = convex
  }

  /// The nearest symmetric matrix without negative eigenvalues.
  private static func convex(_ differences: Matrix) throws -> Matrix {
    var symmetric = differences
    for row in 0..<symmetric.rows {
      for column in 0..<row {
        let mean = (differences[row, column] + differences[column, row]) / 2
        (symmetric[row, column], symmetric[column, row]) = (mean, mean)
      }
    }
    let eigen = try SymmetricEigen(symmetric)
    return eigen.vectors.scalingColumns(by: eigen.values.map { max($0, 0).squareRoot() }).transposed.gram()
  }
}

/// A loss that has no slope beside the preset.
public struct CurvatureError: Error, Hashable, CustomStringConvertible {
  /// The parameter along which the slope is no number.
  public let parameter: String
  /// The parameter that was moved.
  public let moved: String

  public var description: String {
    "The loss has no finite slope along \(parameter) where \(moved) is moved a little, so that standard errors "
      + "cannot be measured: leave them out for this pair."
  }
}
