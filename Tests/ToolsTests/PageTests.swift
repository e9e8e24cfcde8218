import AudioFiles
import Foundation
import PresetStore
import TestSupport
import Testing

/// The pages that commands write beside their results.
@Suite("Pages of transfers and auditions", .enabled(if: Gnuplot.isInstalled, Gnuplot.absence))
struct PageTests {
  private func workspace(seconds: Double = 2) throws -> Workspace {
    let workspace = try Workspace()
    try workspace.storePrior()
    try workspace.storeVoice(seconds: seconds)
    return workspace
  }

  private static let transfer = [
    "transfer", "--prior", "prior.h5", "--reference", "reference.wav", "--dry", "dry.wav", "--steps", "4", "-o",
    "out",
  ]

  /// What a page must be, whatever it shows: whole labels, no errors, nothing asked for but the recordings beside it.
  private func look(_ workspace: Workspace, _ folder: String, figures: Int) throws {
    guard Browser.path != nil else { return }
    let shown = try Browser.inspect(workspace.folder.appendingPathComponent("\(folder)/index.html"))
    #expect(shown.errors.isEmpty && !shown.isTooWide && shown.figures.count == figures, "\(shown)")
    for figure in shown.figures {
      #expect(figure.drawn > 5 && figure.cutLabels.isEmpty, "\(figure)")
    }
    for request in shown.requests {
      let name = try #require(URL(string: request)).lastPathComponent
      #expect(workspace.exists("\(folder)/\(name)"), "\(request)")
    }
    #expect(shown.picture.count > 60_000, "\(shown.picture.count) bytes of picture")
  }

  @Test func aTransferIsHeardAndSeen() throws {
    let workspace = try workspace()
    try workspace.succeed(Self.transfer)
    let page = try workspace.text("out/index.html")
    for title in ["Sound", "Spectra before and after", "What the effects do", "The way there", "Settings"] {
      #expect(page.contains("<h2>\(title)</h2>"))
    }
    // Settings in the order of the chain, in the units of the trade.
    let order = ["equaliser", "compressor", "delay", "reverb.gamma (49)", "direct.pan"]
    let places = try order.map { try #require(page.range(of: ">\($0)<"), "\($0)").lowerBound }
    #expect(places == places.sorted())
    #expect(page.contains("s (T60)") && page.contains("<td>peak1.q</td>") && page.contains("<td>Q</td>"))
    #expect(page.contains("<td>compressor.attack_coefficient</td>") && page.contains("<td>ms</td>"))
    try look(workspace, "out", figures: 3)
    // The players' files are equally loud, none clips, and the loudest could not be raised.
    let copies = try ["dry", "wet", "reference"].map { try workspace.audio("out/listen-\($0).flac") }
    let loudness = try copies.map { try $0.integratedLoudness() }
    #expect((loudness.max() ?? 0) - (loudness.min() ?? 0) < 0.05, "\(loudness)")
    let peaks = copies.map { copy in copy.channels.reduce(Float(0)) { $1.reduce($0) { max($0, abs($1)) } } }
    #expect(peaks.allSatisfy { $0 < 0.9 })
    #expect(abs((peaks.max() ?? 0) - 0.89) < 0.01 || abs((loudness.first ?? 0) + 16) < 0.05, "\(peaks) \(loudness)")
    // The dry copy is the dry vocal.
    let dry = try workspace.audio("dry.wav").channels[0]
    let ratio = copies[0].channels[0][2000] / dry[2000]
    #expect(zip(copies[0].channels[0], dry).allSatisfy { abs($0 - ratio * $1) < 1e-4 * max(1, abs(ratio)) })
  }

  @Test func aPageIsNoObstacle() throws {
    let workspace = try workspace()
    try workspace.succeed(Self.transfer + ["--no-page"])
    #expect(!workspace.exists("out/index.html") && !workspace.exists("out/listen-dry.flac"))
    // Files of a page are outputs like others: none is replaced unasked.
    try workspace.store("mine".utf8, as: "mine.html")
    try FileManager.default.createDirectory(
      at: workspace.folder.appendingPathComponent("kept"), withIntermediateDirectories: true)
    try workspace.store("mine".utf8, as: "kept/index.html")
    try workspace.expectFailure(Self.transfer.dropLast() + ["kept"], "kept/index.html", "--force")
    // Without gnuplot the page has no figures, and says so.
    let environment = ["PATH": workspace.path("nothing")]
    let result = try runTool(
      Self.transfer.dropLast() + ["plain"], environment: environment, folder: workspace.folder)
    #expect(result.exitCode == 0 && result.standardError.contains("install gnuplot-nox"), "\(result.standardError)")
    #expect(try workspace.text("plain/index.html").contains("<audio controls"))
  }

  @Test func auditionsHaveAPageAndOneLoudness() throws {
    let workspace = try workspace()
    let sample = ["sample", "prior.h5", "--count", "3", "--seed", "2", "--audition", "dry.wav"]
    try workspace.succeed(sample + ["--directory", "loud", "--lufs", "-23", "-o", "a.h5"])
    try workspace.succeed(sample + ["--directory", "own", "-o", "b.h5"])
    for row in 1...3 {
      let levelled = try workspace.audio("loud/sample-\(row).wav")
      let own = try workspace.audio("own/sample-\(row).wav")
      #expect(abs(try levelled.integratedLoudness() + 23) < 0.02)
      // The same sound, by a factor.
      let factor = Float(pow(10, (-23 - (try own.integratedLoudness())) / 20))
      let error = zip(levelled.channels[0], own.channels[0]).map { abs($0 - factor * $1) }.max() ?? 1
      #expect(error < 1e-4)
    }
    let page = try workspace.text("own/index.html")
    #expect(page.matches(of: /<audio controls/).count == 3 && page.contains("LUFS"))
    // The quietest plays as it is, the others are turned down to it.
    let volumes = page.matches(of: /data-volume="([0-9.e-]+)"/).compactMap { Double($0.output.1) }
    #expect(volumes.count == 2 && volumes.allSatisfy { $0 > 0 && $0 < 1 }, "\(volumes)")
    #expect(page.contains("<summary>sample-1</summary>"))
    try look(workspace, "own", figures: 1)
    #expect(try workspace.run(["sample", "prior.h5", "--lufs", "-20", "-o", "c.h5"]).exitCode == 64)
  }
}
