import Foundation

/// The gnuplot program: scripts in, images out.
struct GnuplotProgram {
  private let path: String

  /// - Throws: ``CommandError`` where gnuplot is not installed.
  init() throws {
    let folders = (ProcessInfo.processInfo.environment["PATH"] ?? "").split(separator: ":")
    guard
      let found = folders.map({ $0 + "/gnuplot" }).first(where: { FileManager.default.isExecutableFile(atPath: $0) }
      )
    else { throw CommandError("Plots need gnuplot, which is not in PATH: install the Debian package gnuplot-nox.") }
    path = found
  }

  /// Runs a script that draws to standard output.
  ///
  /// - Throws: ``CommandError`` with gnuplot's own message if it refuses the script.
  func image(_ script: String, figure: String) throws -> Data {
    let process = Process()
    process.executableURL = URL(fileURLWithPath: path)
    // Without the settings of a ~/.gnuplot, which change what scripts mean.
    process.arguments = ["-d"]
    let (input, output, errors) = (Pipe(), Pipe(), Pipe())
    (process.standardInput, process.standardOutput, process.standardError) = (input, output, errors)
    try process.run()
    // Each stream has a reader of its own: a full pipe would stop gnuplot.
    let image = Future { output.fileHandleForReading.readDataToEndOfFile() }
    let words = Future { errors.fileHandleForReading.readDataToEndOfFile() }
    try? input.fileHandleForWriting.write(contentsOf: Data(script.utf8))
    try? input.fileHandleForWriting.close()
    let (drawn, complaint) = (try image.value(), try words.value())
    process.waitUntilExit()
    guard process.terminationStatus == 0, !drawn.isEmpty else {
      let lines = String(decoding: complaint, as: UTF8.self).split(whereSeparator: \.isNewline)
      throw CommandError(
        "gnuplot cannot draw the \(figure) (\(lines.last ?? "no reason given")): check that it is version 5 or "
          + "later."
      )
    }
    return drawn
  }
}
