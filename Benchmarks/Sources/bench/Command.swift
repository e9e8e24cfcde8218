import Foundation

/// The built `priorkit`, run as a user runs it.
enum Command {
  /// Beside the package that is measured; nil where it was not built (`make build`).
  static let path: String? = {
    let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
      .deletingLastPathComponent().deletingLastPathComponent()
    let path = root.appendingPathComponent(".build/release/priorkit").path
    return FileManager.default.isExecutableFile(atPath: path) ? path : nil
  }()

  /// Runs it to its end.
  static func run(_ program: String, _ arguments: [String]) throws {
    let process = Process()
    process.executableURL = URL(fileURLWithPath: program)
    process.arguments = arguments
    try process.run()
    process.waitUntilExit()
    guard process.terminationStatus == 0 else { throw BenchError("priorkit \(arguments) failed.") }
  }

  /// Peak resident memory of one run, in MB, by the kernel's account in /proc.
  static func peakMegabytes(_ program: String, _ arguments: [String]) throws -> Double {
    let process = Process()
    process.executableURL = URL(fileURLWithPath: program)
    process.arguments = arguments
    try process.run()
    var peak = 0.0
    while process.isRunning {
      let status = (try? String(contentsOfFile: "/proc/\(process.processIdentifier)/status", encoding: .utf8)) ?? ""
      let line = status.split(separator: "\n").first { $0.hasPrefix("VmHWM:") }
      if let kilobytes = line?.split(whereSeparator: \.isWhitespace).dropFirst().first.flatMap({ Double($0) }) {
        peak = max(peak, kilobytes / 1024)
      }
      usleep(2000)
    }
    guard process.terminationStatus == 0 else { throw BenchError("priorkit \(arguments) failed.") }
    return peak
  }
}
