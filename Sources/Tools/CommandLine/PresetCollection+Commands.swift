import FXParams
import NumericCore
import PresetStore
import PriorKit
import Workflows

extension PresetCollection {
  /// The logits of one preset.
  func logits(ofRow row: Int, path: String) throws -> [Double] {
    try Self.requireRow(row, of: count, path: path)
    let logits = theta.row(row)
    try chain.requireUsable(logits, row: row, path: path)
    return logits
  }

  /// The number of a preset that is named by its number, from 0, or by its label.
  ///
  /// - Throws: one sentence for a number beyond the presets, and for a label that none or several of them have.
  func row(_ name: String, path: String) throws -> Int {
    try Self.row(name, of: count, path: path) { allLabels }
  }

  /// The same; `labels` are read only where the preset is named by its label.
  static func row(_ name: String, of count: Int, path: String, labels: () throws -> [String]) throws -> Int {
    if let number = Int(name) {
      try requireRow(number, of: count, path: path)
      return number
    }
    let labels = try labels()
    let found = labels.indices.filter { labels[$0] == name }
    guard let first = found.first else {
      throw CommandError("\(path) has no preset labelled \(name): priorkit show lists labels.")
    }
    guard found.count == 1 else {
      throw CommandError(
        "\(path) has \(found.count) presets labelled \(name): give a number, such as \(first) for the first.")
    }
    return first
  }

  static func requireRow(_ row: Int, of count: Int, path: String) throws {
    guard row >= 0, row < count else {
      throw CommandError("--row is \(row) but \(path) has \(count) presets: give 0 to \(count - 1).")
    }
  }

  /// Refuses logits whose squares, summed, are no numbers: figures of them would be infinite.
  func requireSquares(path: String) throws {
    // What is absent is no number.
    let isBad = { (value: Double) in !(abs(value) <= .largestSquared) && !(patterns != nil && value.isNaN) }
    guard let bad = theta.values.firstIndex(where: isBad) else { return }
    throw CommandError(
      "Preset \(bad / dimension) of \(path) has \(chain.parameterSpace.names[bad % dimension]) = "
        + "\(theta.values[bad]), whose square is beyond any number: drop that preset or repair its source.")
  }

  /// Presets of one chain mean nothing to a prior of another.
  func requireChain(of prior: Prior, paths: (presets: String, prior: String)) throws {
    try chain.require(prior.chain, paths: paths)
  }

  /// Writes the collection and says so.
  func save(to options: OutputOptions, provenance: Provenance, console: Console) throws {
    try PresetFile.write(self, to: options.output, provenance: provenance, overwrite: options.overwriting.force)
    let shapes = patterns == nil ? "" : ", \(ShapeText.patterns(rowsByPattern.count))"
    console.message(
      "\(options.output): \(count) preset\(count == 1 ? "" : "s") of \(dimension) parameters\(shapes)")
  }
}

extension PresetPart {
  /// Writes the presets as those of a shard and says so.
  func save(_ record: ShardRecord, to options: OutputOptions, provenance: Provenance, console: Console) throws {
    try PresetShardFile.write(
      PresetShard(record: record, provenance: provenance, rows: rows, presets: presets), to: options.output,
      overwrite: options.overwriting.force)
    console.message(
      "\(options.output): \(presets.count) preset\(presets.count == 1 ? "" : "s"), shard \(record.shardText)")
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
