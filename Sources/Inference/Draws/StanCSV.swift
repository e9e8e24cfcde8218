import FXParams
import Foundation
import NumericCore
public import PresetStore

/// Draws as CmdStan writes them, one file per chain, for its readers (CmdStan guide, appendix "Stan CSV").
///
/// Names have underscores for the dots of ours, which would read as indices, and parameters that differ in trailing
/// numbers alone are one vector, counted from 1: `reverb.w.1.3` is `reverb_w.2`. Values are physical, with the
/// digits that read back exactly.
public enum StanCSV {
  /// Our statistics under Stan's names, in Stan's order.
  private static let statistics = [
    ("lp", "lp__"), ("acceptance_rate", "accept_stat__"), ("step_size", "stepsize__"),
    ("tree_depth", "treedepth__"),
    ("n_steps", "n_leapfrog__"), ("diverging", "divergent__"), ("energy", "energy__"),
  ]

  /// The text of one chain's file.
  public static func text(_ draws: PosteriorDraws, chain number: Int, provenance: Provenance? = nil) -> String {
    let chain = draws.chains[number]
    let space = draws.chain.parameterSpace
    let variables = PosteriorVariable.all(of: space)
    let known = statistics.filter { chain.statistics[$0.0] != nil }
    let names = variables.flatMap { variable in
      let stem = variable.name.replacing(".", with: "_")
      return variable.labels.isEmpty ? [stem] : variable.labels.indices.map { "\(stem).\($0 + 1)" }
    }
    var lines = [
      "# model = priorkit", "# method = sample", "# algorithm = \(draws.sampler)", "# id = \(number + 1)",
    ]
    lines += ["# num_samples = \(draws.drawCount)", "# num_warmup = \(draws.warmUp.first?.count ?? 0)"]
    lines += ["# save_warmup = 0", "# thin = 1", "# alpha = \(draws.alpha)"]
    lines += draws.settings.sorted { $0.key < $1.key }.map { "# \($0.key) = \($0.value)" }
    if let provenance { lines += comments(provenance) }
    // Stan's readers look for it, and it comes first.
    let density = chain.statistics["lp"] ?? zip(chain.logPrior, chain.logLikelihood).map(+)
    let others = known.filter { $0.0 != "lp" }
    lines.append((["lp__"] + others.map(\.1) + names).joined(separator: ","))
    let order = variables.flatMap(\.indices)
    for row in 0..<chain.count {
      let values = space.values(ofLogits: chain.logits.row(row))
      let numbers = [density[row]] + others.map { chain.statistics[$0.0]?[row] ?? 0 } + order.map { values[$0] }
      lines.append(numbers.map(text).joined(separator: ","))
    }
    lines.append("#  Elapsed Time: \(draws.elapsedSeconds) seconds (Total)")
    return lines.joined(separator: "\n") + "\n"
  }

  private static func comments(_ provenance: Provenance) -> [String] {
    let inputs = provenance.inputs.map { ("input \($0.path)", "sha256 \($0.sha256)") }
    let record = [("command", provenance.command), ("version", provenance.version), ("date", provenance.date)]
    return (record + inputs).map { "# \($0) = \($1)".replacing("\n", with: " ") }
  }

  /// Whole numbers without a fraction, as Stan writes counts.
  private static func text(_ value: Double) -> String {
    if let whole = Int(exactly: value), whole.magnitude < 1 << 53 { return String(whole) }
    return value.isFinite ? value.description : value.isNaN ? "NaN" : value > 0 ? "inf" : "-inf"
  }
}
