import ArgumentParser
import Foundation

/// The way from arguments to an exit code: the only place where errors become text.
enum Launch {
  /// Parses and runs a command. Every error ends here, as one line `priorkit: error: ...` on standard error.
  static func run(arguments: [String]) -> ExitStatus {
    // A reader that goes away (`| head`) then shows as a failed write, and outputs are tidied up as for any error.
    signal(SIGPIPE, SIG_IGN)
    Interruption.install()

    var command: any ParsableCommand
    do {
      command = try Priorkit.parseAsRoot(arguments)
    } catch {
      return isAnswer(error) ? answer(error) : refuse(error)
    }
    do {
      try command.run()
      return .success
    } catch {
      return isAnswer(error) ? answer(error) : report(error)
    }
  }

  // MARK: - Answers

  /// Requests for help and for the version reach the caller as errors too, as does a command that lacks a subcommand.
  private static func isAnswer(_ error: any Error) -> Bool { Priorkit.exitCode(for: error) == .success }

  private static func answer(_ request: any Error) -> ExitStatus {
    do {
      try Console.standardOutput(Priorkit.fullMessage(for: request) + "\n")
      return .success
    } catch {
      return report(error)
    }
  }

  // MARK: - Errors

  /// Arguments that make no sense: ArgumentParser's sentence, then the usage that it adds.
  private static func refuse(_ error: any Error) -> ExitStatus {
    let message = Priorkit.fullMessage(for: error)
    let label = "Error: "
    Console.standardError(
      ErrorText.prefix(isColoured: Terminal.isColoured)
        + (message.hasPrefix(label) ? String(message.dropFirst(label.count)) : message))
    return .usage
  }

  /// Work that failed.
  private static func report(_ error: any Error) -> ExitStatus {
    // The reader of standard output has seen enough: it knows, and it is no failure of ours.
    if error is BrokenPipe { return .success }
    // What failed was said where the diagnostics were printed.
    if error is DiagnosticsFailed { return .diagnosticsFailed }
    Console.standardError(ErrorText.prefix(isColoured: Terminal.isColoured) + ErrorText.sentence(error))
    return error is InterruptedError ? .interrupted : .failure
  }
}

extension Priorkit {
  /// Ends the process with a code.
  static func exit(code: ExitStatus) -> Never { Foundation.exit(code.rawValue) }
}
