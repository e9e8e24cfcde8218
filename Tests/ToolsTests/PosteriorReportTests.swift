import FXParams
import Foundation
import Inference
import NumericCore
import PresetStore
import TestSupport
import Testing

@Suite("The report on a posterior", .enabled(if: Gnuplot.isInstalled, Gnuplot.absence))
struct PosteriorReportTests {
  /// A report of the example in a workspace of its own.
  private func makeReport() throws -> Workspace {
    let workspace = try Workspace()
    try PosteriorFile.write(
      ExamplePosterior.draws(), to: workspace.path("posterior.nc"), force: false,
      provenance: Provenance(arguments: ["test"], seed: 1))
    try workspace.succeed(["report", "posterior.nc", "-o", "report.html"])
    return workspace
  }

  private static let titles = [
    "In words", "What the settings do", "What the data informed", "Marginals of the best informed parameters",
    "The most correlated parameters", "Sensitivity to the prior", "Traces of the worst parameters",
    "Ranks of the worst parameters", "Loss", "Every parameter, the worst first",
  ]

  @Test func reportIsOnePageInOrderAndNeedsNothingBesideIt() throws {
    let page = try makeReport().text("report.html")
    var rest = page[...]
    for title in Self.titles {
      let found = try #require(rest.range(of: "<h2>\(title)</h2>"), "\(title)")
      rest = rest[found.upperBound...]
    }
    // Nothing is fetched: no address but the names of SVG's own namespaces.
    let addresses = page.matches(of: #/(?:src|href)="(?!#)[^"]*"/#).map { String($0.output) }
    #expect(addresses.isEmpty, "\(addresses)")
    #expect(!page.contains("<script") && !page.contains("@import") && !page.contains("nan"))
    // The parameters that the example narrows: every third of 130.
    #expect(page.contains("The data halved the uncertainty of 44 of 130 parameters"))
    #expect(page.contains("1 of 800 transitions diverged"))
  }

  /// Every figure is there at its size, with all of its labels inside, and nothing is asked for.
  @Test(.enabled(if: Browser.path != nil, Browser.absence)) func aBrowserShowsIt() throws {
    let workspace = try makeReport()
    let page = try Browser.inspect(workspace.folder.appendingPathComponent("report.html"))
    #expect(page.headings == Self.titles)
    // Three fans, then a figure a section but for the one on sensitivity.
    #expect(page.figures.count == 9)
    #expect(
      page.figures.map(\.title).contains("Pair plot") && !page.figures.contains { $0.title.contains("figure") })
    for figure in page.figures {
      #expect(figure.width > 300 && figure.height > 200, "\(figure)")
      #expect(figure.drawn > 10, "\(figure)")
      #expect(figure.cutLabels.isEmpty, "\(figure)")
    }
    #expect(page.requests.isEmpty && page.errors.isEmpty && !page.isTooWide, "\(page)")
    // A blank page of this size compresses to some kilobytes.
    #expect(page.picture.count > 200_000, "\(page.picture.count) bytes of picture")
    #expect(page.picture.prefix(4) == Data([0x89, 0x50, 0x4E, 0x47]))
  }

  /// Frequencies have an axis of their own, with ticks that fit the range.
  @Test(.enabled(if: Browser.path != nil, Browser.absence)) func pairsOfFrequenciesFillTheirPanels() throws {
    let workspace = try Workspace()
    var draws = try ExamplePosterior.draws(draws: 50)
    let space = draws.chain.parameterSpace
    let (from, to) = (
      try #require(space.index(of: "peak2.gain")), try #require(space.index(of: "lowshelf.frequency"))
    )
    for chain in draws.chains.indices {
      for row in 0..<50 { draws.chains[chain].logits[row, to] = 0.1 * draws.chains[chain].logits[row, from] }
    }
    try PosteriorFile.write(
      draws, to: workspace.path("posterior.nc"), force: false, provenance: Provenance(arguments: ["test"]))
    try workspace.succeed(["report", "posterior.nc", "-o", "report.html"])
    #expect(try workspace.text("report.html").contains("lowshelf.frequency (Hz)"))
    let page = try Browser.inspect(workspace.folder.appendingPathComponent("report.html"))
    let pairs = try #require(page.figures.first { $0.title == "Pair plot" })
    #expect(pairs.narrowest > 150 && pairs.cutLabels.isEmpty, "\(pairs)")
  }

  /// The inspection sees what it is for.
  @Test(.enabled(if: Browser.path != nil, Browser.absence)) func theInspectionCanFail() throws {
    let workspace = try Workspace()
    let markup = """
      <html><body><h2>One</h2><div style="width: 4000px">wide</div><img src="missing.png">
      <svg viewBox="0 0 100 50" width="400"><title>cut</title><text x="90" y="20">too long a label</text></svg>
      <script>throw new Error("broken")</script></body></html>
      """
    try workspace.store(markup.utf8, as: "bad.html")
    let page = try Browser.inspect(workspace.folder.appendingPathComponent("bad.html"))
    #expect(page.headings == ["One"] && page.isTooWide)
    #expect(page.requests.contains { $0.hasSuffix("missing.png") }, "\(page.requests)")
    #expect(page.errors.contains { $0.contains("broken") }, "\(page.errors)")
    #expect(page.figures.first?.cutLabels == ["too long a label"] && page.figures.first?.drawn == 0)
  }
}
