import Distributions
import Foundation
import NumericCore
import PriorKit

/// Independent logistic distributions: a family that PriorKit does not have.
///
/// log p(x) = sum_k [ -z_k - log s_k - 2 log(1 + exp(-z_k)) ], z_k = (x_k - m_k) / s_k; the variance is
/// (pi s_k)^2 / 3.
struct Logistic: Distribution {
  static let family = "logistic"

  let mean: [Double]
  let scale: [Double]

  var dimension: Int { mean.count }

  func logDensity(at point: [Double], score: inout [Double]) -> Double {
    var value = 0.0
    for index in mean.indices {
      let z = (point[index] - mean[index]) / scale[index]
      // Symmetric in z, and written so that no exponential overflows.
      value -= abs(z) + 2 * log1p(exp(-abs(z))) + log(scale[index])
      score[index] = -tanh(z / 2) / scale[index]
    }
    return value
  }

  func sample(using source: inout RandomSource) -> [Double] {
    mean.indices.map {
      let uniform = source.nextUniform()
      return mean[$0] + scale[$0] * log(uniform / (1 - uniform))
    }
  }

  func marginalDistribution(over indices: [Int]) -> any Distribution {
    Logistic(mean: indices.map { mean[$0] }, scale: indices.map { scale[$0] })
  }

  func conditionalDistribution(given indices: [Int], values: [Double]) -> any Distribution {
    let given = Set(indices)
    return marginalDistribution(over: mean.indices.filter { !given.contains($0) })
  }

  func encode(into archive: inout DistributionArchive) {
    archive.set(mean, for: "mean")
    archive.set(scale, for: "scale")
  }
}

extension Logistic {
  init(from archive: DistributionArchive) throws {
    mean = try archive.vector("mean")
    scale = try archive.vector("scale", count: mean.count)
    if let value = scale.first(where: { $0 <= 0 }) {
      throw ArchiveError.invalid("scale", value: value, condition: "positive")
    }
  }
}

/// Fits ``Logistic`` by its first two moments.
struct LogisticEstimator: DensityEstimator {
  let name = "logistic"

  func fit(_ data: EstimationData) throws -> any Distribution {
    let sample = try CentredSample(data)
    return Logistic(mean: sample.mean, scale: sample.variances.map { (3 * $0).squareRoot() / .pi })
  }
}
