import Foundation
import NumericCore

/// Analytical nonlinear shrinkage of the eigenvalues (Ledoit & Wolf 2020, doi:10.1214/19-AOS1921).
///
/// Every eigenvalue is moved by a kernel estimate of the spectral density and its Hilbert transform, which is
/// optimal in the limit of many presets and parameters alike; no strength is chosen. Where there are fewer
/// independent presets than parameters, the null eigenvalues share one value. Needs at least 13 different presets
/// then.
public struct NonlinearShrinkageEstimator: CovarianceEstimator {
  /// The units of the eigenvalues that are moved.
  public let units: ShrinkageUnits
  /// `nonlinear` in raw units, `nonlinear-standardised` otherwise.
  public var name: String { "nonlinear" + units.suffix }

  public init(units: ShrinkageUnits = .standardised) { self.units = units }

  public func covariance(of sample: CentredSample) throws -> CovarianceEstimate {
    try units.apply(to: sample) { sample in
      let eigen = try SymmetricEigen(sample.covariance)
      let values = try Self.shrink(
        eigen.values, degreesOfFreedom: sample.effectiveCount - 1, presets: sample.centred.rows)
      let diagonal = Matrix.diagonal(values)
      let covariance = (eigen.vectors * diagonal).multiplied(by: eigen.vectors, transposingOther: true)
      return CovarianceEstimate(covariance: covariance.symmetrised)
    }
  }

  /// - Parameter eigenvalues: of the maximum-likelihood covariance, ascending.
  static func shrink(_ eigenvalues: [Double], degreesOfFreedom: Double, presets: Int) throws -> [Double] {
    let dimension = eigenvalues.count
    let threshold = 4 * Double(dimension) * Double.ulpOfOne * (eigenvalues.last ?? 0)
    let rank = eigenvalues.count { $0 > threshold }
    // Repeated presets are fewer observations than they seem.
    let count = rank < dimension ? min(degreesOfFreedom, Double(rank)) : degreesOfFreedom
    guard rank == dimension || count >= 12 else {
      throw PriorError.fewerPresetsThanNeeded(
        count: presets, needed: 13, estimator: "nonlinear shrinkage with fewer presets than parameters")
    }
    // The paper's covariance is divided by N - 1.
    let unbiased = (degreesOfFreedom + 1) / degreesOfFreedom
    let spectrum = eigenvalues.suffix(rank).map { $0 * unbiased }
    let bandwidth = pow(count, -1 / 3)
    let concentration = Double(dimension) / count
    let root5 = 5.0.squareRoot()
    let shrunk = spectrum.map { value in
      let (density, transform) = kernelEstimates(at: value, spectrum: spectrum, bandwidth: bandwidth)
      guard rank == dimension else {
        return value
          / (Double.pi * Double.pi * value * value * (density * density + transform * transform))
      }
      let imaginary = Double.pi * concentration * value * density
      let real = 1 - concentration - Double.pi * concentration * value * transform
      return value / (imaginary * imaginary + real * real)
    }
    guard rank < dimension else { return shrunk }
    let ratio = (1 + root5 * bandwidth) / (1 - root5 * bandwidth)
    let square = bandwidth * bandwidth
    let inverseMean = spectrum.reduce(0) { $0 + 1 / $1 } / Double(rank)
    let transformAtZero =
      (3 / (10 * square) + 3 / (4 * root5 * bandwidth) * (1 - 1 / (5 * square)) * log(ratio)) * inverseMean
      / Double.pi
    let null = 1 / (Double.pi * (Double(dimension) - count) / count * transformAtZero)
    return Array(repeating: null, count: dimension - rank) + shrunk
  }

  /// The spectral density and its Hilbert transform by an Epanechnikov kernel whose width grows with the eigenvalue
  /// (equations 4.7 and 4.8).
  private static func kernelEstimates(
    at value: Double, spectrum: [Double], bandwidth: Double
  ) -> (density: Double, transform: Double) {
    let root5 = 5.0.squareRoot()
    var density = 0.0
    var transform = 0.0
    for centre in spectrum {
      let width = bandwidth * centre
      let x = (value - centre) / width
      density += 3 / (4 * root5) * max(1 - x * x / 5, 0) / width
      transform += hilbertTransform(at: x) / width
    }
    return (density / Double(spectrum.count), transform / Double(spectrum.count))
  }

  /// The Hilbert transform of the Epanechnikov kernel of unit variance.
  private static func hilbertTransform(at x: Double) -> Double {
    let root5 = 5.0.squareRoot()
    let u = root5 / x
    guard u.magnitude >= 0.1 else {
      // Far away the two terms below cancel in all their digits but those that matter: about -1 / (pi x) is left.
      // This is their difference as a series, whose first term left out is below 1e-18 of the sum.
      let square = u * u
      var series = 0.0
      for term in stride(from: 7.0, through: 0, by: -1) {
        series = series * square + 1 / ((2 * term + 1) * (2 * term + 3))
      }
      return -3 / (root5 * Double.pi) * u * series
    }
    // At the edge of the kernel the logarithm's factor vanishes faster than it diverges.
    let ratio = ((root5 - x) / (root5 + x)).magnitude
    let edge = ratio > 0 && ratio.isFinite ? 3 / (4 * root5 * Double.pi) * (1 - x * x / 5) * log(ratio) : 0
    return edge - 3 / (10 * Double.pi) * x
  }
}
