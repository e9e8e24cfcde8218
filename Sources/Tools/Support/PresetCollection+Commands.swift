import PriorKit

extension PresetCollection {
  /// The name of a preset; its number, from 1, where it has none.
  func label(of index: Int) -> String { labels?[index] ?? "\(index + 1)" }

  /// Writes the collection and says so.
  func save(to options: OutputOptions, provenance: Provenance, console: Console) throws {
    try PresetFile.write(self, to: options.output, provenance: provenance, overwrite: options.overwriting.force)
    console.message("\(options.output): \(count) presets of \(dimension) parameters")
  }
}

extension Provenance {
  /// The record of this run of the program.
  static func ofThisCommand(seed: UInt64? = nil, inputs: [String]) throws -> Provenance {
    try Provenance(
      arguments: ["priorkit"] + CommandLine.arguments.dropFirst(), seed: seed, inputPaths: inputs)
  }
}
