import Foundation

/// What a run of the built `priorkit` left behind.
struct ToolResult {
  let standardOutput: String
  let standardError: String
  let exitCode: Int32
}

/// The test bundle's class, to find the folder of built products by.
private final class Anchor {}

/// The `priorkit` that was built together with the tests: it lies beside the test bundle.
let toolURL: URL = {
  let candidates = [
    Bundle(for: Anchor.self).bundleURL.deletingLastPathComponent(),
    URL(fileURLWithPath: CommandLine.arguments[0]).deletingLastPathComponent(),
  ]
  let found = candidates.map { $0.appendingPathComponent("priorkit") }
    .first { FileManager.default.isExecutableFile(atPath: $0.path) }
  return found ?? candidates[0].appendingPathComponent("priorkit")
}()

/// The environment of this process, as commands get it. PRIORKIT_TEST_BLAS_CORE gives them other linear algebra
/// kernels than the tests have.
private let inheritedEnvironment: [String: String] = {
  var environment = ProcessInfo.processInfo.environment
  // Tests wait for the first sign of progress.
  environment["PRIORKIT_PROGRESS_SECONDS"] = "0"
  if let core = environment["PRIORKIT_TEST_BLAS_CORE"] { environment["OPENBLAS_CORETYPE"] = core }
  return environment
}()

/// Runs `priorkit` with no standard input and waits for its end.
///
/// - Parameters:
///   - environment: added to this process's environment.
///   - unsettingEmpty: whether variables that are empty are left out altogether.
///   - folder: the working folder, by default the present one.
func runTool(
  _ arguments: [String], environment: [String: String] = [:], unsettingEmpty: Bool = false, folder: URL? = nil
) throws -> ToolResult {
  try RunningTool(
    arguments, environment: environment, unsettingEmpty: unsettingEmpty, folder: folder
  ).result()
}

/// A `priorkit` at work.
final class RunningTool {
  private let process = Process()
  private let scratch = FileManager.default.temporaryDirectory.appendingPathComponent(UUID().uuidString)

  /// - Parameter fileSizeLimit: bytes after which writing to a file fails, as on a full disk.
  init(
    _ arguments: [String], environment: [String: String] = [:], unsettingEmpty: Bool = false, folder: URL? = nil,
    fileSizeLimit: Int? = nil
  ) throws {
    if let fileSizeLimit {
      // The signal is ignored, so that the write fails instead. ulimit counts blocks of 512 bytes.
      process.executableURL = URL(fileURLWithPath: "/bin/sh")
      let script = "trap '' XFSZ; ulimit -f \(fileSizeLimit / 512); exec \"$0\" \"$@\""
      process.arguments = ["-c", script, toolURL.path] + arguments
    } else {
      process.executableURL = toolURL
      process.arguments = arguments
    }
    process.environment =
      inheritedEnvironment
      .merging(environment) { $1 }
      .filter { !unsettingEmpty || !$0.value.isEmpty }
    process.currentDirectoryURL = folder
    process.standardInput = FileHandle.nullDevice
    // Files rather than pipes: a pipe that nobody empties stops its writer.
    try FileManager.default.createDirectory(at: scratch, withIntermediateDirectories: true)
    process.standardOutput = try stream("stdout")
    process.standardError = try stream("stderr")
    try process.run()
  }

  deinit {
    if process.isRunning { process.terminate() }
    try? FileManager.default.removeItem(at: scratch)
  }

  private func stream(_ name: String) throws -> FileHandle {
    try Data().write(to: scratch.appendingPathComponent(name))
    return try FileHandle(forWritingTo: scratch.appendingPathComponent(name))
  }

  private func text(_ name: String) throws -> String {
    String(decoding: try Data(contentsOf: scratch.appendingPathComponent(name)), as: UTF8.self)
  }

  /// Waits until standard error holds a text; false if the program ends before that.
  func waitForMessage(_ message: String) throws -> Bool {
    while try !text("stderr").contains(message) {
      guard process.isRunning else { return false }
      usleep(5000)
    }
    return true
  }

  var isRunning: Bool { process.isRunning }

  /// Sends SIGINT, as Ctrl-C does.
  func interrupt() { process.interrupt() }

  /// Sends SIGTERM, as batch systems do before they kill.
  func terminate() { process.terminate() }

  /// Sends SIGKILL, which no program can answer.
  func kill() { _ = Foundation.kill(process.processIdentifier, SIGKILL) }

  /// Waits for the end.
  func result() throws -> ToolResult {
    process.waitUntilExit()
    return ToolResult(
      standardOutput: try text("stdout"), standardError: try text("stderr"),
      // A signal's number, as shells report it.
      exitCode: process.terminationReason == .exit ? process.terminationStatus : 128 + process.terminationStatus)
  }
}
