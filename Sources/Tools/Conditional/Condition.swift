import ArgumentParser
import Distributions
import FXParams
import FileOutput
import NumericCore
import PresetStore
import PriorKit
import Workflows

/// `priorkit condition`: a prior once some parameters are known.
struct Condition: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Fix some parameters of a prior; the others follow.",
    discussion: """
      EXAMPLES:
        priorkit condition prior.h5 --given "lowshelf.gain=3 dB" -o conditioned.h5
        priorkit condition prior.h5 --given "compressor.attack_coefficient=5 ms" \\
          --given "peak1.frequency=1.2 kHz" -o conditioned.h5
        priorkit condition prior.h5 --with reverb --without delay -o dry-delay.h5

      The result is a prior over the same chain, whose density is that of the
      free parameters given the fixed ones. Draws and the mean have the fixed
      values, score looks at the free parameters alone, transfer moves only those.
      Values are physical; a unit may follow, also that of a derived quantity
      (`priorkit export` to JSON shows them): ms of an attack, % of a pan.

      A prior of presets of varying shape can be told which optional effects there
      are, by --with and --without, and which order of the series, by --order; an
      effect with a given parameter is there. Where one shape is left, the result is
      a prior over the chain of that shape, for commands that take no other.
      """)

  @Argument(help: "The prior file.")
  var prior: String

  @Option(name: .long, help: ArgumentHelp("A parameter with its value; may be repeated.", valueName: "name=value"))
  var given: [String] = []

  @OptionGroup var shape: ShapeOptions
  @OptionGroup var output: OutputOptions
  @OptionGroup var conditions: GivenOptions
  @OptionGroup var global: GlobalOptions

  func run() throws {
    try OutputFile.check(output.output, overwrite: output.overwriting.force)
    let fitted = try conditions.prior(at: prior, acceptsVaryingShape: true, console: global.console)
    let inputs = [prior] + conditions.paths
    if given.isEmpty && !shape.isEmpty {
      return try write(shape.restrict(fitted, path: prior), inputs)
    }
    let assignments = try given.map { try ParameterAssignment($0, chain: fitted.chain) }
    let logits = try assignments.map {
      (position: $0.position, logit: try fitted.logit(of: $0.value, at: $0.position))
    }
    warn(assignments, fitted)
    let conditioned = try fitted.conditioned(on: logits)
    if let approximation = conditioned.approximation {
      let divergence = approximation.divergence
      let error = divergence.standardError.map { " ± " + NumberText.short($0, digits: 2) } ?? ""
      global.console.warning(
        "\(prior) has radial maps over blocks that are given in part, which have no conditional in closed form: "
          + "\(approximation.blocks) of them are left out, at an error of "
          + "\(NumberText.short(divergence.mean, digits: 3))"
          + "\(error) nats (KL divergence).")
    }
    var result = conditioned.prior
    result.record?.evidence +=
      conditioned.approximation.map {
        "\nConditioned without \($0.blocks) radial maps: KL divergence \($0.divergence.mean) nats."
      } ?? ""
    if !shape.isEmpty { result = try shape.restrict(result, path: prior) }
    try write(result, inputs)
  }

  private func write(_ result: Prior, _ inputs: [String]) throws {
    try PriorFile.write(
      result, to: output.output, provenance: .ofThisCommand(inputs: inputs), overwrite: output.overwriting.force)
    let shapes = result.patterns.map { "; \($0.patterns.count) patterns of effects" } ?? ""
    global.console.message(
      "\(output.output): \(result.pinnedPositions.count) parameters fixed, "
        + "\(result.space.count - result.pinnedPositions.count) free\(shapes)")
  }

  /// A condition that no preset came near is legal but leans on the family's tails.
  private func warn(_ assignments: [ParameterAssignment], _ prior: Prior) {
    guard let range = prior.record?.observedRange else { return }
    for assignment in assignments {
      let (low, high) = (range.lower[assignment.position], range.upper[assignment.position])
      guard assignment.value < low || assignment.value > high else { continue }
      let parameter = prior.space.parameters[assignment.position]
      global.console.warning(
        "\(parameter.name) = \(NumberText.short(assignment.value)) lies outside the range of the presets, "
          + "\(NumberText.short(low)) to \(NumberText.short(high)) \(parameter.unit.rawValue).")
    }
  }
}
