import Foundation
import Inference
import PresetStore
import TestSupport
import Testing

/// Posterior files in ArviZ itself. `scripts/check-arviz` installs it and runs this test; `make test` alone has no
/// Python packages, and skips it.
@Suite("Posterior files in ArviZ") struct ArviZFileTests {
  /// Python interpreters that have ArviZ, separated by colons.
  private static let interpreters = (ProcessInfo.processInfo.environment["PRIORKIT_ARVIZ"] ?? "")
    .split(separator: ":").map(String.init)

  @Test(
    .enabled(
      if: !ArviZFileTests.interpreters.isEmpty, "PRIORKIT_ARVIZ names no Python with ArviZ: run scripts/check-arviz"
    ),
    arguments: ArviZFileTests.interpreters)
  func summaryAgreesWithOurTable(interpreter: String) throws {
    let workspace = try Workspace()
    try PosteriorFile.write(
      ExamplePosterior.draws(), to: workspace.path("posterior.nc"), force: false,
      provenance: Provenance(arguments: ["test"], seed: 1))
    let diagnostics = try workspace.run(["diagnose", "posterior.nc", "--json"])
    try workspace.store(Data(diagnostics.standardOutput.utf8), as: "diagnostics.json")
    let script = DefaultData.file("presets.h5").deletingLastPathComponent()
      .appendingPathComponent("../scripts/arviz-compare.py").standardizedFileURL
    let process = Process()
    process.executableURL = URL(fileURLWithPath: interpreter)
    process.arguments = [script.path, workspace.path("posterior.nc"), workspace.path("diagnostics.json")]
    let output = Pipe()
    (process.standardOutput, process.standardError) = (output, output)
    try process.run()
    let words = String(decoding: output.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
    process.waitUntilExit()
    #expect(process.terminationStatus == 0, "\(words)")
    print(words)
  }
}
