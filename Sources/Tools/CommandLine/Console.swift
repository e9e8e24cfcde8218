import Foundation
package import Workflows

/// The two streams of a command: data goes to standard output, everything said about it to standard error.
package struct Console: WorkMonitor {
  /// Whether messages and progress are left out. Errors and data never are.
  package let isQuiet: Bool

  package init(isQuiet: Bool) {
    self.isQuiet = isQuiet
  }

  // MARK: - Messages

  /// Says what was done.
  package func message(_ text: String) {
    if !isQuiet { Self.standardError(PrintableText.escaped(text)) }
  }

  /// Says what the user should know although the work goes on.
  package func warning(_ text: String) {
    guard !isQuiet else { return }
    Self.standardError(
      (Terminal.isColoured ? "priorkit: \u{1B}[1;33mwarning:\u{1B}[0m " : "priorkit: warning: ")
        + PrintableText.escaped(text))
  }

  /// A progress display of work that takes `total` steps.
  ///
  /// - Parameter isLimit: whether it may end before them.
  package func progress(_ title: String, total: Int, isLimit: Bool) -> any WorkProgress {
    // One step is over before its progress says anything.
    let style: ProgressDisplay.Style = Terminal.isInteractive ? .bar : .lines
    return ProgressDisplay(
      title: title, total: total, isLimit: isLimit, style: isQuiet || total < 2 ? .none : style)
  }

  /// Shows on a terminal, while `body` runs, what is going on and for how long.
  package func during<Result>(_ title: String, _ body: () throws -> Result) rethrows -> Result {
    let display = ProgressDisplay(
      title: title, total: nil, style: isQuiet || !Terminal.isInteractive ? .none : .bar)
    defer { display.finish() }
    return try body()
  }

  /// Writes a page beside results that are there by now: what keeps it from being made does not take them away.
  ///
  /// - Parameter write: gives a sentence on what the page lacks, if anything.
  func page(_ write: () throws -> String?) {
    do {
      if let note = try during("page", write) { warning(note) }
    } catch {
      warning("There is no page: \(ErrorText.sentence(error))")
    }
  }

  // MARK: - Ctrl-C

  package var isCancelled: Bool { Interruption.isRequested }

  package func cancellable<Result>(_ body: () throws -> Result) rethrows -> Result {
    try Interruption.polling(body)
  }

  // MARK: - Streams

  /// Writes data to standard output, at once and in full.
  ///
  /// - Throws: ``BrokenPipe`` if nobody reads any more, ``CommandError`` if the stream cannot take it.
  package static func standardOutput(_ text: String) throws {
    var text = text
    let failure = text.withUTF8 { write($0, to: STDOUT_FILENO) }
    switch failure {
    case nil: return
    case EPIPE: throw BrokenPipe()
    case .some(let code):
      throw CommandError(
        "Standard output cannot be written (\(String(cString: strerror(code)))): check where it is redirected to.")
    }
  }

  /// Standard error, as it was at the start: libraries that write to it themselves are kept from it while they work
  /// (``AudioFiles``), and what we say meanwhile is not to be lost.
  static let diagnostics: Int32 = {
    let copy = fcntl(STDERR_FILENO, F_DUPFD_CLOEXEC, 3)
    return copy >= 0 ? copy : STDERR_FILENO
  }()

  /// Writes one line to standard error. There is nowhere to say that this failed.
  static func standardError(_ line: String) { standardErrorRaw(line + "\n") }

  static func standardErrorRaw(_ text: String) {
    var text = text
    _ = text.withUTF8 { write($0, to: diagnostics) }
  }

  /// Writes all bytes; the errno of the failure, if any.
  private static func write(_ bytes: UnsafeBufferPointer<UInt8>, to descriptor: Int32) -> Int32? {
    var rest = UnsafeRawBufferPointer(bytes)[...]
    while !rest.isEmpty {
      let count = Foundation.write(descriptor, UnsafeRawBufferPointer(rebasing: rest).baseAddress, rest.count)
      if count < 0 {
        if errno == EINTR { continue }
        return errno
      }
      rest = rest.dropFirst(count)
    }
    return nil
  }
}

/// The reader of standard output has seen enough (`priorkit score ... | head`): not an error worth a message.
package struct BrokenPipe: Error {}
