import ArgumentParser
import FXParams
import FileOutput
import Foundation
import PresetStore
import Workflows

/// `priorkit select`: some presets of a file.
struct Select: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Select presets: those of one shape, or some rows or groups.",
    discussion: """
      EXAMPLES:
        priorkit select presets.h5 --complete -o complete.h5
        priorkit select presets.h5 --pattern 2 -o some.h5
        priorkit select presets.h5 --with reverb --without delay -o some.h5
        priorkit select presets.h5 --row vocal-1 --row 7 -o two.h5
        priorkit select presets.h5 --group song-1 --complete -o song.h5

      Of presets that lack some effects or differ in the order of their effects,
      those of one pattern: the file has the chain that the pattern leaves, in which
      nothing is optional. priorkit show numbers the patterns, the most frequent
      first. --with, --without and --order name what settles the pattern among those
      of the file. --row and --group choose presets, whatever their pattern; without
      a pattern the file keeps the chain of all.
      """)

  @Argument(help: "The preset file.")
  var presets: String

  @Flag(name: .long, help: "Presets that have every effect, in the order of the chain.")
  var complete = false

  @Option(within: 1...1_000_000_000, help: "Presets of the pattern that priorkit show numbers so.")
  var pattern: Int?

  @OptionGroup var shape: ShapeOptions

  @Option(
    name: .long, parsing: .unconditionalSingleValue,
    help: ArgumentHelp("A preset, by its label or its number from 0; may be repeated.", valueName: "label|index"))
  var row: [String] = []

  @Option(
    name: .long, parsing: .unconditionalSingleValue,
    help: ArgumentHelp("The presets of a group; may be repeated.", valueName: "group"))
  var group: [String] = []

  @OptionGroup var output: OutputOptions
  @OptionGroup var global: GlobalOptions

  func validate() throws {
    guard [complete, pattern != nil, !shape.isEmpty].count(where: { $0 }) < 2 else {
      throw ValidationError("--complete, --pattern and --with, --without or --order are three ways: give one.")
    }
    guard complete || pattern != nil || !shape.isEmpty || !row.isEmpty || !group.isEmpty else {
      throw ValidationError(
        "Say which presets: --complete, --pattern, --with, --without, --order, --row or --group.")
    }
  }

  func run() throws {
    try OutputFile.check(output.output, overwrite: output.overwriting.force)
    var collection = try PresetFile.read(presets, acceptsVaryingShape: true)
    // Numbers of patterns are those of the whole file.
    let chosen = try chosenPattern(of: collection)
    if !row.isEmpty || !group.isEmpty { collection = collection.keeping(rows: try rows(of: collection)) }
    let words = chosen.map { collection.chain.words(for: $0) }
    if let chosen { collection = try collection.ofPattern(chosen, path: presets) }
    try collection.save(to: output, provenance: .ofThisCommand(inputs: [presets]), console: global.console)
    if let words { global.console.message("shape: \(words)") }
  }

  // MARK: - Rows

  /// Rows in the order of the file.
  private func rows(of collection: PresetCollection) throws -> [Int] {
    var chosen = Set(try row.map { try collection.row($0, path: presets) })
    guard !group.isEmpty else { return chosen.sorted() }
    guard let groups = collection.groups else {
      throw CommandError("\(presets) has no groups: choose presets by --row.")
    }
    for name in group {
      let own = groups.indices.filter { groups[$0] == name }
      guard !own.isEmpty else {
        throw CommandError("\(presets) has no group \(name): priorkit show lists groups.")
      }
      chosen.formUnion(own)
    }
    return chosen.sorted()
  }

  // MARK: - Patterns

  private func chosenPattern(of collection: PresetCollection) throws -> ChainPattern? {
    if complete { return collection.chain.completePattern }
    let found = collection.rowsByPattern.map(\.pattern)
    if let pattern {
      guard found.indices.contains(pattern - 1) else {
        throw CommandError(
          "--pattern is \(pattern) but \(presets) has \(found.count): give 1 to \(found.count), as priorkit show "
            + "numbers them.")
      }
      return found[pattern - 1]
    }
    guard !shape.isEmpty else { return nil }
    let meets = try shape.condition(for: collection.chain, path: presets)
    let fitting = found.indices.filter { meets(found[$0]) }
    func words(_ indices: [Int]) -> String {
      indices.prefix(5).map { "\($0 + 1) (\(collection.chain.words(for: found[$0])))" }.joined(separator: ", ")
        + (indices.count > 5 ? " and \(indices.count - 5) others" : "")
    }
    guard let only = fitting.first else {
      throw CommandError(
        "No preset in \(presets) has such a pattern: choose one of \(words(Array(found.indices))).")
    }
    guard fitting.count == 1 else {
      throw CommandError(
        "\(fitting.count) patterns of \(presets) are such: \(words(fitting)): choose one by --pattern, or "
          + "name more."
      )
    }
    return found[only]
  }
}
