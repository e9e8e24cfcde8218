import NumericCore
import PriorKit
import TestSupport
import Testing

/// What every Gaussian estimator does with data that are good, few, weighted or bad.
@Suite struct EstimatorLawTests {
  static let all = GaussianEstimators.all
  static let names = all.map(\.name)
  /// Those that N < D does not stop.
  static let regularised = names.filter { $0 != "published" && $0 != "maximum-likelihood" }

  private func estimator(_ name: String) throws -> any DensityEstimator {
    try #require(Self.all.first { $0.name == name })
  }

  private func normal(_ name: String, _ data: EstimationData) throws -> MultivariateNormal {
    try #require(try estimator(name).fit(data) as? MultivariateNormal)
  }

  /// Two strong factors over scales from 0.1 to 10.
  private func rows(_ count: Int, dimension: Int = 9, seed: UInt64 = 3) -> Matrix {
    var source = RandomSource(seed: seed)
    return Matrix(
      rows: (0..<count).map { _ in
        let factors = [source.nextNormal(), source.nextNormal()]
        return (0..<dimension).map { column in
          let scale = [0.1, 1, 10][column % 3]
          return Double(column) + scale * (factors[column % 2] + source.nextNormal())
        }
      })
  }

  @Test func namesAreDistinct() { #expect(Set(Self.names).count == Self.names.count) }

  /// All but the one that has no covariances.
  @Test(arguments: names.filter { $0 != "diagonal" }) func manyRowsRecoverTheCovariance(name: String) throws {
    let data = EstimationData.unnamed(rows(3000))
    let found = try normal(name, data).covariance
    for row in 0..<9 {
      for column in 0..<9 {
        let scale = [0.1, 1, 10][row % 3] * [0.1, 1, 10][column % 3]
        let expected = (row == column ? 2.0 : row % 2 == column % 2 ? 1 : 0) * scale
        // Principal components with equal noise cannot hold different uniquenesses exactly; raw shrinkage moves
        // small variances by a share of the mean one.
        let slack = name == "ledoit-wolf" || name == "oas" ? 0.15 : 0
        // 0.25 is 4.8 standard deviations of the noisiest entries, the variances of 2: 2 sqrt(2 / 3000) = 0.052
        // each.
        #expect(abs(found[row, column] - expected) < 0.25 * scale + slack, "\(name) (\(row), \(column))")
      }
    }
  }

  /// Of the estimators without strengths that are cross-validated: those depend on the folds, which repetition
  /// keeps but weighting shuffles anew.
  @Test(arguments: ["diagonal", "published", "maximum-likelihood"])
  func weightsAreRepetitions(name: String) throws {
    let few = rows(20)
    let counts = (0..<20).map { $0 % 3 + 1 }
    let repeated = few.selecting(rows: counts.enumerated().flatMap { Array(repeating: $0, count: $1) })
    let weighted = try normal(name, .unnamed(few, weights: counts.map(Double.init)))
    let expected = try normal(name, .unnamed(repeated))
    #expect(largestDifference(weighted.mean, expected.mean) < 1e-12)
    if name != "published" {
      #expect(relativeNormError(weighted.covariance.values, expected.covariance.values) < 1e-12)
    }
  }

  @Test(arguments: names) func equalAndZeroWeights(name: String) throws {
    let data = rows(60)
    let plain = try normal(name, .unnamed(data))
    let equal = try normal(name, .unnamed(data, weights: Array(repeating: 7, count: 60)))
    #expect(relativeNormError(equal.covariance.values, plain.covariance.values) < 1e-9, "\(name): equal weights")
    // Rows of weight zero are as good as absent, whatever they hold.
    var longer = Matrix(rows: 61, columns: 9, values: data.values + Array(repeating: 1e9, count: 9))
    longer[60, 0] = -1e9
    let without = try normal(name, .unnamed(longer, weights: Array(repeating: 1, count: 60) + [0]))
    #expect(without.mean == plain.mean && without.covariance == plain.covariance, "\(name): weight zero")
  }

  // MARK: - Few rows

  @Test(arguments: regularised) func fewerRowsThanColumns(name: String) throws {
    let data = rows(16, dimension: 30)
    let found = try normal(name, .unnamed(data))
    #expect(found.logDensities(ofRows: data).allSatisfy { $0.isFinite })
    #expect(throws: PriorError.self) { try estimator("published").fit(.unnamed(data)) }
    #expect(throws: PriorError.self) { try estimator("maximum-likelihood").fit(.unnamed(data)) }
  }

  @Test(arguments: regularised) func twoRows(name: String) throws {
    let data = EstimationData.unnamed(rows(2))
    // Ledoit and Wolf's noise is zero where each row alone gives the whole covariance.
    if name.hasPrefix("nonlinear") || name.hasPrefix("ledoit-wolf") {
      #expect(throws: PriorError.self) { try estimator(name).fit(data) }
    } else {
      #expect(try normal(name, data).logDensities(ofRows: data.rows).allSatisfy { $0.isFinite }, "\(name)")
    }
    #expect(throws: PriorError.tooFewPresets(count: 1)) { try estimator(name).fit(.unnamed(rows(1))) }
  }

  @Test(arguments: regularised) func duplicatedRows(name: String) throws {
    let few = rows(14, dimension: 20)
    let repeated = few.selecting(rows: (0..<70).map { $0 % 14 })
    let found = try normal(name, .unnamed(repeated))
    #expect(found.logDensities(ofRows: few).allSatisfy { $0.isFinite }, "\(name)")
  }

  // MARK: - Bad rows

  @Test(arguments: names) func constantColumn(name: String) throws {
    var data = rows(40)
    for row in 0..<40 { data[row, 4] = 0.1 }
    if ["ledoit-wolf", "oas"].contains(name) {
      #expect(try normal(name, .unnamed(data)).covariance[4, 4] > 0)
    } else {
      #expect(throws: PriorError.constantParameter(parameter: "x4", variance: 0)) {
        try estimator(name).fit(.unnamed(data))
      }
    }
  }

  /// One preset far away widens the density, and leaves it a density.
  @Test(arguments: regularised) func oneOutlier(name: String) throws {
    var data = rows(40)
    data[7, 2] = 1e6
    let found = try normal(name, .unnamed(data))
    #expect(found.logDensities(ofRows: data).allSatisfy { $0.isFinite }, "\(name)")
    for column in 0..<9 { data[7, column] = 1e6 }
    let wide = try normal(name, .unnamed(data))
    #expect(wide.logDensities(ofRows: data).allSatisfy { $0.isFinite }, "\(name)")
    // The outlier alone makes a variance of 39 (1e6 / 40)^2, which is 2.4e10.
    #expect(wide.covariance.diagonal.allSatisfy { $0 > 1e10 }, "\(name)")
  }

  @Test(arguments: names) func entriesAndWeightsThatAreNotNumbers(name: String) throws {
    let estimator = try estimator(name)
    for value in [Double.nan, .infinity] {
      var data = rows(30)
      data[11, 5] = value
      #expect("\(name)") {
        try estimator.fit(.unnamed(data))
      } throws: { error in
        "\(error)".contains("Preset 11 has x5 = \(value)")
      }
      var weights = [Double](repeating: 1, count: 30)
      weights[3] = value
      #expect(throws: PriorError.self) { try estimator.fit(.unnamed(rows(30), weights: weights)) }
    }
    var weights = [Double](repeating: 1, count: 30)
    weights[3] = -0.5
    #expect(throws: PriorError.badWeight(row: 3, value: -0.5)) {
      try estimator.fit(.unnamed(rows(30), weights: weights))
    }
    #expect(throws: PriorError.noWeight) {
      try estimator.fit(.unnamed(rows(30), weights: Array(repeating: 0, count: 30)))
    }
    #expect(throws: PriorError.weightCount(found: 1, expected: 30)) {
      try estimator.fit(.unnamed(rows(30), weights: [1]))
    }
    var data = EstimationData.unnamed(rows(30))
    data.blocks.removeLast()
    #expect(throws: PriorError.notAPartition(column: 6)) { try estimator.fit(data) }
  }
}
