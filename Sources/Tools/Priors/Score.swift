import ArgumentParser
import FileOutput
import Foundation
import PresetStore
import PriorKit
import Synchronization
import Workflows

/// `priorkit score`: how plausible a prior finds presets.
struct Score: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Print how plausible a prior finds each preset.",
    discussion: """
      EXAMPLES:
        priorkit score prior.h5 presets.h5 | sort -t, -k2g | head
        priorkit score prior.h5 presets.h5 -o scores.csv
        priorkit score conditional.h5 presets.h5 --given-audio dry.wav

      One row per preset: label, log_density (nats, over the logits), mahalanobis
      (the distance from the mean in standard deviations of the prior; empty for a
      prior that is not Gaussian). With --over-orbit the density is summed over the
      copies of each preset and divided by their number, and the distance is that of
      the nearest copy. A conditional prior is given audio, or else the features of
      each preset. Numbers are in full: they read back exactly.

      Under a prior of presets of varying shape, the density is that of the pattern of
      effects times that of the values of what is there, and the columns pattern and
      log_pattern_probability follow.
      """)

  @Argument(help: "The prior file.")
  var prior: String

  @Argument(help: "The preset file.")
  var presets: String

  @Option(
    name: [.customShort("o"), .long],
    help: ArgumentHelp("The table to write (default: standard output).", valueName: "csv"))
  var output: String?

  @OptionGroup var quotient: QuotientOptions
  @OptionGroup var conditions: GivenOptions
  @OptionGroup var overwriting: OverwriteOptions
  @OptionGroup var machine: JSONOptions
  @OptionGroup var parallel: ThreadOptions
  @OptionGroup var global: GlobalOptions

  func validate() throws {
    guard output == nil || !machine.json else {
      throw ValidationError("--json prints the scores and --output writes a table: choose one.")
    }
  }

  func run() throws {
    if let output { try OutputFile.check(output, overwrite: overwriting.force) }
    if try conditions.isEmpty && StoredKind(of: prior) == .conditional {
      guard !quotient.overOrbit else {
        throw ValidationError(
          "--over-orbit needs one prior for all presets: name what it is given by --given-audio.")
      }
      return try writeConditionalScores()
    }
    let stored = try conditions.prior(at: prior, acceptsVaryingShape: true, console: global.console)
    let fitted = quotient.overOrbit ? try stored.summedOverOrbits() : stored
    guard fitted.patterns == nil else { return try writePatternedScores(under: fitted) }
    let stream = try PresetStream(presets)
    try stream.chain.require(fitted.chain, paths: (presets, prior))
    guard !machine.json else {
      return try Console.standardOutput(JSONText.text(Self.records(stream, fitted, parallel.count)))
    }
    guard let output else {
      try Self.write(stream, under: fitted, threads: parallel.count) { try Console.standardOutput($0) }
      return try stream.requireIntact()
    }
    try OutputFile.write(to: output, overwrite: overwriting.force) { temporary in
      let file = try FileHandle(forWritingTo: URL(fileURLWithPath: temporary))
      try Self.write(stream, under: fitted, threads: parallel.count) { text in
        do { try file.write(contentsOf: Data(text.utf8)) } catch { throw OutputError.diskFull(path: output) }
      }
      try file.close()
      try stream.requireIntact()
    }
    global.console.message("\(output): scores of \(stream.count) presets")
  }

  /// Each preset given its own features.
  private func writeConditionalScores() throws {
    let scores = try ConditionalScores(priorPath: prior, presetPath: presets)
    try write(scores.csv, scores.records)
  }

  /// Each preset by its effects and by their values.
  private func writePatternedScores(under prior: Prior) throws {
    let collection = try PresetFile.read(presets, acceptsVaryingShape: true)
    try collection.requireChain(of: prior, paths: (presets, self.prior))
    try collection.requireSquares(path: presets)
    let scores = try PatternedScores(of: collection, under: prior)
    try write(scores.csv, scores.records)
  }

  private func write(_ csv: String, _ records: [some Encodable]) throws {
    guard !machine.json else { return try Console.standardOutput(JSONText.text(records)) }
    guard let output else { return try Console.standardOutput(csv) }
    try OutputFile.write(Data(csv.utf8), to: output, overwrite: overwriting.force)
    global.console.message("\(output): scores of \(records.count) presets")
  }

  /// Writes the table, block by block.
  private static func write(
    _ presets: PresetStream, under prior: Prior, threads: Int, to sink: @Sendable (String) throws -> Void
  ) throws {
    // The heading goes with the first block: a file that cannot be read prints nothing.
    let heading = Mutex("label,log_density,mahalanobis\n")
    try presets.score(under: prior, threads: threads, format: text) { text in
      let heading = heading.withLock { heading in
        defer { heading = "" }
        return heading
      }
      try sink(heading + text)
    }
  }

  /// A preset with what a prior makes of it, as JSON has it.
  struct Record: Encodable, Sendable {
    let label: String
    let logDensity: Double
    /// Absent for a prior that is not Gaussian.
    let mahalanobis: Double?
  }

  private static func records(_ presets: PresetStream, _ prior: Prior, _ threads: Int) throws -> [Record] {
    let records = Mutex([Record]())
    // Blocks are told of in their order, one at a time.
    try presets.score(under: prior, threads: threads) { block in
      block.logDensities.indices.map { index in
        Record(
          label: block.labels[index], logDensity: block.logDensities[index],
          mahalanobis: block.mahalanobisDistances?[index])
      }
    } deliver: { own in
      records.withLock { $0 += own }
    }
    try presets.requireIntact()
    return records.withLock { $0 }
  }

  @Sendable private static func text(of block: ScoredBlock) -> String {
    var text = ""
    for index in block.logDensities.indices {
      text += CSVText.field(block.labels[index]) + "," + NumberText.full(block.logDensities[index]) + ","
      if let distances = block.mahalanobisDistances { text += NumberText.full(distances[index]) }
      text += "\n"
    }
    return text
  }
}
