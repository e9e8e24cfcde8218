import AudioFiles
import FXParams
import FileOutput
import Foundation
import NumericCore
import PresetStore
import Workflows

/// The page on some auditions: a player, curves and settings of each preset. It needs no network.
struct AuditionPage {
  let folder: String
  let presets: PresetCollection
  /// The rendering of each preset, in the folder.
  let names: [String]
  let provenance: Provenance
  let overwrite: Bool
  /// What the renderings were brought to; nil where each has the loudness that its preset makes.
  let loudnessLUFS: Double?

  static let name = "index.html"
  /// Presets that are told of one by one; the page of a thousand is too long to be read.
  private static let mostPresets = 100
  /// Presets whose curves can be told apart.
  private static let mostCurves = 6

  /// - Returns: a sentence where figures are missing, because gnuplot is.
  func write() throws -> String? {
    let output = OutputFolder(path: folder)
    let program = try? GnuplotProgram()
    let shown = min(presets.count, Self.mostPresets)
    let rest = presets.count > shown ? "; the first \(shown) of them are on this page" : ""
    let html = PageTemplate.page(
      title: "Auditions", subtitle: "\(presets.count) presets through one vocal\(rest)",
      body: players(shown) + (try curves(shown, program)) + (try settings(shown)),
      provenance: provenance)
    try OutputFile.write(Data(html.utf8), to: output.file(Self.name), overwrite: overwrite)
    return program == nil ? "The page has no figures, which gnuplot draws: install gnuplot-nox." : nil
  }

  // MARK: - Sections

  /// All players as loud as the quietest rendering.
  private func players(_ shown: Int) -> String {
    let loudness = names.prefix(shown).map { name in
      loudnessLUFS
        ?? (try? AudioReader.read(path: OutputFolder(path: folder).file(name)).integratedLoudness())
    }
    let quietest = loudness.compactMap { $0 }.min()
    let players = names.prefix(shown).enumerated().map { index, name in
      let own = loudness[index]
      let volume = own.flatMap { own in quietest.map { pow(10, ($0 - own) / 20) } } ?? 1
      return PlayerList.Player(
        title: presets.label(of: index), file: name,
        note: own.map { "\(NumberText.short($0, digits: 3)) LUFS" } ?? "too quiet to measure", volume: volume)
    }
    return HTML.section(
      "Sound",
      "<p>Players turn louder renderings down to the quietest one.</p>\n" + PlayerList.html(players))
  }

  private func curves(_ shown: Int, _ program: GnuplotProgram?) throws -> String {
    guard let program else { return "" }
    let space = presets.chain.parameterSpace
    // An absent effect draws as one that does nothing.
    let neutral = presets.chain.parameterDescriptions.map(\.neutral)
    let series = (0..<min(shown, Self.mostCurves)).map { row in
      let values = zip(space.values(ofLogits: presets.theta.row(row)), neutral).map { $0.isNaN ? $1 : $0 }
      return CurveFigure.Series(
        name: PrintableText.escaped(presets.label(of: row)), colour: Figure.Colour.series(row), presets: [values])
    }
    guard let figure = CurveFigure(chain: presets.chain, series: series).together() else { return "" }
    let svg = try figure.svg(by: program, id: "curves")
    return HTML.section("What the effects do", "<figure>\n\(svg)\n</figure>\n")
  }

  private func settings(_ shown: Int) throws -> String {
    let tables = try (0..<shown).map { row in
      let (chain, logits) = presets.present(inRow: row)
      return HTML.details(
        presets.label(of: row),
        "<div class=\"settings\">\n\(SettingsTable(try chain.describe(logits: logits), of: chain).html)</div>\n")
    }
    return HTML.section("Settings", tables.joined())
  }
}
