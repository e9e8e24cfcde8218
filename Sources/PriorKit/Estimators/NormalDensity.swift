import NumericCore

/// A multivariate normal as a ``Density``.
struct NormalDensity: Density {
  static let family = "gaussian"

  let distribution: MultivariateNormal

  var dimension: Int { distribution.dimension }
  var mean: [Double] { distribution.mean }

  func logDensity(at point: [Double], gradient: inout [Double]) -> Double {
    distribution.logDensity(at: point, score: &gradient)
  }

  func sample(using source: inout RandomSource) -> [Double] { distribution.sample(using: &source) }

  func marginal(over indices: [Int]) throws -> any Density {
    NormalDensity(distribution: try distribution.marginal(over: indices))
  }

  func conditional(given indices: [Int], values: [Double]) throws -> any Density {
    NormalDensity(distribution: try distribution.conditional(given: indices, values: values))
  }

  func encode(into archive: inout DensityArchive) {
    archive.arrays["mean"] = .init(shape: [dimension], values: mean)
    archive.arrays["covariance"] = .init(shape: [dimension, dimension], values: distribution.covariance.values)
  }
}

extension NormalDensity {
  init(from archive: DensityArchive) throws {
    let mean = archive.arrays["mean"]?.values ?? []
    guard let covariance = archive.arrays["covariance"], covariance.shape == [mean.count, mean.count] else {
      throw PriorError.dimensionMismatch(
        what: "covariance", expected: mean.count, found: archive.arrays["covariance"]?.shape.first ?? 0)
    }
    let matrix = Matrix(rows: mean.count, columns: mean.count, values: covariance.values)
    self.init(distribution: try MultivariateNormal(mean: mean, covariance: matrix))
  }
}
