import Distributions
import Foundation
public import NumericCore

/// theta = mu + B z + e with e normal, where only some directions of theta depend on z: reduced-rank regression
/// (Anderson 1951, doi:10.1214/aoms/1177729580) in coordinates in which the marginal of theta is white.
///
/// 1. The marginal N(mu, A) is the one that is given (that the pairs were simulated from), or a block-shrunk
///    estimate.
/// 2. Each parameter is regressed on z by ridge regression (`FeatureRegression`); predictions out of fold are
///    whitened by A: p, beside u, the whitened theta.
/// 3. The directions are eigenvectors Q of the symmetric part of sum u p^T. In each, slope s and residual variance
///    v follow from u and p; the number of directions is that of the highest log density in five folds.
/// 4. B is the ridge regression projected on these directions and scaled by s; the residual covariance is
///    L Q diag(v) Q^T L^T with A = L L^T, v = 1 in all other directions.
///
/// Directions about which the features say nothing keep the marginal as it is, so that nothing is lost there. With
/// a known marginal, many parameters and few pairs this is most of the difference from
/// ``LinearGaussianEstimator``.
public struct ReducedRankEstimator: ConditionalEstimator {
  public let name = "reduced-rank"
  /// The known marginal of the parameters; nil to estimate it.
  public let marginal: MultivariateNormal?
  public func searchEstimator(dimension: Int) -> any ConditionalEstimator {
    LinearGaussianEstimator(residual: .diagonal)
  }

  public init(marginal: MultivariateNormal? = nil) { self.marginal = marginal }

  private static let folds = 5

  public func joint(_ data: ReducedData) throws -> DensityEstimate {
    let base = try marginal(of: data)
    guard data.components.columns > 0 else { return DensityEstimate(distribution: base) }
    let (sample, components) = try data.weighted()
    let regression = try data.regression()
    let folds = try FoldAssignment(presets: sample.count, folds: Self.folds, seed: 20_250_514).folds
    let predicted = try predictions(sample, components, regression, folds)
    var white = Whitened(truth: base.whitened(sample.rows), prediction: predicted)
    base.cholesky.forwardSubstituteRows(&white.prediction)
    let rank = try bestRank(white, weights: sample.weights, folds)
    let directions = try Directions(white, weights: sample.weights, rank: rank)

    let fit = try LinearFit(parameters: sample.rows, components: components, weights: sample.weights)
    let ridge = fit.coefficients.multipliedEntrywise(by: regression.kept)
    let slope = base.cholesky.factor * directions.projected(base.cholesky.forwardSubstituted(ridge))
    let root = base.cholesky.factor * directions.residualRoot
    let joint = RegressionScatter.assemble(
      slope: slope, residual: root.multiplied(by: root, transposingOther: true).symmetrised,
      inner: fit.componentCovariance)
    return DensityEstimate(
      distribution: try MultivariateNormal(mean: base.mean + fit.componentMean, covariance: joint),
      hyperparameters: [
        .init("directions", Double(rank)), .init("kept_coefficients", regression.meanDegreesOfFreedom),
      ])
  }

  private func marginal(of data: ReducedData) throws -> MultivariateNormal {
    if let marginal {
      guard marginal.dimension == data.parameters.rows.columns else {
        throw DistributionError.dimensionMismatch(
          what: "known marginal", expected: data.parameters.rows.columns, found: marginal.dimension)
      }
      return marginal
    }
    let sample = try CentredSample(data.parameters)
    return try MultivariateNormal(
      mean: sample.mean, covariance: BlockShrinkageEstimator().covariance(of: sample).covariance)
  }

  /// What the components say of each parameter, less its mean, from fits to the other folds.
  private func predictions(
    _ sample: WeightedRows, _ components: Matrix, _ regression: FeatureRegression, _ folds: [Fold]
  ) throws -> Matrix {
    var result = Matrix(rows: sample.count, columns: sample.dimension)
    for fold in folds {
      let fit = try LinearFit(
        parameters: sample.rows.selecting(rows: fold.training),
        components: components.selecting(rows: fold.training), weights: fold.training.map { sample.weights[$0] })
      let slope = fit.coefficients.multipliedEntrywise(by: regression.kept)
      let values = components.selecting(rows: fold.heldOut).subtracting(fit.componentMean)
        .multiplied(by: slope, transposingOther: true)
      for (position, row) in fold.heldOut.enumerated() {
        for column in 0..<sample.dimension { result[row, column] = values[position, column] }
      }
    }
    return result
  }

  private func bestRank(_ white: Whitened, weights: [Double], _ folds: [Fold]) throws -> Int {
    let dimension = white.truth.columns
    let candidates = [0, 1, 2, 3, 5, 8, 12, 16, 20, 25, 30, 40, 60, 90].filter { $0 < dimension } + [dimension]
    let totals = try HeldOutChoice.totals(of: candidates.count, over: folds) { fold in
      let full = try Directions(
        white.selecting(rows: fold.training), weights: fold.training.map { weights[$0] }, rank: dimension)
      let gains = full.gains(white.selecting(rows: fold.heldOut), weights: fold.heldOut.map { weights[$0] })
      return candidates.map { gains.prefix($0).reduce(0, +) }
    }
    return candidates[HeldOutChoice.index(ofBest: totals)]
  }
}

/// Whitened parameters and predictions of them, rows alike.
private struct Whitened {
  var truth: Matrix
  var prediction: Matrix

  func selecting(rows: [Int]) -> Whitened {
    Whitened(truth: truth.selecting(rows: rows), prediction: prediction.selecting(rows: rows))
  }
}

/// Directions of the whitened parameters in which predictions say something, the best first.
private struct Directions {
  /// Q [D, D].
  let vectors: Matrix
  /// s; 0 beyond the rank.
  let slopes: [Double]
  /// v; 1 beyond the rank.
  let variances: [Double]

  init(_ white: Whitened, weights: [Double], rank: Int) throws {
    let dimension = white.truth.columns
    let total = weights.reduce(0, +)
    let cross = white.truth.scalingRows(by: weights.map { $0 / total })
      .multiplied(by: white.prediction, transposingSelf: true)
    let eigen = try SymmetricEigen(cross.symmetrised)
    vectors = eigen.vectors.selecting(rows: Array(0..<dimension), columns: Array((0..<dimension).reversed()))
    let (truth, prediction) = (white.truth * vectors, white.prediction * vectors)
    var (slopes, variances) = (
      [Double](repeating: 0, count: dimension), [Double](repeating: 1, count: dimension)
    )
    for column in 0..<rank {
      var (both, square) = (0.0, 0.0)
      for row in 0..<truth.rows {
        both += weights[row] * truth[row, column] * prediction[row, column]
        square += weights[row] * prediction[row, column] * prediction[row, column]
      }
      let slope = square > 0 ? min(max(both / square, 0), 1) : 0
      slopes[column] = slope
      variances[column] =
        (0..<truth.rows).reduce(0) { sum, row in
          let residual = truth[row, column] - slope * prediction[row, column]
          return sum + weights[row] * residual * residual
        } / total
      variances[column] = max(variances[column], 1e-6)
    }
    self.slopes = slopes
    self.variances = variances
  }

  /// Q diag(s) Q^T of a matrix [D, K].
  func projected(_ matrix: Matrix) -> Matrix {
    vectors * vectors.multiplied(by: matrix, transposingSelf: true).scalingRows(by: slopes)
  }

  /// Q diag(sqrt(v)).
  var residualRoot: Matrix { vectors.scalingColumns(by: variances.map { $0.squareRoot() }) }

  /// What the prediction adds to the log density of rows, by direction.
  func gains(_ white: Whitened, weights: [Double]) -> [Double] {
    let (truth, prediction) = (white.truth * vectors, white.prediction * vectors)
    return slopes.indices.map { column in
      (0..<truth.rows).reduce(0) { sum, row in
        let u = truth[row, column]
        let residual = u - slopes[column] * prediction[row, column]
        return sum + 0.5 * weights[row] * (u * u - residual * residual / variances[column] - log(variances[column]))
      }
    }
  }
}

extension MultivariateNormal {
  /// L^-1 (x - mean) of each row.
  fileprivate func whitened(_ rows: Matrix) -> Matrix {
    var result = rows.subtracting(mean)
    cholesky.forwardSubstituteRows(&result)
    return result
  }
}
