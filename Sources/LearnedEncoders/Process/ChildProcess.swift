import Foundation

/// A program that answers a line with a line, and is not trusted to: it may die, hang or say anything.
///
/// Unchecked sendable: the caller takes turns.
final class ChildProcess: @unchecked Sendable {
  let command: String
  private let process = Process()
  private let input = Pipe()
  private let output = Pipe()
  private var pending = Data()

  /// Longest line that is read.
  private static let longestLine = 1 << 20

  init(command: String) throws {
    self.command = command
    process.executableURL = URL(fileURLWithPath: "/bin/sh")
    // The shell makes way for the program, so that stopping one stops the other.
    process.arguments = ["-c", "exec " + command]
    process.standardInput = input
    process.standardOutput = output
    do { try process.run() } catch {
      throw ProcessEncoderError.notStarted(command: command, reason: "\(error)")
    }
    // Ours alone, so that its end is seen at this end.
    try? input.fileHandleForReading.close()
    try? output.fileHandleForWriting.close()
  }

  deinit { stop() }

  private func stop() {
    try? input.fileHandleForWriting.close()
    guard process.isRunning else { return }
    kill(process.processIdentifier, SIGKILL)
    process.waitUntilExit()
  }

  /// Sends a line and waits for one.
  ///
  /// - Parameter seconds: how long.
  /// - Throws: ``ProcessEncoderError``.
  func ask(_ line: Data, seconds: Int) throws -> Data {
    try send(line + Data("\n".utf8))
    let deadline = ContinuousClock.now + .seconds(seconds)
    while true {
      if let end = pending.firstIndex(of: 0x0A) {
        let reply = Data(pending[pending.startIndex..<end])
        pending = Data(pending[pending.index(after: end)...])
        return reply
      }
      guard pending.count < Self.longestLine else {
        throw ProcessEncoderError.wrongReply(
          command: command, reply: "\(pending.count) bytes without an end of line", expected: "a line")
      }
      let left = ContinuousClock.now.duration(to: deadline) / .milliseconds(1)
      var waiting = pollfd(fd: output.fileHandleForReading.fileDescriptor, events: Int16(POLLIN), revents: 0)
      let found = left > 0 ? poll(&waiting, 1, Int32(min(left.rounded(.up), 1000))) : 0
      if found < 0, errno != EINTR { throw ended() }
      if found == 0, left <= 0 {
        stop()
        throw ProcessEncoderError.silent(command: command, seconds: seconds)
      }
      guard found > 0 else { continue }
      var buffer = [UInt8](repeating: 0, count: 1 << 16)
      let count = read(output.fileHandleForReading.fileDescriptor, &buffer, buffer.count)
      if count < 0, errno == EINTR { continue }
      guard count > 0 else { throw ended() }
      pending.append(contentsOf: buffer.prefix(count))
    }
  }

  private func ended() -> ProcessEncoderError {
    // It has closed its output: give it a moment to end by itself, so that its status is its own.
    for _ in 0..<50 where process.isRunning { usleep(10_000) }
    stop()
    return .ended(command: command, status: process.terminationStatus)
  }

  /// Writes without the signal that a closed pipe sends.
  private func send(_ data: Data) throws {
    var (pipe, before) = (sigset_t(), sigset_t())
    sigemptyset(&pipe)
    sigaddset(&pipe, SIGPIPE)
    pthread_sigmask(SIG_BLOCK, &pipe, &before)
    defer { pthread_sigmask(SIG_SETMASK, &before, nil) }
    let isWritten = data.withUnsafeBytes { bytes -> Bool in
      var start = 0
      while start < bytes.count {
        let count = write(
          input.fileHandleForWriting.fileDescriptor, bytes.baseAddress?.advanced(by: start), bytes.count - start)
        if count < 0, errno == EINTR { continue }
        guard count > 0 else { return false }
        start += count
      }
      return true
    }
    guard !isWritten else { return }
    var none = timespec(tv_sec: 0, tv_nsec: 0)
    sigtimedwait(&pipe, nil, &none)
    throw ended()
  }
}
