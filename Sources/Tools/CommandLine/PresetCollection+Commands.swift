import FXParams
import NumericCore
import PresetStore
import PriorKit

extension PresetCollection {
  /// The name of a preset; its number, from 1, where it has none.
  func label(of index: Int) -> String { labels?[index] ?? "\(index + 1)" }

  /// The logits of one preset.
  func logits(ofRow row: Int, path: String) throws -> [Double] {
    try Self.requireRow(row, of: count, path: path)
    let logits = theta.row(row)
    try chain.requireUsable(logits, row: row, path: path)
    return logits
  }

  static func requireRow(_ row: Int, of count: Int, path: String) throws {
    guard row >= 0, row < count else {
      throw CommandError("--row is \(row) but \(path) has \(count) presets: give 0 to \(count - 1).")
    }
  }

  /// Refuses logits whose squares, summed, are no numbers: figures of them would be infinite.
  func requireSquares(path: String) throws {
    guard let bad = theta.values.firstIndex(where: { !(abs($0) <= .largestSquared) }) else { return }
    throw CommandError(
      "Preset \(bad / dimension) of \(path) has \(chain.parameterSpace.names[bad % dimension]) = "
        + "\(theta.values[bad]), whose square is beyond any number: drop that preset or repair its source.")
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

extension PresetStream {
  /// The logits of one preset that can be heard; nothing else of the file is read.
  func usableLogits(ofRow row: Int) throws -> [Double] {
    try PresetCollection.requireRow(row, of: count, path: path)
    let logits = try logits(ofRow: row)
    try chain.requireUsable(logits, row: row, path: path)
    return logits
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
  /// Refuses a preset that effects cannot be computed with.
  func requireUsable(_ logits: [Double], row: Int, path: String) throws {
    do { try parameterSpace.requireUsable(logits: logits) } catch {
      throw CommandError("Preset \(row) of \(path) cannot be heard: \(error)")
    }
  }

  /// Refuses presets of this chain for a prior of another.
  func require(_ other: ChainDescription, paths: (presets: String, prior: String)) throws {
    guard self == other else {
      throw CommandError(
        "\(paths.presets) and \(paths.prior) are of different chains: use presets of the prior's own chain.")
    }
  }
}
