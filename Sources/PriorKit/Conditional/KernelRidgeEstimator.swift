import Distributions
import NumericCore

/// theta = m(z) + e: kernel ridge regression of each parameter, with the density of what it leaves.
///
/// The kernel is Gaussian in the distance of standardised features, components held within +-4 standard deviations
/// (`KernelRegression`). Targets are standardised and held within +-4 as well, so that a few extreme presets do
/// not rule. Length scale and, for each parameter, strength are those of the least error of pairs left out, or of
/// groups of pairs left out. The density of e is fitted to these errors, of the parameters as they are: it is as
/// wide as predictions of new pairs are wrong.
public struct KernelRidgeEstimator: ConditionalEstimator {
  public let name: String
  private let residual: any DensityEstimator

  /// Standard deviations beyond which components and targets are held.
  static let limit = 4.0
  /// Squared length scales, in units of the median squared distance of two pairs.
  private static let lengthScales = [0.25, 0.5, 1, 2]
  private static let mostCentres = 2000
  /// Pairs that the length scale is chosen with.
  private static let searchedPairs = 800

  /// The regression weighs components by their variance: more do no harm.
  public var searchesComponents: Bool { false }

  /// - Parameters:
  ///   - name: the name of the family in tables and fit records.
  ///   - residual: an estimator of the density of e, whose distributions can be translated.
  public init(_ name: String, residual: any DensityEstimator) { (self.name, self.residual) = (name, residual) }

  public func joint(_ data: ReducedData) throws -> DensityEstimate {
    guard data.components.columns > 0 else { return try residual.estimate(data.parameters) }
    let (sample, components) = try data.weighted()
    let targets = Targets(sample)
    // Whitened components weighed by their standard deviation: distances of standardised features.
    let spreads = data.variances.map { $0.squareRoot() }
    let scaled = Self.clipped(components).scalingColumns(by: spreads)
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
    // As they are: a target that was held is wrong by more.
    let rest = targets.unheld.subtracting(targets.values).adding(chosen.errors).scalingColumns(
      by: targets.deviation)
    var estimate = try residual.estimate(sample.data.replacing(rows: rest))
    guard let density = estimate.distribution as? any TranslatableDistribution else {
      preconditionFailure("\(residual.name) cannot be translated")
    }
    estimate.distribution = try KernelRegression(
      inputs: Self.normal(components, sample.weights), centres: whole.centres,
      scales: spreads.map { Self.factor(lengthScale, unit) * $0 },
      limit: Self.limit, offset: targets.mean,
      coefficients: whole.coefficients(strengths: chosen.strengths).scalingColumns(by: targets.deviation),
      residual: density)
    estimate.hyperparameters += [
      .init("length_scale", lengthScale.squareRoot()), .init("centres", Double(whole.centres.rows)),
      .init("held_out_error", chosen.error),
    ]
    return estimate
  }

  /// Parameters in units of their deviation, and held.
  private struct Targets {
    let mean, deviation: [Double]
    /// Before and after they are held.
    let unheld, values: Matrix

    init(_ sample: WeightedRows) {
      let total = sample.weights.reduce(0, +)
      let shares = sample.weights.map { $0 / total }
      let centre = sample.rows.transposed * shares
      let squares = (0..<centre.count).map { column in
        shares.indices.reduce(0) { $0 + shares[$1] * (sample.rows[$1, column] - centre[column]).squared }
      }
      mean = centre
      deviation = squares.map { $0 > 0 ? $0.squareRoot() : 1 }
      unheld = sample.rows.subtracting(centre).scalingColumns(by: deviation.map { 1 / $0 })
      values = KernelRidgeEstimator.clipped(unheld)
    }
  }

  /// From a length scale, squared in the unit given, to the factor on inputs.
  private static func factor(_ lengthScale: Double, _ unit: Double) -> Double {
    1 / (2 * lengthScale * unit).squareRoot()
  }

  fileprivate static func clipped(_ rows: Matrix) -> Matrix {
    Matrix(rows: rows.rows, columns: rows.columns, values: rows.values.map { min(max($0, -limit), limit) })
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

  /// The normal of the components, which does not matter to the conditional.
  private static func normal(_ components: Matrix, _ weights: [Double]) throws -> MultivariateNormal {
    let total = weights.reduce(0, +)
    let mean = components.transposed * weights.map { $0 / total }
    var covariance = components.subtracting(mean).scalingRows(by: weights.map { ($0 / total).squareRoot() }).gram()
    for index in 0..<covariance.rows { covariance[index, index] += 1e-6 }
    return try MultivariateNormal(mean: mean, covariance: covariance)
  }
}

extension Double {
  fileprivate var squared: Double { self * self }
}
