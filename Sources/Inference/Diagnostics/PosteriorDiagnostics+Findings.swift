import Foundation

extension PosteriorDiagnostics {
  /// Something that keeps the draws from being trusted, in one sentence with what to do.
  public struct Finding: Sendable, Hashable, Encodable {
    /// Which limit is missed.
    public enum Kind: String, Sendable, Hashable, Encodable {
      /// Named after the diagnostic: of the draws of parameters, of the transitions, or of the weights.
      case tooFewDraws, constant, rHat, bulkESS, tailESS, divergences, energyFraction, paretoShape
    }
    /// Which limit is missed.
    public let kind: Kind
    /// The problem and its remedy.
    public let sentence: String
  }

  /// Whether every limit is met.
  public var isTrustworthy: Bool { findings.isEmpty }

  /// What is wrong, in the order in which to look at it; empty where nothing is.
  public var findings: [Finding] {
    guard drawCount >= ScalarDraws.minimumDraws else {
      let words =
        "\(drawCount) \(drawCount == 1 ? "draw" : "draws") in each chain cannot be judged: "
        + "sample at least \(ScalarDraws.minimumDraws), and some hundred to be of use."
      return [Finding(kind: .tooFewDraws, sentence: words)]
    }
    return [
      constants, disagreement, shortage(bulk: true), shortage(bulk: false), divergent, slowEnergies, heavyRatios,
    ]
    .compactMap { $0 }
  }

  // MARK: - Sentences

  private func among(_ count: Int) -> String {
    "\(count) of \(free.count) \(free.count == 1 ? "parameter" : "parameters") "
      + (count == 1 ? "has" : "have")
  }

  private var constants: Finding? {
    let names = free.filter(\.isConstant).map(\.name)
    guard let first = names.first else { return nil }
    return Finding(
      kind: .constant,
      sentence: "\(among(names.count)) the same value in all draws (\(first)\(names.count > 1 ? ", ..." : "")): "
        + "the sampler never moved there, so look at its acceptance.")
  }

  private var disagreement: Finding? {
    let bad = free.filter { ($0.rHat ?? 0) >= limits.rHat }
    guard let worst = bad.max(by: { ($0.rHat ?? 0) < ($1.rHat ?? 0) }), let value = worst.rHat else { return nil }
    let who = chainCount == 1 ? "the halves of the chain disagree" : "the chains disagree"
    let size = value.isFinite ? String(format: "%.2f", value) : "infinite"
    return Finding(
      kind: .rHat,
      sentence: "\(among(bad.count)) R-hat of \(limits.rHat) or more, so \(who) (worst: \(worst.name), \(size)): "
        + (value > 1.1
          ? "they may sit in different modes; look at the trace, run longer, or start elsewhere." : "run longer."))
  }

  private func shortage(bulk: Bool) -> Finding? {
    func ess(_ parameter: ParameterDiagnostics) -> Double? { bulk ? parameter.bulkESS : parameter.tailESS }
    let bad = free.filter { !$0.isConstant && (ess($0) ?? .infinity) < limits.ess }
    guard let least = bad.compactMap(ess).min() else { return nil }
    let factor = limits.ess / max(least, 1)
    let times = String(format: factor < 10 ? "%.1f" : "%.0f", factor)
    return Finding(
      kind: bulk ? .bulkESS : .tailESS,
      sentence: "\(among(bad.count)) \(bulk ? "bulk" : "tail") ESS below \(Int(limits.ess)) "
        + "(least: \(Int(least))): run longer, about \(times) times as many draws.")
  }

  private var divergent: Finding? {
    let count = divergences.reduce(0, +)
    guard count > 0 else { return nil }
    return Finding(
      kind: .divergences,
      sentence:
        "\(count) of \(chainCount * drawCount) transitions diverged: parts of the posterior were not reached; "
        + "ask for a higher acceptance rate, which shortens the steps.")
  }

  private var slowEnergies: Finding? {
    let bad = energyFractions.indices.filter { (energyFractions[$0] ?? 0) < limits.energyFraction }
    guard let worst = bad.min(by: { (energyFractions[$0] ?? 0) < (energyFractions[$1] ?? 0) }) else { return nil }
    let value = energyFractions[worst].map { String(format: "%.2f", $0) } ?? "undefined"
    return Finding(
      kind: .energyFraction,
      sentence: "\(bad.count) of \(chainCount) \(chainCount == 1 ? "chain has" : "chains have") E-BFMI below "
        + "\(limits.energyFraction) (chain \(worst + 1): \(value)): heavy tails are explored slowly; run longer.")
  }

  private var heavyRatios: Finding? {
    guard let paretoShape, paretoShape >= paretoThreshold else { return nil }
    guard paretoShape.isFinite else {
      return Finding(
        kind: .paretoShape,
        sentence:
          "Pareto k-hat cannot be told from \(chainCount * drawCount) draws, of whose weights too few stand "
          + "out: sample some hundred.")
    }
    return Finding(
      kind: .paretoShape,
      sentence:
        "Pareto k-hat is \(String(format: "%.2f", paretoShape)), not below "
        + "\(String(format: "%.2f", paretoThreshold)): the approximation is too far"
        + " from the posterior for its draws to be weighed, which says nothing against the model; "
        + "use nuts or ess.")
  }
}
