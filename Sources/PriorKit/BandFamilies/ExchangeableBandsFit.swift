import Distributions
import Foundation
import NumericCore

/// EM for presets whose bands have no order.
struct ExchangeableBandsFit {
  private(set) var density: ExchangeableBands
  /// The penalised log-likelihood, in nats per preset, before each step.
  private(set) var objectives: [Double] = []

  private let sample: WeightedRows
  /// The settings of all bands [N B, F], those of one preset after another.
  private let settings: Matrix
  /// The other parameters [N, R].
  private let others: Matrix
  private let bands: [[Int]]
  private let rest: [Int]
  private let estimator: ExchangeableBandsEstimator
  private let (bandVariances, restVariances): ([Double], [Double])

  private static let tolerance = 1e-4
  private static let mostSteps = 200
  /// What every kind and type has without any evidence.
  private static let pseudoCount = 0.5

  init(_ sample: WeightedRows, bands: [[Int]], estimator: ExchangeableBandsEstimator) throws {
    let taken = Set(bands.flatMap { $0 })
    let rest = (0..<sample.dimension).filter { !taken.contains($0) }
    let rows = Array(0..<sample.count)
    let settings = Matrix(
      rows: sample.count * bands.count, columns: bands[0].count,
      values: rows.flatMap { row in bands.flatMap { $0.map { sample.rows[row, $0] } } })
    let others = sample.rows.selecting(rows: rows, columns: rest)
    (self.sample, self.bands, self.rest, self.estimator) = (sample, bands, rest, estimator)
    (self.settings, self.others) = (settings, others)
    let bandWeights = sample.weights.flatMap { weight in bands.map { _ in weight } }
    let pooled = Self.normal(settings, bandWeights, prior: [], count: 0)
    bandVariances = pooled.covariance.diagonal.map {
      $0 * pow(Double(estimator.types), -2 / Double(bands[0].count))
    }
    restVariances =
      rest.isEmpty
      ? []
      : Self.normal(others, sample.weights, prior: [], count: 0).covariance.diagonal
        .map { $0 * pow(Double(estimator.kinds), -2 / Double(rest.count)) }

    // The start: types of bands, then kinds by the numbers of types.
    var source = RandomSource(seed: estimator.seed)
    func clusters(_ rows: Matrix, _ weights: [Double], _ count: Int) -> Matrix {
      let data = EstimationData(rows: rows, weights: weights, names: [], blocks: [])
      let spread = Self.normal(rows, weights, prior: [], count: 0).covariance.diagonal.map { max($0, 1e-12) }
      return KMeans(sample: WeightedRows(checked: data), variances: spread).partition(into: count, source: &source)
    }
    let memberships = clusters(settings, bandWeights, estimator.types)
    var features = Matrix(rows: sample.count, columns: rest.count + estimator.types)
    for row in rows {
      for column in rest.indices { features[row, column] = others[row, column] }
      for band in bands.indices {
        for type in 0..<estimator.types {
          features[row, rest.count + type] += memberships[row * bands.count + band, type]
        }
      }
    }
    let kinds = clusters(features, sample.weights, estimator.kinds)
    density = ExchangeableBands(
      bands: bands, rest: rest, kindWeights: [1],
      kinds: rest.isEmpty ? [] : [Self.normal(others, sample.weights, prior: [], count: 0)],
      typeWeights: [[1]], types: [pooled])
    let weighted = memberships.scalingRows(by: bandWeights)
    let kindOfBand = Matrix(
      rows: settings.rows, columns: estimator.kinds,
      values: rows.flatMap { row in bands.flatMap { _ in kinds.row(row) } })
    density = maximised(
      Shares(kinds: kinds, types: weighted, counts: kindOfBand.transposed * weighted, objective: 0))
  }

  mutating func run() {
    for _ in 0..<Self.mostSteps {
      let shares = expectation()
      objectives.append(shares.objective + logPrior / Double(sample.count))
      if let last = objectives.dropLast().last, objectives[objectives.count - 1] - last < Self.tolerance { return }
      density = maximised(shares)
    }
  }

  /// What an E step finds.
  private struct Shares {
    /// Of kinds in each preset [N, K].
    let kinds: Matrix
    /// Of types in each band, times the weight of the preset [N B, T].
    let types: Matrix
    /// Bands of each kind and type [K, T].
    let counts: Matrix
    /// Log-likelihood in nats per preset.
    let objective: Double
  }

  /// With E_bt the density of band b under type t, the bands of kind k have the densities E V^T, and all shares are
  /// products of such matrices.
  private func expectation() -> Shares {
    let (kindCount, typeCount) = (density.kindWeights.count, density.types.count)
    let terms = density.types.map { $0.logDensities(ofRows: settings) }
    let own = density.kinds.map { $0.logDensities(ofRows: others) }
    var densities = Matrix(rows: settings.rows, columns: typeCount)
    var scales = [Double](repeating: 0, count: settings.rows)
    for band in 0..<settings.rows {
      scales[band] = (0..<typeCount).reduce(-Double.infinity) { max($0, terms[$1][band]) }
      for type in 0..<typeCount { densities[band, type] = exp(terms[type][band] - scales[band]) }
    }
    let weights = Matrix(rows: kindCount, columns: typeCount, values: density.typeWeights.flatMap { $0 })
    let sums = densities.multiplied(by: weights, transposingOther: true)
    var kinds = Matrix(rows: sample.count, columns: kindCount)
    var ratios = Matrix(rows: settings.rows, columns: kindCount)
    var total = 0.0
    for row in 0..<sample.count {
      let bandRows = row * bands.count..<(row + 1) * bands.count
      let terms = (0..<kindCount).map { kind in
        bandRows.reduce(log(density.kindWeights[kind]) + (own.isEmpty ? 0 : own[kind][row])) {
          $0 + scales[$1] + log(sums[$1, kind])
        }
      }
      let sum = logSumExp(terms)
      total += sample.weights[row] * sum
      for kind in 0..<kindCount {
        kinds[row, kind] = exp(terms[kind] - sum)
        guard kinds[row, kind] > 0 else { continue }
        for band in bandRows { ratios[band, kind] = sample.weights[row] * kinds[row, kind] / sums[band, kind] }
      }
    }
    var types = ratios * weights
    for index in types.values.indices { types.values[index] *= densities.values[index] }
    var counts = ratios.transposed * densities
    for index in counts.values.indices { counts.values[index] *= weights.values[index] }
    return Shares(kinds: kinds, types: types, counts: counts, objective: total / Double(sample.count))
  }

  /// That of covariances, which are pulled to their diagonals, and of weights.
  private var logPrior: Double {
    func pull(_ normals: [MultivariateNormal], _ variances: [Double]) -> Double {
      normals.reduce(0) { $0 + $1.logCovariancePrior(count: estimator.priorCount, variances: variances) }
    }
    let weights = (density.kindWeights + density.typeWeights.flatMap { $0 }).reduce(0) { $0 + log($1) }
    return pull(density.types, bandVariances) + pull(density.kinds, restVariances) + Self.pseudoCount * weights
  }

  private func maximised(_ shares: Shares) -> ExchangeableBands {
    let kindShares = (0..<shares.kinds.columns).map { kind in zip(sample.weights, shares.kinds.column(kind)).map(*)
    }
    let kindWeights = kindShares.map { $0.reduce(Self.pseudoCount, +) }
    return ExchangeableBands(
      bands: bands, rest: rest, kindWeights: kindWeights.map { $0 / kindWeights.reduce(0, +) },
      kinds: rest.isEmpty
        ? [] : kindShares.map { Self.normal(others, $0, prior: restVariances, count: estimator.priorCount) },
      typeWeights: (0..<shares.counts.rows).map { kind in
        let row = shares.counts.row(kind).map { $0 + Self.pseudoCount }
        return row.map { $0 / row.reduce(0, +) }
      },
      types: (0..<shares.types.columns).map { type in
        Self.normal(settings, shares.types.column(type), prior: bandVariances, count: estimator.priorCount)
      })
  }

  /// The normal of some rows by their shares, with a prior covariance that counts for some rows. One without rows
  /// has the mean of all and the prior.
  private static func normal(
    _ rows: Matrix, _ shares: [Double], prior: [Double], count: Double
  ) -> MultivariateNormal {
    let total = shares.reduce(0, +)
    let equal = [Double](repeating: 1, count: rows.rows)
    let (weights, sum) = total > 1e-9 ? (shares, total) : (equal, Double(rows.rows))
    let mean = (rows.transposed * weights).map { $0 / sum }
    var covariance = rows.subtracting(mean).scalingRows(by: weights.map { $0.squareRoot() })
      .gram(scale: 1 / (sum + count))
    for column in mean.indices {
      covariance[column, column] += prior.isEmpty ? 1e-9 : count / (sum + count) * prior[column]
    }
    guard let normal = try? MultivariateNormal(mean: mean, covariance: covariance) else {
      preconditionFailure("A covariance of \(rows.rows) checked rows is not positive definite")
    }
    return normal
  }
}
