import Foundation
import TestSupport
import Testing

/// The Python package in `python/`, tested by its own tests with the command that was built here.
/// `scripts/check-python` runs them; the interpreters are those of `scripts/check-arviz`, which have its packages.
@Suite("Python package") struct PythonPackageTests {
  /// The last interpreter, which has the newest packages; nil where there is none.
  private static let interpreter = (ProcessInfo.processInfo.environment["PRIORKIT_ARVIZ"] ?? "")
    .split(separator: ":").last.map { String($0) }

  @Test(
    .enabled(
      if: PythonPackageTests.interpreter != nil,
      "PRIORKIT_ARVIZ names no Python with NumPy and h5py: run scripts/check-arviz"))
  func itsTestsPass() throws {
    let script = DefaultData.file("presets.h5").deletingLastPathComponent()
      .appendingPathComponent("../scripts/check-python").standardizedFileURL
    let process = Process()
    process.executableURL = script
    process.environment = ProcessInfo.processInfo.environment.merging([
      "PRIORKIT": toolURL.path, "PRIORKIT_PYTHON": Self.interpreter ?? "",
    ]) { $1 }
    process.standardInput = FileHandle.nullDevice
    let output = Pipe()
    (process.standardOutput, process.standardError) = (output, output)
    try process.run()
    let words = String(decoding: output.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
    process.waitUntilExit()
    #expect(process.terminationStatus == 0, "\(words)")
    // The script succeeds without running anything where packages are missing.
    #expect(words.contains("\nOK"), "\(words)")
  }
}
