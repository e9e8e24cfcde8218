import NumericCore

// Of rows with weights that are not negative and have a positive sum.

extension Matrix {
  func mean(weights: [Double]) -> [Double] {
    let total = weights.reduce(0, +)
    return transposed * weights.map { $0 / total }
  }

  /// The sum of squares about the mean over the sum of the weights.
  func covariance(weights: [Double]) -> Matrix {
    let total = weights.reduce(0, +)
    return subtracting(mean(weights: weights)).scalingRows(by: weights.map { ($0 / total).squareRoot() }).gram()
  }
}
