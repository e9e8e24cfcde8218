import Foundation
package import NumericCore

/// Carries the norm of a block of normal deviates to about its chi law: radial Gaussianisation (Lyu and Simoncelli
/// 2009, doi:10.1162/neco.2009.10-08-886).
///
/// With r = |L^-1 z| the map is z' = z exp(G(log r) - log r). G makes log r standard normal by a kernel marginal
/// and gives it the mean and deviation of the logarithm of a chi variable of k degrees of freedom, which is itself
/// nearly normal for the blocks that are worth it (k of 8 and more). Any increasing G gives a proper density.
///
/// The tails of the kernel marginal have the deviation of log chi_k themselves, so that far from all presets G has
/// slope 1 and the map only scales: the density has no spike at the centre of the block, and draws do not run away.
package struct RadialMap: Sendable {
  /// Coordinates of the block.
  let indices: [Int]
  /// Of the covariance of the block's deviates.
  let covariance: Matrix
  let cholesky: Cholesky
  /// Of log r.
  let radius: KernelMarginal

  package init(indices: [Int], covariance: Matrix, radius: KernelMarginal) throws {
    self.indices = indices
    self.covariance = covariance
    self.radius = radius
    cholesky = try Cholesky(covariance)
  }

  private var count: Double { Double(indices.count) }
  /// E log chi_k = (psi(k / 2) + log 2) / 2, by its series.
  private var centre: Double { 0.5 * (log(count) - 1 / count - 1 / (3 * count * count)) }
  /// The deviation of log chi_k, sqrt(psi'(k / 2)) / 2.
  private var width: Double { Self.width(indices.count) }

  package static func width(_ indexCount: Int) -> Double {
    let count = Double(indexCount)
    return 0.5 * (2 / count + 2 / (count * count) + 4 / (3 * count * count * count)).squareRoot()
  }

  /// What ``apply(to:)`` leaves for ``pullBack(_:)``.
  package struct Step {
    /// The deviates of the block before the map.
    var before: [Double]
    /// d log r / dz.
    var logRadiusGradient: [Double]
    var factor: Double
    /// G'.
    var slope: Double
    var logDeterminant: Double
    /// d log det / d log r.
    var logDeterminantSlope: Double
  }

  /// Maps the block's entries of `deviates` in place; nil where the radius is zero or beyond all tails.
  package func apply(to deviates: inout [Double]) -> Step? {
    let before = indices.map { deviates[$0] }
    var white = before
    cholesky.forwardSubstitute(&white)
    let square = white.reduce(0) { $0 + $1 * $1 }
    guard square > 0, square.isFinite else { return nil }
    let logRadius = 0.5 * log(square)
    let map = radius.normalDeviate(of: logRadius)
    guard map.value.isFinite else { return nil }
    let image = centre + width * map.value
    let factor = exp(image - logRadius)
    let slope = width * exp(map.logSlope)
    cholesky.backSubstitute(&white)
    for (index, value) in zip(indices, before) { deviates[index] = factor * value }
    return Step(
      before: before, logRadiusGradient: white.map { $0 / square }, factor: factor, slope: slope,
      logDeterminant: count * (image - logRadius) + log(width) + map.logSlope,
      logDeterminantSlope: count * (slope - 1) + map.logSlopeDerivative)
  }

  /// Replaces a gradient with respect to the mapped deviates by that with respect to the deviates, and adds the
  /// gradient of the log determinant.
  func pullBack(_ gradient: inout [Double], through step: Step) {
    var along = 0.0
    for (index, value) in zip(indices, step.before) { along += gradient[index] * value }
    let radial = step.factor * (step.slope - 1) * along + step.logDeterminantSlope
    for (position, index) in indices.enumerated() {
      gradient[index] = step.factor * gradient[index] + radial * step.logRadiusGradient[position]
    }
  }

  /// The inverse of ``apply(to:)``.
  func invert(_ deviates: inout [Double]) {
    var white = indices.map { deviates[$0] }
    cholesky.forwardSubstitute(&white)
    let image = 0.5 * log(white.reduce(0) { $0 + $1 * $1 })
    guard image.isFinite else { return }
    let logRadius = radius.value(ofNormalDeviate: (image - centre) / width)
    let factor = exp(logRadius - image)
    for index in indices { deviates[index] *= factor }
  }

  /// The map of the same block where its coordinates have other positions.
  func moved(to positions: [Int: Int]) throws -> RadialMap? {
    let moved = indices.compactMap { positions[$0] }
    guard moved.count == indices.count else {
      guard moved.isEmpty else { throw CopulaError.partOfRadialBlock(indices: indices) }
      return nil
    }
    return try RadialMap(indices: moved, covariance: covariance, radius: radius)
  }

  // MARK: - Storage

  func encode(into archive: inout DistributionArchive, at path: String) {
    archive.set(indices.map(Double.init), for: path + "indices")
    archive.set(covariance, for: path + "covariance")
    radius.encode(into: &archive, at: path + "radius/")
  }

  init(from archive: DistributionArchive, at path: String, dimension: Int) throws {
    let stored = try archive.vector(path + "indices")
    let indices = try stored.map { value in
      guard let index = Int(exactly: value), (0..<dimension).contains(index) else {
        throw ArchiveError.invalid(path + "indices", value: value, condition: "an index below \(dimension)")
      }
      return index
    }
    guard Set(indices).count == indices.count, !indices.isEmpty else {
      throw ArchiveError.invalid(path + "indices", value: stored.first ?? 0, condition: "distinct indices")
    }
    try self.init(
      indices: indices,
      covariance: archive.matrix(path + "covariance", rows: indices.count, columns: indices.count),
      radius: KernelMarginal(from: archive, at: path + "radius/"))
  }
}

/// Requests that a copula cannot meet.
public enum CopulaError: Error, Equatable, Sendable, CustomStringConvertible {
  case partOfRadialBlock(indices: [Int])

  public var description: String {
    switch self {
    case .partOfRadialBlock(let indices):
      "Coordinates \(indices) share a radial map, so the copula has parts in closed form only where all or none of "
        + "them are kept: choose whole blocks or fit a copula without radial maps."
    }
  }
}
