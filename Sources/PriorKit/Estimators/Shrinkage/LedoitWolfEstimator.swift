import NumericCore

/// (1 - a) S + a mu I with mu = tr S / D, a the estimate of the optimal strength (Ledoit & Wolf 2004,
/// doi:10.1016/S0047-259X(03)00096-4).
///
/// a = min(b^2, d^2) / d^2 with d^2 = |S - mu I|^2 and b^2 = sum_i w_i^2 |x_i x_i^T - S|^2 for weights w of sum 1,
/// which for equal weights is the paper's. In raw units a parameter that does not vary is given the variance a mu.
public struct LedoitWolfEstimator: CovarianceEstimator {
  /// The units in which mu I is the target.
  public let units: ShrinkageUnits
  /// `ledoit-wolf` in raw units, `ledoit-wolf-standardised` otherwise.
  public var name: String { "ledoit-wolf" + units.suffix }

  public init(units: ShrinkageUnits = .raw) { self.units = units }

  public var acceptsConstantColumns: Bool { units == .raw }

  public func covariance(of sample: CentredSample) -> CovarianceEstimate {
    units.apply(to: sample) { sample in
      let target = ScaledIdentity(of: sample.covariance)
      let squaredNorm = sample.covariance.innerProduct(sample.covariance)
      let projected = sample.centred * sample.covariance
      var noise = 0.0
      for row in 0..<sample.centred.rows {
        let values = sample.centred.row(row)
        let length = values.reduce(0) { $0 + $1 * $1 }
        let form = zip(values, projected.row(row)).reduce(0) { $0 + $1.0 * $1.1 }
        noise += sample.weights[row] * sample.weights[row] * (length * length - 2 * form + squaredNorm)
      }
      let distance = target.squaredDistance
      return target.shrink(sample.covariance, strength: distance > 0 ? min(max(noise / distance, 0), 1) : 1)
    }
  }
}

/// The multiple mu I of the identity with the trace of a covariance.
struct ScaledIdentity {
  /// mu.
  let scale: Double
  /// |S - mu I|^2.
  let squaredDistance: Double

  init(of covariance: Matrix) {
    let scale = covariance.diagonal.reduce(0, +) / Double(covariance.rows)
    self.scale = scale
    squaredDistance = (0..<covariance.rows).reduce(0) { sum, row in
      (0..<covariance.columns).reduce(sum) { sum, column in
        let difference = covariance[row, column] - (row == column ? scale : 0)
        return sum + difference * difference
      }
    }
  }

  func shrink(_ covariance: Matrix, strength: Double) -> CovarianceEstimate {
    var result = covariance
    for index in result.values.indices { result.values[index] *= 1 - strength }
    for index in 0..<result.rows { result[index, index] += strength * scale }
    return CovarianceEstimate(covariance: result, hyperparameters: [.init("shrinkage", strength)])
  }
}
