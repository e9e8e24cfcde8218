public import NumericCore

/// The loss of leaving out the radial maps of some blocks of a copula to get a conditional in closed form.
public struct ConditioningApproximation: Sendable {
  /// The copula without the maps.
  package let copula: Copula
  /// KL divergence of the joint distributions in nats, from draws of the exact one, with its standard error. The
  /// divergence of the conditionals, averaged over the values given, is no larger (chain rule of the KL divergence;
  /// Cover and Thomas, "Elements of information theory", theorem 2.5.3).
  public let divergence: MeanEstimate
  /// Blocks whose map was left out.
  public let blocks: Int
}

extension Copula {
  private static let draws = 1000

  /// The copula without the radial maps that some given coordinates are part of, if there are any.
  package func approximation(forGiven indices: [Int]) throws -> ConditioningApproximation? {
    let given = Set(indices)
    let parted = radialMaps.filter { map in
      let count = map.indices.count { given.contains($0) }
      return count > 0 && count < map.indices.count
    }
    guard !parted.isEmpty else { return nil }
    let lost = Set(parted.map(\.indices))
    let simpler = Copula(
      marginals: marginals, radialMaps: radialMaps.filter { !lost.contains($0.indices) }, scale: scale,
      latent: latent)
    var source = RandomSource(seed: 20_250_514)
    let points = Matrix(rows: (0..<Self.draws).map { _ in sample(using: &source) })
    let differences = zip(logDensities(ofRows: points), simpler.logDensities(ofRows: points)).map(-)
    return ConditioningApproximation(
      copula: simpler, divergence: MeanEstimate(differences.filter(\.isFinite)), blocks: parted.count)
  }
}
