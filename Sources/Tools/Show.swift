import ArgumentParser
import FXParams
import FileOutput
import Foundation
import HDF5Store
import Inference
import PresetRegression
import PresetStore
import PriorKit
import Workflows

/// `priorkit show`: what a file holds.
struct Show: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Show what a file holds: presets, priors, posteriors, chains, traces, states, tables of scores.",
    discussion: """
      EXAMPLES:
        priorkit show presets.h5
        priorkit show prior.h5 --all
        priorkit show prior.h5 --json
        priorkit show chain.yaml
        priorkit show transfer/trace.h5
        priorkit show regression.safetensors
        priorkit show posterior.nc.chains   # draws of an interrupted posterior

      Tables are in the units of the trade: attack times in ms, decays as T60 in s,
      gains in dB; the 5 and 95 % of a prior are those of 2000 draws. Of long
      vectors, such as the matrices of a reverb, three entries are shown unless
      --all is given. --json has every entry, in the units of the chain.
      """)

  @Argument(help: "The file, or the folder POSTERIOR.chains of an interrupted posterior.")
  var file: String

  @Flag(name: .long, help: "Show every entry of long vectors, and every label.")
  var all = false

  @OptionGroup var format: JSONOptions
  @OptionGroup var global: GlobalOptions

  func run() throws {
    try Console.standardOutput(text())
  }

  private func text() throws -> String {
    if DrawLogSummary.isOne(file) {
      let summary = try DrawLogSummary(of: file)
      return format.json ? try JSONText.text(summary) : summary.text
    }
    if RegressionModel.isOne(path: file) {
      return try RegressionSummary(of: try RegressionModel.load(path: file)).text(isJSON: format.json)
    }
    guard StoredKind.isHDF5(file) else { return try textOfText() }
    let reader = try HDF5Reader(path: file)
    guard ArchiveSummary.isOther(reader) else { return try textOfStored() }
    let summary = try ArchiveSummary(reader, path: file)
    return format.json ? try JSONText.text(summary) : summary.text
  }

  // MARK: - Kinds

  private func textOfStored() throws -> String {
    let kind = try StoredKind(of: file)
    let provenance = kind == .posterior ? nil : try? Provenance(ofFile: file)
    switch kind {
    case .presets:
      let summary = PresetSummary(
        of: try PresetFile.read(file, acceptsVaryingShape: true), provenance: provenance)
      return format.json ? try JSONText.text(summary) : summary.text(all: all)
    case .prior:
      let summary = PriorSummary(of: try PriorFile.read(file, acceptsVaryingShape: true), provenance: provenance)
      return format.json ? try JSONText.text(summary) : summary.text(all: all)
    case .statistics: return try StatisticsSummary(of: StatisticsFile.read(file)).text(isJSON: format.json)
    case .posterior: return try PosteriorSummary(of: PosteriorFile.read(file)).text(isJSON: format.json, all: all)
    case .conditional:
      return try ConditionalSummary(of: ConditionalPriorFile.read(file)).text(isJSON: format.json)
        + (format.json ? "" : provenance.map { "\n" + ProvenanceText.text($0) } ?? "")
    }
  }

  /// A chain, or a table of scores.
  private func textOfText() throws -> String {
    let suffix = URL(fileURLWithPath: file).pathExtension.lowercased()
    if suffix == "csv" {
      let summary = try TableSummary(CSVTable(path: file), path: file)
      return format.json ? try JSONText.text(summary) : summary.text
    }
    guard ["yaml", "yml"].contains(suffix) else {
      // The reader of HDF5 says what is wrong with a file that is neither.
      return try textOfStored()
    }
    let summary = ChainSummary(of: try ChainDescription.read(file))
    return format.json ? try JSONText.text(summary) : summary.text(all: all)
  }
}
