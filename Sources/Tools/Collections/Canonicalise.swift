import ArgumentParser
import FXParams
import FileOutput
import PresetStore
import PriorKit
import Workflows

/// `priorkit canonicalise`: presets that sound the same get the same logits.
struct Canonicalise: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Replace presets by one representative of those that sound the same.",
    discussion: """
      EXAMPLES:
        priorkit canonicalise presets.h5 -o canonical.h5
        priorkit canonicalise other.h5 --reference canonical.h5 -o other-canonical.h5
        priorkit canonicalise equalisers.h5 --bands slots -o slotted.h5
        priorkit canonicalise equalisers.h5 --bands slots --family student-t -o t.h5

      Bands of one kind in series are ordered by frequency where their ranges allow
      it (or --bands assigned: to the bands of the mean by least cost; or --bands
      slots: to slots learned from the presets, by all their settings; see
      docs/bands.md), lookahead is
      folded, the gauge of the reverb balanced, and the signs of its lines chosen
      nearest to the mean of all presets, or of --reference. The sound stays as it
      is, except under --mirror, which exchanges left and right of presets that lean
      to the left. Prints what was moved, and the scatter before and after.
      """)

  @Argument(help: "The preset file.")
  var presets: String

  @Option(name: .long, help: "How bands find their places: ordered, assigned or slots.")
  var bands: BandChoice = .ordered

  enum BandChoice: String, CaseIterable, ExpressibleByArgument {
    case ordered, assigned, slots

    var rule: Canonicaliser.BandRule {
      switch self {
      case .ordered: .ordered
      case .assigned: .assigned
      case .slots: .slots
      }
    }
  }

  @Option(
    name: .long,
    help: ArgumentHelp(
      "Learn slots under this family of one Gaussian or Student-t (default: as the reference, or a Gaussian).",
      valueName: "name"))
  var family: String?

  @Flag(name: .long, help: "Also take one of each mirrored pair.")
  var mirror = false

  @Option(
    name: .long,
    help: ArgumentHelp("Canonical presets whose mean to align to (default: these presets).", valueName: "presets"))
  var reference: String?

  @OptionGroup var output: OutputOptions
  @OptionGroup var format: JSONOptions
  @OptionGroup var parallel: ThreadOptions
  @OptionGroup var global: GlobalOptions

  func run() throws {
    try OutputFile.check(output.output, overwrite: output.overwriting.force)
    let collection = try PresetFile.read(presets)
    let alignedTo = try reference.map { path in
      let other = try PresetFile.read(path)
      try collection.chain.require(other.chain, paths: (presets, path))
      try other.requireSquares(path: path)
      return other
    }
    let slotFamily = try slotFamily(reference: alignedTo)
    let canonicaliser = Canonicaliser(
      collection.chain, bandRule: bands.rule, includesMirror: mirror,
      reference: alignedTo.map { Canonicalisation.reference($0.theta) },
      slots: bands == .slots ? try alignedTo.map { try SlotModel(of: $0, under: slotFamily) } : nil,
      slotFamily: slotFamily)
    try collection.requireSquares(path: presets)
    let result = try Canonicalisation(of: collection, by: canonicaliser, threads: parallel.count)
    try result.presets.save(
      to: output, provenance: .ofThisCommand(inputs: [presets] + (reference.map { [$0] } ?? [])),
      console: global.console)
    let report = CanonicalisationReport(result, of: collection)
    try Console.standardOutput(format.json ? JSONText.text(report) : report.text)
  }

  func validate() throws {
    guard family == nil || bands == .slots else {
      throw ValidationError("--family belongs to --bands slots, which it is not with --bands \(bands.rawValue).")
    }
  }

  /// The family that slots are learned under: the one asked for, or that of the reference.
  private func slotFamily(reference: PresetCollection?) throws -> (any DensityEstimator)? {
    let recorded = reference?.canonicalisation.flatMap(Canonicaliser.slotFamily(inSummary:))
    guard bands == .slots, let name = family ?? recorded else { return nil }
    return try EstimatorCatalogue.standard.entry(named: name).estimator
  }
}

extension CanonicalisationReport {
  /// For the terminal.
  fileprivate var text: String {
    var table = TextTable([("generator", .left), ("applies", .right), ("moved", .right)])
    for generator in generators {
      table.append([generator.name, "\(generator.applies)", "\(generator.moved)"])
    }
    var bands = ""
    if let slots, !slots.isEmpty {
      var table = TextTable([
        ("slot", .left), ("what is in it", .left), ("frequency", .right), ("gain", .right), ("Q", .right),
        ("empty", .right),
      ])
      func text(_ spread: SlotDescription.Spread?, _ unit: String) -> String {
        spread.map {
          "\(NumberText.short($0.low, digits: 3)) .. \(NumberText.short($0.high, digits: 3))\(unit)"
        } ?? ""
      }
      for slot in slots {
        table.append([
          slot.slot, slot.name, text(slot.frequencyHz, " Hz"), text(slot.gainDB, " dB"), text(slot.q, ""),
          "\(NumberText.short(100 * slot.emptyShare, digits: 2))%",
        ])
      }
      bands = "\nslots, with the middle two thirds of the presets\n" + table.text
    }
    func number(_ value: Double?) -> String { value.map { NumberText.short($0, digits: 6) } ?? "none (singular)" }
    return "\(movedPresets) of \(presets) presets moved; \(canonicalForm)\n\n" + table.text + bands
      + "\nlog det of the covariance: \(number(logDeterminantBefore)) before, "
      + "\(number(logDeterminantAfter)) after\ntotal variance: \(number(totalVarianceBefore)) before, "
      + "\(number(totalVarianceAfter)) after\n"
  }
}
