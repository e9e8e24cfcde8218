import Distributions
import NumericCore

/// A kernel ridge regression of parameters on components, with its errors about pairs that it has not seen.
///
/// The kernel is Gaussian in the distance of standardised features, components held within +-4 standard deviations
/// (`KernelFunction`). Targets are standardised and held within +-4 as well, so that a few extreme presets do
/// not rule. Length scale and, for each parameter, strength are those of the least error of pairs left out, or of
/// groups of pairs left out.
struct KernelRidgeFit {
  /// The parameters, without rows of weight 0.
  let sample: WeightedRows
  /// The same in units of their deviation.
  let targets: Targets
  /// What is wrong about each pair, in these units, the fit not having seen it [N, D].
  let errors: Matrix
  /// From components to parameters.
  let function: KernelFunction
  /// A normal of the components, which does not matter to the conditional.
  let inputs: MultivariateNormal
  let hyperparameters: [FitRecord.Hyperparameter]

  /// Standard deviations beyond which components and targets are held.
  static let limit = 4.0
  /// Squared length scales, in units of the median squared distance of two pairs.
  private static let lengthScales = [0.25, 0.5, 1, 2]
  private static let mostCentres = 2000
  /// Pairs that the length scale is chosen with.
  private static let searchedPairs = 800

  /// - Throws: ``PriorError`` for parameters that cannot be used, `LinearAlgebraError`.
  init(_ data: ReducedData) throws {
    let (sample, components) = try data.weighted()
    let targets = Targets(sample)
    // Whitened components weighed by their standard deviation: distances of standardised features.
    let spreads = data.variances.map { $0.squareRoot() }
    let scaled = components.held(within: Self.limit).scalingColumns(by: spreads)
    let unit = Self.medianSquaredDistance(scaled)
    let groups = sample.data.groups
    func inputs(_ rows: [Int], _ lengthScale: Double) -> Matrix {
      scaled.selecting(rows: rows).scaled(by: Self.factor(lengthScale, unit))
    }
    func fit(_ rows: [Int], _ lengthScale: Double) throws -> KernelRidge {
      try KernelRidge(
        inputs: inputs(rows, lengthScale), targets: targets.values.selecting(rows: rows),
        weights: rows.map { sample.weights[$0] }, mostCentres: Self.mostCentres)
    }
    func search(_ rows: [Int], _ lengthScale: Double, _ fit: @autoclosure () throws -> KernelRidge) throws
      -> KernelRidgeSearch
    {
      try KernelRidgeSearch(
        try fit(), inputs: inputs(rows, lengthScale), targets: targets.values.selecting(rows: rows),
        weights: rows.map { sample.weights[$0] }, groups: groups.map { groups in rows.map { groups[$0] } })
    }
    let all = Array(0..<scaled.rows)
    let searched = all.count > Self.searchedPairs ? KernelRidge.subset(all.count, Self.searchedPairs) : all
    let tried = try Self.lengthScales.map { try search(searched, $0, try fit(searched, $0)).error }
    let lengthScale = Self.lengthScales[tried.indices.min { tried[$0] < tried[$1] } ?? 0]
    let whole = try fit(all, lengthScale)
    let chosen = try search(all, lengthScale, whole)
    self.sample = sample
    self.targets = targets
    errors = chosen.errors
    function = try KernelFunction(
      centres: whole.centres, scales: spreads.map { Self.factor(lengthScale, unit) * $0 }, limit: Self.limit,
      offset: targets.mean,
      coefficients: whole.coefficients(strengths: chosen.strengths).scalingColumns(by: targets.deviation))
    self.inputs = try Self.normal(components, sample.weights)
    hyperparameters = [
      .init("length_scale", lengthScale.squareRoot()), .init("centres", Double(whole.centres.rows)),
      .init("held_out_error", chosen.error),
    ]
  }

  /// Parameters in units of their deviation, and held.
  struct Targets {
    let mean, deviation: [Double]
    /// Before and after they are held.
    let unheld, values: Matrix

    fileprivate init(_ sample: WeightedRows) {
      let total = sample.weights.reduce(0, +)
      let shares = sample.weights.map { $0 / total }
      let centre = sample.rows.mean(weights: sample.weights)
      let squares = (0..<centre.count).map { column in
        shares.indices.reduce(0) { $0 + shares[$1] * (sample.rows[$1, column] - centre[column]).squared }
      }
      mean = centre
      deviation = squares.map { $0 > 0 ? $0.squareRoot() : 1 }
      unheld = sample.rows.subtracting(centre).scalingColumns(by: deviation.map { 1 / $0 })
      values = unheld.held(within: KernelRidgeFit.limit)
    }
  }

  /// From a length scale, squared in the unit given, to the factor on inputs.
  private static func factor(_ lengthScale: Double, _ unit: Double) -> Double {
    1 / (2 * lengthScale * unit).squareRoot()
  }

  /// Of 500 random pairs of rows.
  private static func medianSquaredDistance(_ rows: Matrix) -> Double {
    let some = KernelRidge.subset(rows.rows, 500)
    let squares = some.indices.map { index in
      zip(rows.row(some[index]), rows.row(some[(index + some.count / 2) % some.count]))
        .reduce(0) { $0 + ($1.0 - $1.1).squared }
    }.sorted()
    return max(squares[squares.count / 2], 1e-12)
  }

  private static func normal(_ components: Matrix, _ weights: [Double]) throws -> MultivariateNormal {
    var covariance = components.covariance(weights: weights)
    for index in 0..<covariance.rows { covariance[index, index] += 1e-6 }
    return try MultivariateNormal(mean: components.mean(weights: weights), covariance: covariance)
  }
}

extension Double {
  fileprivate var squared: Double { self * self }
}
