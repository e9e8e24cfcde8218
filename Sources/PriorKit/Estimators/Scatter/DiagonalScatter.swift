import NumericCore

/// (1 - a) S + a diag(S).
struct DiagonalScatter: ScatterShape {
  let name = "ridge"
  /// a, in 0 ... 1.
  let strength: Double

  var hyperparameters: [FitRecord.Hyperparameter] { [.init("shrinkage", strength)] }

  func shaped(_ scatter: Matrix, blocks: [[Int]]) -> Matrix {
    var result = scatter
    for index in result.values.indices { result.values[index] *= 1 - strength }
    for index in 0..<scatter.rows { result[index, index] = scatter[index, index] }
    return result
  }

  func candidates(round: Int, blocks: [[Int]]) -> [any ScatterShape] {
    round == 0 ? RidgeEstimator.strengths.map { DiagonalScatter(strength: $0) } : []
  }
}
