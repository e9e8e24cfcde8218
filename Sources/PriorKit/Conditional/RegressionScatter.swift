import NumericCore

/// The scatter of parameters a and components b as regression and residual, each shrunk by itself.
///
/// With B = (S_ab S_bb^-1) times ``FeatureRegression/kept`` and the residual
/// R = S_aa - B S_ba - S_ab B^T + B S_bb B^T, the result has blocks shape(R) + B S_bb B^T, B S_bb and S_bb, so that
/// its conditional given b has slope B and scatter shape(R) exactly (Schur complement). It is positive definite
/// wherever shape(R) and S_bb are. Unlike a shrinkage of the joint scatter, it leaves the dependence on the
/// components as strong as held-out presets support.
struct RegressionScatter: ScatterShape {
  let regression: FeatureRegression
  let residual: any ScatterShape

  var name: String { residual.name }
  var hyperparameters: [FitRecord.Hyperparameter] { residual.hyperparameters }

  /// Those of the residual.
  func candidates(round: Int, blocks: [[Int]]) -> [any ScatterShape] {
    residual.candidates(round: round, blocks: inside(blocks)).map {
      RegressionScatter(regression: regression, residual: $0)
    }
  }

  /// The blocks of the parameters.
  private func inside(_ blocks: [[Int]]) -> [[Int]] {
    blocks.filter { $0.allSatisfy { $0 < regression.kept.rows } }
  }

  func shaped(_ scatter: Matrix, blocks: [[Int]]) throws -> Matrix {
    let (dimension, count) = (regression.kept.rows, regression.kept.columns)
    let own = Array(0..<dimension)
    let given = Array(dimension..<dimension + count)
    let inner = scatter.selecting(rows: given, columns: given)
    let cross = scatter.selecting(rows: own, columns: given)
    let slope = try Cholesky(inner).solve(cross.transposed).transposed.multipliedEntrywise(by: regression.kept)
    var rest = scatter.selecting(rows: own, columns: own)
    let overlap = slope.multiplied(by: cross, transposingOther: true)
    let explained = (slope * inner).multiplied(by: slope, transposingOther: true)
    for row in own {
      for column in own {
        rest[row, column] += explained[row, column] - overlap[row, column] - overlap[column, row]
      }
    }
    return Self.assemble(
      slope: slope, residual: try residual.shaped(rest.symmetrised, blocks: inside(blocks)), inner: inner)
  }

  /// The joint scatter of a = B b + rest and b.
  static func assemble(slope: Matrix, residual: Matrix, inner: Matrix) -> Matrix {
    let (dimension, count) = (slope.rows, slope.columns)
    let cross = slope * inner
    let explained = cross.multiplied(by: slope, transposingOther: true)
    var joint = Matrix(rows: dimension + count, columns: dimension + count)
    for row in 0..<dimension {
      for column in 0..<dimension { joint[row, column] = residual[row, column] + explained[row, column] }
      for column in 0..<count {
        joint[row, dimension + column] = cross[row, column]
        joint[dimension + column, row] = cross[row, column]
      }
    }
    for row in 0..<count {
      for column in 0..<count { joint[dimension + row, dimension + column] = inner[row, column] }
    }
    return joint.symmetrised
  }
}
