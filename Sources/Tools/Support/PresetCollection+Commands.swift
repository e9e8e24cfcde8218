import FXParams
import NumericCore
import PriorKit

extension PresetCollection {
  /// The name of a preset; its number, from 1, where it has none.
  func label(of index: Int) -> String { labels?[index] ?? "\(index + 1)" }

  /// The logits of one preset.
  func logits(ofRow row: Int, path: String) throws -> [Double] {
    guard row >= 0, row < count else {
      throw CommandError("--row is \(row) but \(path) has \(count) presets: give 0 to \(count - 1).")
    }
    let logits = theta.row(row)
    do { try chain.parameterSpace.requireUsable(logits: logits) } catch {
      throw CommandError("Preset \(row) of \(path) cannot be heard: \(error)")
    }
    return logits
  }

  /// Presets of one chain mean nothing to a prior of another.
  func requireChain(of prior: any Prior, paths: (presets: String, prior: String)) throws {
    try chain.require(prior.chain, paths: paths)
  }

  /// Writes the collection and says so.
  func save(to options: OutputOptions, provenance: Provenance, console: Console) throws {
    try PresetFile.write(self, to: options.output, provenance: provenance, overwrite: options.overwriting.force)
    console.message("\(options.output): \(count) preset\(count == 1 ? "" : "s") of \(dimension) parameters")
  }
}

extension Provenance {
  /// The record of this run of the program.
  static func ofThisCommand(seed: UInt64? = nil, inputs: [String]) throws -> Provenance {
    try Provenance(
      arguments: ["priorkit"] + CommandLine.arguments.dropFirst(), seed: seed, inputPaths: inputs)
  }
}

extension Provenance {
  /// The record in one line, for files that hold no attributes.
  var text: String {
    let files = inputs.map { " \($0.path) sha256:\($0.sha256)" }.joined(separator: ";")
    let seed = seed.map { "; seed \($0)" } ?? ""
    return "\(command); priorkit \(version)\(seed); inputs:\(files)"
  }
}

extension ChainDescription {
  /// Refuses presets of this chain for a prior of another.
  func require(_ other: ChainDescription, paths: (presets: String, prior: String)) throws {
    guard self == other else {
      throw CommandError(
        "\(paths.presets) and \(paths.prior) are of different chains: use presets of the prior's own chain.")
    }
  }
}
