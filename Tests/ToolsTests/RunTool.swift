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

/// Runs `priorkit` with no standard input and waits for its end.
///
/// - Parameters:
///   - environment: added to this process's environment.
///   - unsettingEmpty: whether variables that are empty are left out altogether.
///   - folder: the working folder, by default the present one.
func runTool(
  _ arguments: [String], environment: [String: String] = [:], unsettingEmpty: Bool = false, folder: URL? = nil
) throws -> ToolResult {
  let process = Process()
  process.executableURL = toolURL
  process.arguments = arguments
  process.environment = ProcessInfo.processInfo.environment.merging(environment) { $1 }
    .filter { !unsettingEmpty || !$0.value.isEmpty }
  process.currentDirectoryURL = folder
  process.standardInput = FileHandle.nullDevice

  // Files rather than pipes: a pipe that nobody empties stops its writer.
  let scratch = FileManager.default.temporaryDirectory.appendingPathComponent(UUID().uuidString)
  try FileManager.default.createDirectory(at: scratch, withIntermediateDirectories: true)
  defer { try? FileManager.default.removeItem(at: scratch) }
  let streams = ["stdout", "stderr"].map { scratch.appendingPathComponent($0) }
  for stream in streams { try Data().write(to: stream) }
  process.standardOutput = try FileHandle(forWritingTo: streams[0])
  process.standardError = try FileHandle(forWritingTo: streams[1])

  try process.run()
  process.waitUntilExit()
  return ToolResult(
    standardOutput: String(decoding: try Data(contentsOf: streams[0]), as: UTF8.self),
    standardError: String(decoding: try Data(contentsOf: streams[1]), as: UTF8.self),
    // A signal's number, as shells report it.
    exitCode: process.terminationReason == .exit ? process.terminationStatus : 128 + process.terminationStatus)
}
