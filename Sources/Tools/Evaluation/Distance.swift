import ArgumentParser
import Evaluation
import FXParams
import NumericCore
import PresetStore
import PriorKit
import Workflows

/// `priorkit distance`: recordings, or presets, against a reference.
struct Distance: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Measure how far recordings, or presets, are from a reference.",
    discussion: """
      EXAMPLES:
        priorkit distance reference.wav mean.wav transfer/wet.wav
        priorkit distance presets.h5 --row 3 mean.h5 transfer/preset.h5
        priorkit distance presets.h5 --row 3 presets.h5 --over-orbit --nearest 5

      Recordings, which must be stereo: MSS, the A-weighted multi-resolution
      spectral distance, and MLDR, the distance of the loudness dynamic range
      (arXiv 2504.14735, 2505.11315), each on left and right and on mid and side.
      Levels are left as they are. Presets: PMSE, the mean squared difference of
      the logits, from one row of the reference to each row of the others; with
      --over-orbit to the nearest of the copies that sound the same.
      """)

  @Argument(help: "The reference: a recording or a preset file.")
  var reference: String

  @Argument(help: "What to compare with it: files of the same kind.")
  var candidates: [String]

  @Option(within: 0...1_000_000_000, help: "Which preset of the reference, from 0.")
  var row: Int?

  @Option(within: 1...1_000_000_000, help: "List only so many presets, nearest first.")
  var nearest: Int?

  @OptionGroup var quotient: QuotientOptions
  @OptionGroup var format: JSONOptions
  @OptionGroup var global: GlobalOptions

  func run() throws {
    guard StoredKind.isHDF5(reference) else {
      if let option = [("--row", row != nil), ("--nearest", nearest != nil), ("--over-orbit", quotient.overOrbit)]
        .first(where: \.1)?.0
      {
        throw CommandError(
          "\(option) is for presets but \(reference) is none: leave it out, or name a preset file.")
      }
      let report = try RecordingDistances(
        reference: reference, candidates: candidates, console: global.console)
      return try Console.standardOutput(report.text(isJSON: format.json))
    }
    let report = try PresetDistances(
      reference: reference, row: row ?? 0, candidates: candidates, overOrbit: quotient.overOrbit, nearest: nearest)
    try Console.standardOutput(report.text(isJSON: format.json))
  }
}

/// Distances between presets. The property names are the keys of its JSON.
private struct PresetDistances: Encodable {
  struct Entry: Encodable {
    let file: String
    let label: String
    let parameterMeanSquaredError: Double
  }

  let reference: String
  let label: String
  let presets: [Entry]

  init(reference path: String, row: Int, candidates: [String], overOrbit: Bool, nearest: Int?) throws {
    let collection = try PresetFile.read(path)
    let logits = try collection.logits(ofRow: row, path: path)
    reference = path
    label = collection.label(of: row)
    let quotient = overOrbit ? try QuotientDistance(collection.chain) : nil
    let distance = { quotient?.meanSquaredError($0, logits) ?? ParameterDistance.meanSquaredError($0, logits) }
    let all = try candidates.flatMap { candidate in
      let others = try PresetFile.read(candidate)
      guard others.chain == collection.chain else {
        throw CommandError("\(candidate) and \(path) are of different chains: compare presets of one chain.")
      }
      return try (0..<others.count).map { index in
        let error = distance(others.theta.row(index))
        guard error.isFinite else {
          throw CommandError(
            "The distance of preset \(index) of \(candidate) from preset \(row) of \(path) is beyond any number: "
              + "look for logits beyond 1e150.")
        }
        return Entry(file: candidate, label: others.label(of: index), parameterMeanSquaredError: error)
      }
    }
    presets =
      nearest.map { Array(all.sorted { $0.parameterMeanSquaredError < $1.parameterMeanSquaredError }.prefix($0)) }
      ?? all
  }

  func text(isJSON: Bool) throws -> String {
    guard !isJSON else { return try JSONText.text(self) }
    var table = TextTable([("preset", .left), ("label", .left), ("PMSE", .right)])
    for entry in presets {
      table.append([entry.file, entry.label, NumberText.short(entry.parameterMeanSquaredError)])
    }
    return PrintableText.escaped("Distance from \(label) of \(reference)") + "\n\n" + table.text
  }
}
