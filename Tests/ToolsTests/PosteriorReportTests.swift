import Foundation
import Inference
import PriorKit
import TestSupport
import Testing

/// The plotting program, which a test of a figure needs.
enum Gnuplot {
  static let isInstalled = Programs.path(of: ["gnuplot"]) != nil
  static let absence: Comment = "gnuplot is absent: install gnuplot-nox to test figures"
}

/// A browser without a window.
enum Browser {
  static let path = Programs.path(of: ["chromium", "chromium-browser", "google-chrome"])
  static let absence: Comment = "no Chromium is installed: install the package chromium to look at the report"

  /// Renders a page: its picture goes to a file, and its document, as it stands after loading, is returned.
  static func render(_ page: URL, screenshot: URL, height: Int) throws -> String {
    let profile = screenshot.deletingLastPathComponent().appendingPathComponent("profile").path
    func run(_ arguments: [String]) throws -> String {
      let process = Process()
      process.executableURL = URL(fileURLWithPath: path ?? "")
      // Without a network: whatever the page asks for besides itself is missing.
      let common = [
        "--headless", "--no-sandbox", "--disable-gpu", "--hide-scrollbars", "--no-first-run",
        "--user-data-dir=\(profile)",
        "--host-resolver-rules=MAP * ~NOTFOUND",
      ]
      process.arguments = common + arguments + [page.absoluteString]
      let output = Pipe()
      (process.standardOutput, process.standardError) = (output, FileHandle.nullDevice)
      try process.run()
      let data = output.fileHandleForReading.readDataToEndOfFile()
      process.waitUntilExit()
      return String(decoding: data, as: UTF8.self)
    }
    _ = try run(["--screenshot=\(screenshot.path)", "--window-size=1200,\(height)"])
    return try run(["--dump-dom"])
  }
}

private enum Programs {
  static func path(of names: [String]) -> String? {
    let folders = (ProcessInfo.processInfo.environment["PATH"] ?? "").split(separator: ":")
    return names.flatMap { name in folders.map { "\($0)/\(name)" } }
      .first { FileManager.default.isExecutableFile(atPath: $0) }
  }
}

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

  @Test(.enabled(if: Browser.path != nil, Browser.absence)) func aBrowserShowsIt() throws {
    let workspace = try makeReport()
    let picture = workspace.folder.appendingPathComponent("report.png")
    let document = try Browser.render(
      workspace.folder.appendingPathComponent("report.html"), screenshot: picture, height: 6000)
    for title in Self.titles { #expect(document.contains("<h2>\(title)</h2>"), "\(title)") }
    // Three fans, then a figure a section but for the one on sensitivity.
    #expect(document.components(separatedBy: "<svg").count - 1 == 9)
    // A blank page of this size compresses to some kilobytes.
    let bytes = try Data(contentsOf: picture)
    #expect(bytes.count > 200_000, "\(bytes.count) bytes of picture")
    #expect(bytes.prefix(4) == Data([0x89, 0x50, 0x4E, 0x47]))
  }
}
