import ArgumentParser
import LearnedEncoders
import PresetStore
import Workflows

/// `priorkit distance`: recordings, or presets, against a reference.
struct Distance: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Measure how far recordings, or presets, are from a reference.",
    discussion: """
      EXAMPLES:
        priorkit distance reference.wav mean.wav transfer/wet.wav
        priorkit distance reference.wav wet.wav --encoder mfcc
        priorkit distance presets.h5 --row 3 mean.h5 transfer/preset.h5
        priorkit distance presets.h5 --row 3 presets.h5 --over-orbit --nearest 5

      Recordings, which must be stereo: MSS, the A-weighted multi-resolution
      spectral distance, and MLDR, the distance of the loudness dynamic range
      (arXiv 2504.14735, 2505.11315), each on left and right and on mid and side.
      Levels are left as they are. With --encoder also the angles between style
      embeddings of mid and of side, in radians, the RMS over all pairs of
      segments of 11 s. Presets: PMSE, the mean squared difference of
      the logits, from one row of the reference to each row of the others; with
      --over-orbit to the nearest of the copies that sound the same. Presets that
      lack effects are compared over those that both have.
      """)

  @Argument(help: "The reference: a recording or a preset file.")
  var reference: String

  @Argument(help: "What to compare with it: files of the same kind.")
  var candidates: [String]

  @OptionGroup var choice: RowOptions

  @Option(within: 1...1_000_000_000, help: "List only so many presets, nearest first.")
  var nearest: Int?

  @Option(
    name: .long,
    help: ArgumentHelp("Compare the style of recordings too, by this encoder.", valueName: "encoder"))
  var encoder: EncoderArgument?

  @OptionGroup var quotient: QuotientOptions
  @OptionGroup var format: JSONOptions
  @OptionGroup var global: GlobalOptions

  func run() throws {
    guard StoredKind.isHDF5(reference) else {
      if let option = [
        ("--row", choice.row != nil), ("--nearest", nearest != nil), ("--over-orbit", quotient.overOrbit),
      ]
      .first(where: \.1)?.0 {
        throw CommandError(
          "\(option) is for presets but \(reference) is none: leave it out, or name a preset file.")
      }
      let distances = try RecordingDistances(
        reference: reference, candidates: candidates, encoder: try encoder?.specification.load(),
        monitor: global.console)
      return try Console.standardOutput(format.json ? JSONText.text(distances) : distances.text)
    }
    guard encoder == nil else {
      throw CommandError("--encoder is for recordings but \(reference) is none: leave it out, or name a recording.")
    }
    let collection = try PresetFile.read(reference, acceptsVaryingShape: true)
    let row = try choice.index(of: collection.count, path: reference) { collection.allLabels }
    let distances = try PresetDistances(
      from: collection, row: row, path: reference, candidates: candidates, overOrbit: quotient.overOrbit,
      nearest: nearest)
    try Console.standardOutput(format.json ? JSONText.text(distances) : distances.text)
  }
}

extension RecordingDistances {
  fileprivate var text: String {
    let hasAngles = recordings.contains { $0.styleAngleMid != nil }
    let hasSides = recordings.contains { $0.styleAngleSide != nil }
    var table = TextTable(
      [
        ("recording", .left), ("MSS l/r", .right), ("MSS m/s", .right), ("MLDR l/r", .right), ("MLDR m/s", .right),
      ] + (hasAngles ? [("angle mid", .right)] : []) + (hasSides ? [("angle side", .right)] : []))
    for entry in recordings {
      let values =
        [
          entry.spectralLeftRight, entry.spectralMidSide, entry.dynamicRangeLeftRight, entry.dynamicRangeMidSide,
        ] + [entry.styleAngleMid, entry.styleAngleSide].compactMap { $0 }
      table.append([entry.file] + values.map { NumberText.short($0) })
    }
    return PrintableText.escaped("Distance from \(reference)") + "\n\n" + table.text
  }
}

extension PresetDistances {
  fileprivate var text: String {
    var table = TextTable(
      [("preset", .left), ("label", .left), ("PMSE", .right)]
        + (shape == nil ? [] : [("parameters", .right), ("in common", .left)]))
    for entry in presets {
      let common = [entry.parameterCount.map { "\($0)" }, entry.commonShape].compactMap { $0 }
      let distance = entry.parameterMeanSquaredError.map { NumberText.short($0) } ?? "-"
      table.append([entry.file, entry.label, distance] + common)
    }
    let own = shape.map { " (\($0))" } ?? ""
    let note = dimension.map {
      "\nPMSE is over the parameters, of \($0), of effects that both presets have; a mean over few says less.\n"
    }
    return PrintableText.escaped("Distance from \(label)\(own) of \(reference)") + "\n\n" + table.text
      + (note ?? "")
  }
}
