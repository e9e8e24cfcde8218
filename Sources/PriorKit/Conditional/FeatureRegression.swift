import NumericCore

/// The share that is kept of the least-squares regression of each parameter on the components: ridge regression
/// whose strength is chosen for each parameter by cross-validation.
///
/// With uncorrelated components of unit variance, the ridge penalty lambda |b|^2 on the features before whitening
/// multiplies the coefficient of component j by v_j / (v_j + lambda), v_j being the variance of the component
/// (Hoerl and Kennard 1970, doi:10.1080/00401706.1970.10488634). lambda is that of the smallest held-out squared
/// error of its parameter in five folds; the strongest candidate keeps nothing.
struct FeatureRegression: Sendable {
  /// The factor of each coefficient [D, K].
  let kept: Matrix

  /// In units of the mean variance of a component.
  private static let strengths: [Double] = [.infinity, 100, 30, 10, 3, 1, 0.3, 0.1, 0.03, 0.01, 0]
  private static let folds = 5

  /// - Parameters:
  ///   - parameters: [N, D].
  ///   - components: [N, K].
  ///   - weights: mean 1.
  ///   - variances: of the components among the features [K].
  init(parameters: Matrix, components: Matrix, weights: [Double], variances: [Double]) throws {
    let (dimension, count) = (parameters.columns, components.columns)
    let unit = variances.reduce(0, +) / Double(max(count, 1))
    let factors = Self.strengths.map { strength in
      variances.map { strength.isFinite ? $0 / ($0 + strength * unit) : 0 }
    }
    var errors = Matrix(rows: factors.count, columns: dimension)
    var source = RandomSource(seed: 20_250_514)
    let order = (0..<parameters.rows).shuffled(using: &source)
    for fold in 0..<Self.folds {
      let heldOut = order.indices.filter { $0 % Self.folds == fold }.map { order[$0] }
      let training = order.indices.filter { $0 % Self.folds != fold }.map { order[$0] }
      let fit = try LinearFit(
        parameters: parameters.selecting(rows: training), components: components.selecting(rows: training),
        weights: training.map { weights[$0] })
      let (targets, inputs) = (parameters.selecting(rows: heldOut), components.selecting(rows: heldOut))
      for (index, factor) in factors.enumerated() {
        let residuals = fit.residuals(targets, inputs, factor: factor)
        for row in 0..<residuals.rows {
          for column in 0..<dimension {
            errors[index, column] += weights[heldOut[row]] * residuals[row, column] * residuals[row, column]
          }
        }
      }
    }
    var kept = Matrix(rows: dimension, columns: count)
    for parameter in 0..<dimension {
      let best = factors.indices.min { errors[$0, parameter] < errors[$1, parameter] } ?? 0
      for component in 0..<count { kept[parameter, component] = factors[best][component] }
    }
    self.kept = kept
  }

  /// The mean number of coefficients that are kept, a parameter.
  var meanDegreesOfFreedom: Double { kept.values.reduce(0, +) / Double(max(kept.rows, 1)) }
}

/// Least squares of parameters on components.
struct LinearFit {
  let parameterMean: [Double]
  let componentMean: [Double]
  /// [D, K].
  let coefficients: Matrix
  /// Covariance of the components [K, K].
  let componentCovariance: Matrix

  init(parameters: Matrix, components: Matrix, weights: [Double]) throws {
    let total = weights.reduce(0, +)
    let shares = weights.map { $0 / total }
    parameterMean = parameters.transposed * shares
    componentMean = components.transposed * shares
    let roots = shares.map { $0.squareRoot() }
    let targets = parameters.subtracting(parameterMean).scalingRows(by: roots)
    let inputs = components.subtracting(componentMean).scalingRows(by: roots)
    var covariance = inputs.gram()
    componentCovariance = covariance
    // Fewer rows than components leave directions without variance.
    let jitter = 1e-9 * (covariance.diagonal.max() ?? 1)
    for index in 0..<covariance.rows { covariance[index, index] += jitter }
    coefficients = try Cholesky(covariance).solve(inputs.multiplied(by: targets, transposingSelf: true)).transposed
  }

  /// What is left of parameters once the components, with their coefficients multiplied by `factor`, are taken out.
  func residuals(_ parameters: Matrix, _ components: Matrix, factor: [Double]) -> Matrix {
    var scaled = coefficients
    for row in 0..<scaled.rows {
      for column in 0..<scaled.columns { scaled[row, column] *= factor[column] }
    }
    return residuals(parameters, components, coefficients: scaled)
  }

  func residuals(_ parameters: Matrix, _ components: Matrix, coefficients: Matrix) -> Matrix {
    var result = parameters.subtracting(parameterMean)
    let explained = components.subtracting(componentMean).multiplied(by: coefficients, transposingOther: true)
    for index in result.values.indices { result.values[index] -= explained.values[index] }
    return result
  }
}
