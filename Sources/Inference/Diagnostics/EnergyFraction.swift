/// The Bayesian fraction of missing information of a Hamiltonian sampler, by its energies: how far a new momentum
/// carries it across the energies of the target.
///
/// E-BFMI = mean squared change of energy from draw to draw / variance of the energy. Below 0.3 the chain explores
/// the energies by a slow random walk. Betancourt, "Diagnosing suboptimal cotangent disintegrations in Hamiltonian
/// Monte Carlo", arXiv 1604.00695.
public enum EnergyFraction {
  /// Nil for fewer than two energies, or energies that are all the same or not finite.
  public static func of(_ energies: [Double]) -> Double? {
    guard energies.count > 1, !energies.contains(where: { !$0.isFinite }) else { return nil }
    let energies = ScalarDraws(chains: [energies]).inSafeUnit.draws.chains[0]
    let variance = ScalarDraws.variance(energies)
    guard variance > 0 else { return nil }
    let changes = zip(energies.dropFirst(), energies).map { ($0 - $1) * ($0 - $1) }
    return ScalarDraws.mean(changes) / variance
  }
}
