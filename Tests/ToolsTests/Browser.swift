import Foundation
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

  /// What a page is once it has been shown.
  struct Page: Decodable {
    struct Figure: Decodable {
      let title: String
      /// In pixels.
      let width: Double
      let height: Double
      /// Lines, areas and marks that can be seen.
      let drawn: Int
      /// The width of the narrowest curve or cloud.
      let narrowest: Double
      /// Texts that leave the figure.
      let cutLabels: [String]
    }

    let headings: [String]
    let figures: [Figure]
    /// What the page asked for beside itself.
    let requests: [String]
    let errors: [String]
    let isTooWide: Bool
    var picture = Data()

    private enum CodingKeys: CodingKey { case headings, figures, requests, errors, isTooWide }
  }

  /// Shows a copy of a page without a network, asks it what it shows, and takes its picture.
  static func inspect(_ page: URL, width: Int = 1200, height: Int = 6000) throws -> Page {
    let folder = page.deletingLastPathComponent()
    let copy = folder.appendingPathComponent("inspected.html")
    // First of all, so that it hears of errors.
    try Data((script + String(contentsOf: page, encoding: .utf8)).utf8).write(to: copy)
    let document = try run(["--dump-dom", "--window-size=\(width),\(height)"], copy)
    let picture = folder.appendingPathComponent("page.png")
    _ = try run(["--screenshot=\(picture.path)", "--window-size=\(width),\(height)"], page)
    var result = try JSONDecoder().decode(Page.self, from: inspection(in: document))
    result.picture = try Data(contentsOf: picture)
    return result
  }

  /// Shows a page that writes what it found, as JSON, to a `pre` element named `inspection`, at once or after work
  /// that needs no network. What the browser does beside the page does not hold its clock: the page has to keep
  /// ticking meanwhile.
  static func report<Report: Decodable>(of page: URL) throws -> Report {
    // Milliseconds of the page's own clock, which leaps while the page waits for nothing.
    let document = try run(["--dump-dom", "--virtual-time-budget=3000000"], page)
    return try JSONDecoder().decode(Report.self, from: inspection(in: document))
  }

  /// What of an image is not of the colour of its first pixel: shares of all pixels, and of those within two of the
  /// edge, where text is that leaves the image.
  struct Ink: Decodable {
    let share: Double
    let edge: Double
  }

  static func ink(of image: URL) throws -> Ink {
    let folder = image.deletingLastPathComponent()
    let page = folder.appendingPathComponent("ink.html")
    let script = """
      <body><script>
      const image = new Image();
      image.onload = () => {
        const [w, h, canvas] = [image.width, image.height, document.createElement("canvas")];
        [canvas.width, canvas.height] = [w, h];
        const context = canvas.getContext("2d");
        context.drawImage(image, 0, 0);
        const pixels = context.getImageData(0, 0, w, h).data;
        const counts = { all: 0, edge: 0, border: 0 };
        for (let y = 0; y < h; y++) for (let x = 0; x < w; x++) {
          const start = 4 * (y * w + x);
          const isInk = [0, 1, 2].some(i => Math.abs(pixels[start + i] - pixels[i]) > 24);
          const isEdge = x < 2 || y < 2 || x >= w - 2 || y >= h - 2;
          counts.all += isInk;
          counts.border += isEdge;
          counts.edge += isInk && isEdge;
        }
        const found = document.createElement("pre");
        found.id = "inspection";
        found.textContent = JSON.stringify({ share: counts.all / (w * h), edge: counts.edge / counts.border });
        document.body.append(found);
      };
      image.src = "data:image/png;base64,\(try Data(contentsOf: image).base64EncodedString())";
      </script></body>
      """
    try Data(script.utf8).write(to: page)
    return try report(of: page)
  }

  private static func inspection(in document: String) throws -> Data {
    let found = try #require(
      document.firstMatch(of: #/<pre id="inspection">(?<json>.*)<\/pre>/#.dotMatchesNewlines()))
    let json = String(found.output.json).replacing("&lt;", with: "<").replacing("&gt;", with: ">")
      .replacing("&amp;", with: "&")
    return Data(json.utf8)
  }

  private static func run(_ arguments: [String], _ page: URL) throws -> String {
    let process = Process()
    process.executableURL = URL(fileURLWithPath: path ?? "")
    let profile = page.deletingLastPathComponent().appendingPathComponent("profile").path
    // Without a network: whatever the page asks for besides itself is missing.
    let common = [
      "--headless", "--no-sandbox", "--disable-gpu", "--hide-scrollbars", "--no-first-run",
      "--user-data-dir=\(profile)", "--host-resolver-rules=MAP * ~NOTFOUND",
    ]
    process.arguments = common + arguments + [page.absoluteString]
    let output = Pipe()
    (process.standardOutput, process.standardError) = (output, FileHandle.nullDevice)
    try process.run()
    let data = output.fileHandleForReading.readDataToEndOfFile()
    process.waitUntilExit()
    return String(decoding: data, as: UTF8.self)
  }

  private static let script = """
    <!DOCTYPE html>
    <script>
    const errors = [], missing = [];
    addEventListener("error", event => {
      if (event.message) errors.push(event.message);
      else missing.push(event.target.src ?? event.target.href ?? "");
    }, true);
    addEventListener("load", () => {
      const marks = "path, polygon, polyline, line, circle, rect:not(:first-of-type), use";
      const figures = [...document.querySelectorAll("svg")].map(svg => {
        const frame = svg.getBoundingClientRect();
        const isCut = text => {
          const box = text.getBoundingClientRect();
          return box.left < frame.left - 1 || box.right > frame.right + 1
            || box.top < frame.top - 1 || box.bottom > frame.bottom + 1;
        };
        return {
          title: svg.querySelector("title")?.textContent ?? "", width: frame.width, height: frame.height,
          drawn: [...svg.querySelectorAll(marks)].filter(mark => mark.getBoundingClientRect().width > 0).length,
          narrowest: Math.min(1e6, ...[...svg.querySelectorAll("g[id*=_plot_]")]
            .map(plot => plot.getBoundingClientRect().width)),
          cutLabels: [...svg.querySelectorAll("text")].filter(text => text.textContent.trim() && isCut(text))
            .map(text => text.textContent.trim()),
        };
      });
      const found = document.createElement("pre");
      found.id = "inspection";
      found.textContent = JSON.stringify({
        headings: [...document.querySelectorAll("h2")].map(heading => heading.textContent), figures, errors,
        requests: performance.getEntriesByType("resource").map(entry => entry.name).concat(missing),
        isTooWide: document.documentElement.scrollWidth > document.documentElement.clientWidth,
      });
      document.body.append(found);
    });
    </script>

    """
}
private enum Programs {
  static func path(of names: [String]) -> String? {
    let folders = (ProcessInfo.processInfo.environment["PATH"] ?? "").split(separator: ":")
    return names.flatMap { name in folders.map { "\($0)/\(name)" } }
      .first { FileManager.default.isExecutableFile(atPath: $0) }
  }
}
