import FXParams
import FileOutput
import Foundation
import Inference
import PresetStore
import Workflows

/// The page on a transfer: what it sounds like, what changed, and what the settings are. It needs no network.
struct TransferPage {
  let folder: String
  let result: TransferResult
  /// The first dry vocal and the first reference.
  let dry: String
  let reference: String
  let provenance: Provenance
  let overwrite: Bool

  private static let name = "index.html"

  private static func sources(folder: String, dry: String, reference: String) -> [ListeningCopy.Source] {
    [
      .init(role: "dry", path: dry), .init(role: "wet", path: folder + "/wet.wav"),
      .init(role: "reference", path: reference),
    ]
  }

  /// Checks before the work that the page can be written.
  static func check(_ folder: String, overwrite: Bool) throws {
    let files = [name] + sources(folder: folder, dry: "", reference: "").map(\.name)
    try OutputFolder(path: folder).check(files, overwrite: overwrite)
  }

  /// Writes the page and the copies that it plays.
  ///
  /// - Returns: a sentence where figures are missing, because gnuplot is.
  func write() throws -> String? {
    let output = OutputFolder(path: folder)
    let sources = Self.sources(folder: folder, dry: dry, reference: reference)
    let program = try? GnuplotProgram()
    try output.fill([Self.name] + sources.map(\.name)) {
      let copies = try ListeningCopy.write(
        sources, to: output, overwrite: overwrite, comment: provenance.text)
      let html = PageTemplate.page(
        title: "Transfer", subtitle: subtitle,
        body: sound(copies) + (try figures(copies, program)) + (try settings()),
        provenance: provenance)
      try OutputFile.write(Data(html.utf8), to: output.file(Self.name), overwrite: overwrite)
    }
    return program == nil ? "The page has no figures, which gnuplot draws: install gnuplot-nox." : nil
  }

  private var subtitle: String {
    let evaluation = result.point.evaluation
    return
      "loss \(NumberText.short(result.initialLoss)) at the start, \(NumberText.short(result.point.loss)) after "
      + "\(result.point.step) steps; log-likelihood \(NumberText.short(evaluation.logLikelihood)), log prior "
      + NumberText.short(evaluation.logPrior)
  }

  // MARK: - Sections

  private func sound(_ copies: [ListeningCopy]) -> String {
    let titles = ["dry": "Dry vocal", "wet": "Transferred", "reference": "Reference"]
    let players = copies.map { copy in
      let loudness = copy.loudnessLUFS.map { "\(NumberText.short($0, digits: 3)) LUFS before" }
      let note = [loudness, copy.role == "dry" ? dry : copy.role == "reference" ? reference : "wet.wav"]
      return PlayerList.Player(
        title: titles[copy.role] ?? copy.role, file: copy.name,
        note: note.compactMap { $0.map { URL(fileURLWithPath: $0).lastPathComponent } }.joined(separator: ", "))
    }
    return HTML.section(
      "Sound",
      "<p>Players are at one loudness, so that nothing is better for being louder.</p>\n" + PlayerList.html(players)
    )
  }

  private func figures(_ copies: [ListeningCopy], _ program: GnuplotProgram?) throws -> String {
    guard let program else { return "" }
    let space = result.chain.parameterSpace
    let curves = CurveFigure(
      chain: result.chain,
      series: [
        CurveFigure.Series(
          name: "start", colour: Figure.Colour.prior,
          presets: [space.values(ofLogits: result.trace.theta(at: 0))]),
        CurveFigure.Series(
          name: "found", colour: Figure.Colour.posterior, presets: [space.values(ofLogits: result.point.theta)]),
      ])
    let sections: [(title: String, figure: Figure?)] = [
      ("Spectra before and after", SpectrumFigure.figure(copies)), ("What the effects do", curves.together()),
      ("The way there", OptimisationTrace.figure([("transfer", OptimisationTrace(result.trace))])),
    ]
    return try sections.enumerated().compactMap { index, section in
      guard let figure = section.figure else { return nil }
      let svg = try figure.svg(by: program, id: "figure\(index)")
      return HTML.section(section.title, "<figure>\n\(svg)\n</figure>\n")
    }.joined()
  }

  private func settings() throws -> String {
    HTML.section(
      "Settings",
      "<div class=\"settings\">\n" + SettingsTable(try result.readings(), of: result.chain).html + "</div>\n")
  }
}
