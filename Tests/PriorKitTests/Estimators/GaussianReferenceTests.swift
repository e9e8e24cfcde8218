import Foundation
import NumericCore
import PriorKit
import TestSupport
import Testing

/// Covariances against scikit-learn, whose versions are in the file (Reference/gaussian_estimators.py made it).
@Suite struct GaussianReferenceTests {
  private struct Content: Decodable {
    struct Shrinkage: Decodable {
      let covariance: [[Double]]
      let shrinkage: Double
    }
    struct Factors: Decodable {
      let covariance: [[Double]]
    }
    struct Lasso: Decodable, Sendable {
      let rows: [[Double]]
      let penalty: Double
      let covarianceOfCorrelations: [[Double]]
      enum CodingKeys: String, CodingKey {
        case rows
        case penalty
        case covarianceOfCorrelations = "covariance of correlations"
      }
    }
    let rows: [[Double]]
    let wide: [[Double]]
    let shrunk: [String: Shrinkage]
    let factors: Factors
    let lasso: [Lasso]

    init(from decoder: any Decoder) throws {
      struct Key: CodingKey {
        var stringValue: String
        var intValue: Int? { nil }
        init(_ text: String) { stringValue = text }
        init?(stringValue: String) { self.stringValue = stringValue }
        init?(intValue: Int) { nil }
      }
      let values = try decoder.container(keyedBy: Key.self)
      rows = try values.decode([[Double]].self, forKey: Key("rows"))
      wide = try values.decode([[Double]].self, forKey: Key("wide"))
      factors = try values.decode(Factors.self, forKey: Key("factor analysis"))
      lasso = try values.decode([Lasso].self, forKey: Key("graphical lasso"))
      var shrunk: [String: Shrinkage] = [:]
      for name in ["ledoit-wolf", "ledoit-wolf of wide", "oas", "oas of wide"] {
        shrunk[name] = try values.decode(Shrinkage.self, forKey: Key(name))
      }
      self.shrunk = shrunk
    }
  }

  private let content: Content

  init() throws {
    let file = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
      .appendingPathComponent("Reference/gaussian_estimators.json")
    content = try JSONDecoder().decode(Content.self, from: Data(contentsOf: file))
  }

  private func covariance(_ estimator: any DensityEstimator, _ rows: [[Double]]) throws -> Matrix {
    let normal = try estimator.fit(.unnamed(Matrix(rows: rows))) as? MultivariateNormal
    return try #require(normal).covariance
  }

  @Test func linearShrinkage() throws {
    for (name, estimator) in [
      ("ledoit-wolf", LedoitWolfEstimator() as any DensityEstimator), ("oas", OracleApproximatingEstimator()),
    ] {
      for (suffix, rows) in [("", content.rows), (" of wide", content.wide)] {
        let expected = try #require(content.shrunk[name + suffix])
        let estimate = try estimator.estimate(.unnamed(Matrix(rows: rows)))
        let strength = try #require(estimate.hyperparameters.first).value
        #expect(abs(strength - expected.shrinkage) < 1e-12, "\(name)\(suffix): \(strength)")
        let found = try covariance(estimator, rows)
        #expect(relativeNormError(found.values, expected.covariance.flatMap { $0 }) < 1e-12, "\(name)\(suffix)")
      }
    }
  }

  @Test func factorAnalysis() throws {
    let found = try covariance(FactorAnalysisEstimator(factorCounts: [2], tolerance: 1e-15), content.rows)
    #expect(relativeNormError(found.values, content.factors.covariance.flatMap { $0 }) < 1e-6)
  }

  @Test func graphicalLasso() throws {
    #expect(content.lasso.count == 4)
    for reference in content.lasso {
      // Nats are quadratic in the error of the covariance.
      let estimator = GraphicalLassoEstimator(penalties: [reference.penalty], tolerance: 1e-13)
      let found = try covariance(estimator, reference.rows)
      let deviations = found.diagonal.map { $0.squareRoot() }
      var correlations = found
      for row in 0..<found.rows {
        for column in 0..<found.columns { correlations[row, column] /= deviations[row] * deviations[column] }
      }
      let expected = reference.covarianceOfCorrelations.flatMap { $0 }
      #expect(relativeNormError(correlations.values, expected) < 1e-6, "penalty \(reference.penalty)")
    }
  }
}

extension EstimationData {
  /// Rows whose columns have no meaning, in blocks of `blockSize`.
  static func unnamed(_ rows: Matrix, weights: [Double]? = nil, blockSize: Int = 3) -> EstimationData {
    EstimationData(
      rows: rows, weights: weights, names: (0..<rows.columns).map { "x\($0)" },
      blocks: stride(from: 0, to: rows.columns, by: blockSize).map { Array($0..<min($0 + blockSize, rows.columns)) }
    )
  }
}
