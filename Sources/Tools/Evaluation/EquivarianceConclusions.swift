import FXParams
import Foundation
import Inference
import PriorKit
import Workflows

/// What a diagnosis of symmetries comes to, in sentences.
struct EquivarianceConclusions {
  let chain: ChainDescription
  /// The prior's densities were compared, and it was fitted to canonical presets, or not; nil without a prior.
  let isCanonicalPrior: Bool?
  let diagnosis: EquivarianceDiagnosis
  let canonical: CanonicalisationReport
  let directions: [SensitivitySearch.Direction]

  /// A change of the largest third-octave band that nobody hears, in dB.
  private static let inaudibleDB = 0.1
  /// A change of the log density that does not matter, in nats.
  private static let negligibleNats = 0.5

  var sentences: [String] {
    families + ([gauge, nearInvariances, movement, undeclared].compactMap { $0 })
  }

  // MARK: - Symmetries

  private var families: [String] {
    let symmetries = chain.symmetries
    return symmetries.families.compactMap { family in
      guard let group = try? symmetries.group([family]) else { return nil }
      return sentence(
        on: findings(named: Set(group.generators.map(\.name))), title: family.rawValue,
        remedy: "refit with --invariant-to \(family.rawValue), or on canonicalised presets")
    }
  }

  private var gauge: String? {
    let names = Set(chain.symmetries.networks.map { $0.gauge(2).name })
    return sentence(on: findings(named: names), title: "reverb gauge", remedy: "canonicalise, which balances it")
  }

  private func findings(named names: Set<String>) -> [EquivarianceDiagnosis.Finding] {
    diagnosis.findings.filter { names.contains($0.name) && $0.applies > 0 }
  }

  private func sentence(
    on findings: [EquivarianceDiagnosis.Finding], title: String, remedy: String
  ) -> String? {
    guard !findings.isEmpty else { return nil }
    let loudest = findings.compactMap(\.largestBandDB?.highest).max()
    guard let loudest else { return "\(title): not heard, because it applies to none of the presets rendered." }
    guard loudest < Self.inaudibleDB else {
      return
        "\(title): heard, by up to \(NumberText.short(loudest, digits: 2)) dB in a third-octave band: it is no "
        + "symmetry of these presets."
    }
    let heard =
      findings.allSatisfy { $0.effect == .mirrored } ? "nothing but left and right exchanged" : "nothing heard"
    guard let isCanonicalPrior,
      let largest = findings.compactMap(\.logDensityChange?.median).max(by: { abs($0) < abs($1) })
    else {
      return "\(title): \(heard): the copies of a preset are one sound; name a prior to see whether it knows."
    }
    guard abs(largest) > Self.negligibleNats else {
      return "\(title): \(heard), and the prior gives copies the same density: nothing to do."
    }
    let change = String(format: "%+.0f nats", largest)
    guard !isCanonicalPrior else {
      return
        "\(title): \(heard), \(change), as it should be for a prior of canonical presets: canonicalise what it "
        + "scores."
    }
    return "\(title): \(heard), \(change) in the prior: \(remedy)."
  }

  private var nearInvariances: String? {
    let near = diagnosis.findings.filter { $0.kind == .approximate && $0.applies > 0 }
    guard !near.isEmpty, let loudest = near.compactMap(\.largestBandDB?.highest).max() else { return nil }
    let presets = near.reduce(0) { max($0, $1.applies) }
    return "\(near.count) effects are switched off in up to \(presets) presets each: what they are set to there "
      + "changes no band by more than \(NumberText.short(loudest, digits: 2)) dB."
  }

  // MARK: - Presets

  private var movement: String? {
    guard canonical.movedPresets > 0 else { return "All presets are in canonical form." }
    return "\(canonical.movedPresets) of \(canonical.presets) presets are not in canonical form: priorkit "
      + "canonicalise moves them."
  }

  private var undeclared: String? {
    let found = directions.filter { $0.declared == nil && $0.isUnbounded }
    guard let first = found.first else { return nil }
    return "\(found.count) \(found.count == 1 ? "direction" : "directions") that no effect declares hardly "
      + "\(found.count == 1 ? "changes" : "change") the sound, first \(first.name)."
  }
}
