import AudioFiles
import FXParams
import Foundation
import NumericCore
import PresetStore
import TestSupport
import Testing

/// `priorkit import csv --columns` and `priorkit import eq`, and what commands make of chains with fixed settings.
@Suite("Importing equalisers")
struct EqualiserCommandTests {
  private static let autoEq = Reference.path("presets/autoeq-peq.csv")
  private static let hasAutoEq = FileManager.default.fileExists(atPath: autoEq)
  private static let absence = "the table of AutoEq's equalisers is absent: set PRIORKIT_SHARED to its folder"

  private let mapped = [
    "--chain", DefaultData.file("autoeq.yaml").path, "--columns", DefaultData.file("autoeq-columns.yaml").path,
  ]

  private static let header =
    "label,source,rig,preamp_db,ls_freq,ls_gain,ls_q,hs_freq,hs_gain,hs_q,"
    + (1...8).map { "pk\($0)_freq,pk\($0)_gain,pk\($0)_q" }.joined(separator: ",")

  /// A row whose first peak has some Q; the gains are given, or 1 to 8 dB.
  private static func row(_ label: String, q: String = "1.5", gains: [Double]? = nil) -> String {
    let peaks = (1...8).map { "\($0)00.0,\(gains?[$0 - 1] ?? Double($0)),\($0 == 1 ? q : "2.0")" }
    return "\(label),lab,rig,-6.3,105.0,7.0,0.7,10000.0,-4.0,0.7,\(peaks.joined(separator: ","))"
  }

  private func workspace(_ rows: [String]) throws -> Workspace {
    let workspace = try Workspace()
    try workspace.store(([Self.header] + rows).map { $0 + "\n" }.joined().utf8, as: "autoeq.csv")
    return workspace
  }

  // MARK: - Tables

  @Test func mappedTablesAreImportedAndRecorded() throws {
    let workspace = try workspace([Self.row("one"), Self.row("two", q: "6.0"), Self.row("one", q: "5.99")])
    let arguments = ["import", "csv", "autoeq.csv"] + mapped + ["-o", "p.h5"]
    try workspace.expectFailure(
      arguments, "Line 3 of autoeq.csv has pk1_q (peak1.q) = 6.0", "--at-bounds clamp or widen")
    let widened = try workspace.succeed(arguments + ["--at-bounds", "widen"])
    let line =
      "ranges widened for 1 value at or beyond a bound: q of peak1 .. peak8 from 0.18 .. 6 to 0.18 .. 6.291 (1)"
    #expect(widened.standardError.hasPrefix("autoeq.csv: \(line)\np.h5: 3 presets of 26 parameters\n"))
    let shown = try workspace.succeed(["show", "p.h5"]).standardOutput
    for text in [
      "fixed:   low.frequency 105 Hz, low.q 0.7, high.frequency 10000 Hz, high.q 0.7", "changed: \(line)",
      "groups:  2: one (2), two (1)",
    ] { #expect(shown.contains(text), "\(shown)") }
    let presets = try PresetFile.read(workspace.path("p.h5"))
    #expect(presets.chain.symmetries.bandGroups.map(\.count) == [8])
    try workspace.succeed(arguments + ["--at-bounds", "clamp", "--dither", "--seed", "5", "--force"])
    let dithered = try PresetFile.read(workspace.path("p.h5"))
    #expect(dithered.adjustments?.first?.contains("seed 5") == true)
    #expect(try Provenance(ofFile: workspace.path("p.h5")).seed == 5)
  }

  @Test func faultsOfColumnsAreToldAtOnce() throws {
    let workspace = try workspace([Self.row("one")])
    let table = try workspace.text("autoeq.csv")
    try workspace.store(
      table.replacing("source", with: "origin").replacing("pk8_q", with: "pk9_q").utf8, as: "x.csv")
    try workspace.expectFailure(
      ["import", "csv", "x.csv"] + mapped + ["-o", "p.h5"], "no column peak8.q", "the column origin",
      "takes the column pk9_q of x.csv for peak9.q, which is no parameter of the chain (perhaps peak1.q)",
      "names the column source, which x.csv does not have")
    try workspace.store(table.replacing("105.0", with: "110.0").utf8, as: "x.csv")
    try workspace.expectFailure(
      ["import", "csv", "x.csv"] + mapped + ["-o", "p.h5"],
      "Line 2 of x.csv has ls_freq = 110.0 Hz, but the chain fixes low.frequency 105 Hz: ")
  }

  // MARK: - Configurations

  private static func configuration(_ peaks: Int) -> String {
    "Preamp: -6.6 dB\nFilter 1: ON LSC Fc 105 Hz Gain 5.5 dB Q 0.70\n"
      + "Filter 2: ON HSC Fc 10000 Hz Gain -2.0 dB Q 0.70\n"
      + (0..<peaks).map { "Filter \($0 + 3): ON PK Fc \(100 + 300 * $0) Hz Gain \($0 - 2).5 dB Q 1.4\($0)\n" }
      .joined()
  }

  @Test func configurationsAreImported() throws {
    let workspace = try Workspace()
    try workspace.store(Self.configuration(8).utf8, as: "Phone A ParametricEQ.txt")
    try workspace.store(Self.configuration(5).utf8, as: "Phone B ParametricEQ.txt")
    let files = ["Phone A ParametricEQ.txt", "Phone B ParametricEQ.txt"]
    let chain = ["--chain", DefaultData.file("autoeq.yaml").path]
    try workspace.expectFailure(
      ["import", "eq"] + files + chain + ["-o", "p.h5"],
      "Phone B ParametricEQ.txt has 5 peaks where the chain has 8",
      "(import eq --fill neutral or --optional-bands)")
    let result = try workspace.succeed(["import", "eq"] + files + chain + ["--fill", "neutral", "-o", "p.h5"])
    #expect(result.standardError.contains("preamp left out in 2 files: -6.6 dB in Phone A ParametricEQ.txt\n"))
    #expect(result.standardError.contains("filled with neutral values: 3 bands in 1 file\n"))
    #expect(try PresetFile.read(workspace.path("p.h5")).labels == ["Phone A", "Phone B"])
    try workspace.succeed(["import", "eq", files[0], "-o", "auto.h5"])
    let made = try PresetFile.read(workspace.path("auto.h5")).chain
    #expect(made.parameterSpace.count == 26 && made.fixedParameters.allSatisfy(\.isStated))
    try workspace.expectFailure(["import", "eq", "none.txt", "-o", "x.h5"], "none.txt")
  }

  // MARK: - What follows

  /// A flat equaliser leaves a voice as it is; one with two bands alike is a preset as any other.
  @Test func fixedChainsAreRendered() throws {
    let flat = Self.row("flat", gains: [Double](repeating: 0, count: 8)).replacing(",7.0,", with: ",0.0,")
      .replacing(",-4.0,", with: ",0.0,")
    let alike = Self.row("alike").replacing("200.0,2.0,2.0", with: "100.0,1.0,1.5")
    let workspace = try workspace([flat, alike, Self.row("shelf")])
    try workspace.storeVoice(seconds: 0.5)
    try workspace.succeed(["import", "csv", "autoeq.csv"] + mapped + ["-o", "p.h5"])
    for row in ["flat", "alike", "shelf"] {
      try workspace.succeed(["render", "p.h5", "--row", row, "dry.wav", "-o", row + ".wav"])
    }
    let dry = try workspace.audio("dry.wav").channels[0]
    let wet = try workspace.audio("flat.wav").channels[0]
    #expect(zip(dry, wet).allSatisfy { abs($0 - $1) < 1e-6 })
    #expect(zip(dry, try workspace.audio("shelf.wav").channels[0]).contains { abs($0 - $1) > 1e-3 })
    try workspace.succeed(["export", "p.h5", "--row", "shelf", "-o", "shelf.md"])
    #expect(try workspace.text("shelf.md").contains("fixed, 105 Hz"))
    try workspace.expectFailure(["export", "--diffvox", "folder", "p.h5"], "p.h5", "another chain than DiffVox's")
    let template = try workspace.succeed(["template", "p.h5", "-o", "t.csv"])
    #expect(template.standardError.contains("fixed by the chain: low.frequency 105 Hz, "))
  }

  @Test(.enabled(if: hasAutoEq, Comment(rawValue: absence))) func allOfAutoEqIsImported() throws {
    let workspace = try Workspace()
    let result = try workspace.succeed(
      ["import", "csv", Self.autoEq] + mapped + ["--at-bounds", "widen", "--dither", "-o", "autoeq.h5"])
    #expect(result.standardError.contains("q of peak1 .. peak8 0.01") && result.standardError.contains(" 1 Hz"))
    let presets = try PresetFile.read(workspace.path("autoeq.h5"))
    #expect(presets.count == 3692 && presets.dimension == 26 && presets.groups != nil)
    // Half a step of a quantity comes back from its logit.
    let table = try CSVTable(path: Self.autoEq)
    let column = try #require(table.records[0].fields.firstIndex(of: "pk3_q"))
    let position = try #require(presets.chain.parameterSpace.index(of: "peak3.q"))
    for row in stride(from: 0, to: presets.count, by: 97) {
      let value = presets.chain.parameterSpace.values(ofLogits: presets.theta.row(row))[position]
      let written = try #require(Double(table.records[row + 1].fields[column]))
      #expect(abs(value - written) <= 0.005 + 1e-9)
    }
  }
}
