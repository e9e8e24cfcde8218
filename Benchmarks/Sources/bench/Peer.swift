import Foundation

/// A script of `peers/` that runs beside the benchmark and does its work once for each line it is sent, so that the
/// two take turns. It answers with the seconds that the work took.
final class Peer {
  private let process = Process()
  private let requests = Pipe()
  private let answers = Pipe()

  /// - Returns: nil, with a note, where there is no Python with NumPy and SciPy (BENCH_PYTHON names one).
  static func start(_ script: String, _ arguments: [String]) throws -> Peer? {
    let python = ProcessInfo.processInfo.environment["BENCH_PYTHON"] ?? "python3"
    let peer = Peer()
    let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
      .deletingLastPathComponent().appendingPathComponent("peers")
    peer.process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
    peer.process.arguments = [python, folder.appendingPathComponent(script).path] + arguments
    peer.process.standardInput = peer.requests
    peer.process.standardOutput = peer.answers
    try peer.process.run()
    guard peer.line() == "ready" else {
      print("  no peer: \(python) cannot run \(script); set BENCH_PYTHON to one that has NumPy, SciPy and h5py")
      return nil
    }
    return peer
  }

  /// Milliseconds of one run.
  func run() throws -> Double {
    try requests.fileHandleForWriting.write(contentsOf: Data("run\n".utf8))
    guard let seconds = Double(line()) else { throw BenchError("A peer stopped: see its message.") }
    return seconds * 1e3
  }

  deinit {
    try? requests.fileHandleForWriting.close()
    process.waitUntilExit()
  }

  private func line() -> String {
    var text = ""
    while let byte = try? answers.fileHandleForReading.read(upToCount: 1), let first = byte.first, first != 10 {
      text.append(Character(UnicodeScalar(first)))
    }
    return text
  }
}
