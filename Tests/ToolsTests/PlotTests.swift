import FXParams
import Foundation
import HDF5Store
import Inference
import NumericCore
import PresetStore
import PriorKit
import TestSupport
import Testing

/// Every kind of picture, opened in a browser and as pixels.
@Suite("priorkit plot", .enabled(if: Gnuplot.isInstalled, Gnuplot.absence))
struct PlotTests {
  /// Draws a page and looks at it: one figure, whole labels, enough marks, these words in it.
  private func look(
    _ workspace: Workspace, _ arguments: [String], marks: Int, _ words: [String],
    sourceLocation: SourceLocation = #_sourceLocation
  ) throws {
    try workspace.succeed(["plot"] + arguments + ["-o", "page.html", "--force"], sourceLocation: sourceLocation)
    let page = try workspace.text("page.html")
    for word in words { #expect(page.contains(">\(word)"), "\(word)", sourceLocation: sourceLocation) }
    #expect(!page.contains("<script") && !page.lowercased().contains("nan<"), sourceLocation: sourceLocation)
    guard Browser.path != nil else { return }
    let shown = try Browser.inspect(workspace.folder.appendingPathComponent("page.html"), height: 1600)
    let figure = try #require(shown.figures.first, sourceLocation: sourceLocation)
    #expect(
      shown.figures.count == 1 && shown.errors.isEmpty && shown.requests.isEmpty, sourceLocation: sourceLocation)
    #expect(figure.drawn >= marks, "\(figure.drawn) marks", sourceLocation: sourceLocation)
    #expect(figure.cutLabels.isEmpty, "\(figure.cutLabels)", sourceLocation: sourceLocation)
    #expect(!shown.isTooWide, sourceLocation: sourceLocation)
    // Letters of a PNG are wider than those of a page.
    try workspace.succeed(["plot"] + arguments + ["-o", "pixels.png", "--force"], sourceLocation: sourceLocation)
    let ink = try Browser.ink(of: workspace.folder.appendingPathComponent("pixels.png"))
    #expect(ink.share > 0.005 && ink.edge == 0, "\(ink)", sourceLocation: sourceLocation)
  }

  private func workspace() throws -> Workspace {
    let workspace = try Workspace()
    try workspace.storePrior()
    return workspace
  }

  // MARK: - Presets

  @Test func presetsAreCurvesNamedInTheLegend() throws {
    let workspace = try workspace()
    let words = [
      "Equaliser response", "Compressor curve", "Reverb decay", "Echoes", "intimate-folk-04", "podcast-16",
    ]
    try look(workspace, ["presets.h5", "--row", "3", "--row", "podcast-16"], marks: 20, words)
    try look(
      workspace, ["presets.h5", "prior.h5", "--row", "3"], marks: 20,
      ["intimate-folk-04", "prior (median, 50 %, 90 %)", "Echoes (of many presets: the first)"])
    // The axis of the decay is logarithmic: its ticks are those of the equaliser.
    let page = try workspace.text("page.html")
    #expect(page.matches(of: />20k</).count == 2 && page.matches(of: />50</).count >= 2)
  }

  @Test func curvesAreThoseOfTheChain() throws {
    // A bell of 12 dB at 1 kHz: the highest point of the only curve is there.
    let workspace = try Workspace()
    let space = ChainDescription.bell.parameterSpace
    let logits = try space.logits(ofValues: [12, 1000, 2])
    try PresetFile.write(
      PresetCollection(chain: .bell, theta: Matrix(rows: [logits])), to: workspace.path("bell.h5"),
      provenance: Provenance(arguments: ["test"]), overwrite: false)
    try look(workspace, ["bell.h5"], marks: 2, ["Equaliser response", "bell", "1k"])
    let page = try workspace.text("page.html")
    #expect(!page.contains("Compressor") && !page.contains("Echoes") && !page.contains("Reverb"))
    try workspace.succeed(["plot", "bell.h5", "-o", "bell.svg"])
    let svg = try workspace.text("bell.svg")
    // The curve is the long path that is not level: M x,y L x,y ... with y downwards.
    let curves = svg.matches(of: #/d='([^']{400,})'/#).map { path in
      path.output.1.matches(of: #/(-?[\d.]+),(-?[\d.]+)/#).compactMap { match in
        Double(match.output.1).flatMap { x in Double(match.output.2).map { (x, $0) } }
      }
    }
    func height(_ points: [(Double, Double)]) -> Double {
      (points.map(\.1).max() ?? 0) - (points.map(\.1).min() ?? 0)
    }
    let points = try #require(curves.max { height($0) < height($1) })
    let (left, right) = (points.map(\.0).min() ?? 0, points.map(\.0).max() ?? 0)
    let peak = try #require(points.min { $0.1 < $1.1 })
    let share = (peak.0 - left) / (right - left)
    #expect(abs(share - log10(1000.0 / 20) / 3) < 0.02, "the peak is at \(20 * pow(1000, share)) Hz")
  }

  @Test func aCollectionIsDrawnAsAWhole() throws {
    let workspace = try workspace()
    try look(
      workspace, ["presets.h5"], marks: 300,
      [
        "Rank correlation |r| of parameters, by block", "Components: 10 of 130 hold 90 %", "Outliers",
        "How far from normal", "reverb.gamma", "backing-vocals-30",
      ])
    try workspace.storeSmallPresets(3, as: "three.h5")
    try look(workspace, ["three.h5"], marks: 4, ["Equaliser response"])
  }

  @Test func parametersAreDistributionsInTheUnitsOfTheTrade() throws {
    let workspace = try workspace()
    try look(
      workspace,
      ["presets.h5", "prior.h5", "--parameter", "peak1.frequency", "--parameter", "compressor.attack_coefficient"],
      marks: 20, ["peak1.frequency", "compressor.attack_coefficient", "Hz", "ms", "presets", "prior"])
    try workspace.expectFailure(
      ["plot", "presets.h5", "--parameter", "peak9.gain", "-o", "x.svg"], "peak9.gain", "priorkit show")
  }

  @Test func aPriorIsDrawnByItsSpreadAndShrinkage() throws {
    let workspace = try workspace()
    try look(
      workspace, ["prior.h5"], marks: 30, ["Spread of each parameter", "Eigenvalues", "prior (4000 draws)"])
    try look(
      workspace, ["prior.h5", "presets.h5"], marks: 500,
      ["Spread of each parameter", "Shrinkage", "Correlation of each pair", "360 presets"])
  }

  // MARK: - Results of other commands

  @Test func comparisonsAreIntervals() throws {
    let workspace = try workspace()
    let compare = ["compare", "presets.h5", "--folds", "3", "-q", "--families", "published,ridge,diagonal"]
    try workspace.succeed(compare + ["-o", "scores.csv"])
    try look(workspace, ["scores.csv"], marks: 6, ["ridge", "diagonal", "nats per preset more than published"])
    let json = try workspace.succeed(compare + ["--json"]).standardOutput
    try workspace.store(json.utf8, as: "scores.json")
    try look(workspace, ["scores.json"], marks: 6, ["360 presets, held out in turn", "ridge"])
    let name = "published-canonical-by-rule-orbit-sum"
    try workspace.store(json.replacing("\"published\"", with: "\"\(name)\"").utf8, as: "long.json")
    try look(workspace, ["long.json"], marks: 6, [name, "nats per preset more than \(name)"])
  }

  @Test func symmetriesAreBars() throws {
    let workspace = try SymmetryCommandTests.workspace()
    try workspace.succeed(["fit", "presets.h5", "-o", "prior.h5"])
    try workspace.succeed([
      "equivariance", "presets.h5", "--prior", "prior.h5", "--rendered", "3", "--search", "0", "-o", "report.h5",
    ])
    try look(
      workspace, ["report.h5"], marks: 10,
      ["Sound: largest change", "Prior: change of the log density", "equaliser peak: exchange a and b"])
  }

  @Test func tracesAreLossesByTerm() throws {
    let workspace = try workspace()
    try workspace.storeVoice()
    for (name, steps) in [("one", "3"), ("two", "5")] {
      try workspace.succeed([
        "transfer", "--prior", "prior.h5", "--reference", "reference.wav", "--dry", "dry.wav", "--steps", steps,
        "-o", name,
      ])
    }
    try look(
      workspace, ["one/trace.h5", "two/trace.h5"], marks: 6, ["Loss", "Log-likelihood", "Log prior", "one", "two"])
  }

  @Test func calibrationHasADiagonalAndABand() throws {
    let folder = try ConditionalPriorCommandTests.folder()
    try folder.succeed(["fit", "pairs.h5", "--given", "features", "-o", "c.h5"])
    let result = try folder.run(["calibrate", "c.h5", "held.h5", "--json", "--directory", "calibration"])
    try folder.store(result.standardOutput.utf8, as: "calibration.json")
    try look(
      folder, ["calibration.json"], marks: 3,
      ["Expected coverage", "found on 30 pairs", "99 % if calibrated, about the diagonal"])
    for name in ["ranks", "coverage"] {
      let svg = try folder.text("calibration/\(name).svg")
      #expect(svg.contains("<metadata>priorkit calibrate") && svg.contains("99 % if calibrated"))
    }
  }

  // MARK: - Formats

  @Test func picturesRecordHowTheyWereMade() throws {
    let workspace = try workspace()
    try workspace.succeed(["plot", "presets.h5", "--row", "3", "-o", "one.png"])
    let png = try Data(contentsOf: workspace.folder.appendingPathComponent("one.png"))
    #expect(png.prefix(8) == Data([137, 80, 78, 71, 13, 10, 26, 10]))
    let text = String(decoding: png.prefix(2000), as: UTF8.self)
    #expect(text.contains("iTXtComment") && text.contains("priorkit plot presets.h5 --row 3"))
    // A picture without marks compresses to far less.
    #expect(png.count > 40_000)
    try workspace.succeed(["plot", "presets.h5", "--row", "3", "-o", "one.svg"])
    let svg = try workspace.text("one.svg")
    #expect(svg.contains("<metadata>priorkit plot presets.h5") && svg.contains("sha256:"))
    guard Browser.path != nil else { return }
    // A browser reads the text chunk's checksum; a wrong one would leave the image out.
    try workspace.store("<img src='one.png' onerror='throw 1'>".utf8, as: "image.html")
    #expect(try Browser.inspect(workspace.folder.appendingPathComponent("image.html")).errors.isEmpty)
  }

  /// gnuplot obeys a line of a script: no name from a file may begin one.
  @Test func namesAreNeverCommands() throws {
    let workspace = try Workspace()
    let breaks = ["\n", "\r\n", "\u{2028}", "\u{85}", "\u{B}"]
    let labels = breaks.map { "x'\($0)system \"touch \(workspace.path("pwned"))\"\($0)# `date` @x" }
    var source = RandomSource(seed: 4)
    let rows = labels.map { _ in (0..<3).map { _ in source.nextNormal() } }
    try PresetFile.write(
      PresetCollection(chain: .bell, theta: Matrix(rows: rows), labels: labels), to: workspace.path("evil.h5"),
      provenance: Provenance(arguments: ["test"]), overwrite: false)
    try look(workspace, ["evil.h5"], marks: 5, ["Equaliser response"])
    try workspace.succeed(["plot", "evil.h5", "--row", "0", "-o", "one.svg"])
    let report = """
      {"baseline": "b\\nsystem \\"touch \(workspace.path("pwned"))\\"\\n#", "tables": [{"kind": "test", "presets": 3,
      "families": [{"family": "f\\n!touch pwned", "difference": 1, "difference_standard_error": 1}]}]}
      """
    try workspace.store(report.utf8, as: "evil.json")
    try workspace.succeed(["plot", "evil.json", "-o", "two.svg"])
    #expect(!workspace.exists("pwned"))
    // Nor do settings of the user change what a script means.
    try workspace.store("set datafile separator ','\nexit status 1\n".utf8, as: ".gnuplot")
    let result = try runTool(
      ["plot", "evil.h5", "-o", "three.svg"], environment: ["HOME": workspace.folder.path], folder: workspace.folder
    )
    #expect(result.exitCode == 0, "\(result.standardError)")
  }

  @Test func aLongLegendHasRows() throws {
    let workspace = try workspace()
    let rows = ["0", "40", "80", "120", "160", "200"].flatMap { ["--row", $0] }
    let labels = try PresetFile.read(workspace.path("presets.h5")).allLabels
    try look(workspace, ["presets.h5"] + rows, marks: 30, [0, 40, 80, 120, 160, 200].map { labels[$0] })
    try workspace.expectFailure(["plot", "presets.h5", "--row", "1"] + rows + ["-o", "x.svg"], "at most 6")
    try workspace.expectFailure(["plot", "prior.h5", "--row", "1", "-o", "x.svg"], "prior.h5 holds none")
  }

  @Test func filesThatDoNotGoTogetherAreRefused() throws {
    let workspace = try workspace()
    try workspace.storeSmallPresets()
    let plot = { (arguments: [String]) in ["plot"] + arguments + ["-o", "x.svg"] }
    try workspace.expectFailure(plot(["presets.h5", "small.h5"]), "small.h5", "chain")
    try workspace.expectFailure(plot(["presets.h5", "--row", "nobody"]), "nobody", "priorkit show")
    try workspace.expectFailure(plot(["presets.h5", "--row", "360"]), "--row is 360", "0 to 359")
    try workspace.expectFailure(plot(["absent.h5"]), "absent.h5")
    try workspace.store("a,b\n1,2\n".utf8, as: "other.csv")
    try workspace.expectFailure(plot(["other.csv"]), "other.csv", "set,label")
    try workspace.store("{\"a\": 1}".utf8, as: "other.json")
    try workspace.expectFailure(plot(["other.json"]), "other.json", "compare or calibrate")
    try workspace.store("{\"pairs\": 0, \"coverage\": [], \"verdict\": \"\"}".utf8, as: "none.json")
    try workspace.expectFailure(plot(["none.json"]), "none.json tells of 0 pairs", "run calibrate again")
    try workspace.succeed(["fit", "small.h5", "--statistics-only", "-o", "statistics.h5"])
    try workspace.expectFailure(plot(["statistics.h5"]), "statistics.h5", "fit a prior")
    #expect(try workspace.run(["plot", "presets.h5", "-o", "x.pdf"]).exitCode == 64)
    let both = ["plot", "presets.h5", "--row", "1", "--parameter", "peak1.gain", "-o", "x.svg"]
    #expect(try workspace.run(both).exitCode == 64)
  }
}
