import ArgumentParser
import Foundation
import PresetStore
import Workflows

/// The way from arguments to an exit code: the only place where errors become text.
package enum Launch {
  /// Parses and runs a command. Every error ends here, as one line `priorkit: error: ...` on standard error.
  static func run(arguments: [String]) -> ExitStatus {
    // A reader that goes away (`| head`) then shows as a failed write, and outputs are tidied up as for any error.
    signal(SIGPIPE, SIG_IGN)
    Interruption.install()

    if let sentence = shortage() {
      Console.standardError(ErrorText.prefix(isColoured: Terminal.isColoured) + sentence)
      return .failure
    }
    if let sentence = emptyArgument(arguments) ?? arguments.first.flatMap(unknownCommand) {
      Console.standardError(ErrorText.prefix(isColoured: Terminal.isColoured) + PrintableText.escaped(sentence))
      return .usage
    }
    let (arguments, renamed) = OldSpelling.replaced(in: arguments)
    var command: any ParsableCommand
    do {
      command = try Priorkit.parseAsRoot(arguments)
    } catch {
      return isAnswer(error) ? answer(error) : refuse(error)
    }
    if !arguments.contains(where: ["-q", "--quiet"].contains) {
      for sentence in renamed { Console(isQuiet: false).warning(sentence) }
    }
    do {
      try command.run()
      return .success
    } catch {
      return isAnswer(error) ? answer(error) : report(error)
    }
  }

  /// The message about wrong arguments, as ``run(arguments:)`` prints it; nil for a command line that can be run.
  package static func refusal(of arguments: [String]) -> String? {
    do {
      _ = try Priorkit.parseAsRoot(OldSpelling.replaced(in: arguments).arguments)
      return nil
    } catch {
      return isAnswer(error) ? nil : sentence(ofRefusal: error)
    }
  }

  // MARK: - Before the start

  /// OpenBLAS waits for ever for memory that it does not get.
  private static func shortage() -> String? {
    let needed = 1 << 30
    var limit = rlimit()
    guard getrlimit(__rlimit_resource_t(RLIMIT_AS.rawValue), &limit) == 0, limit.rlim_cur < rlim_t(needed) else {
      return nil
    }
    return
      "The shell limits address space to \(limit.rlim_cur >> 10) KB but priorkit needs \(needed >> 10) KB: raise "
      + "it with ulimit -v."
  }

  /// An empty argument names no file and is no number: in a script it is a variable that was not set.
  private static func emptyArgument(_ arguments: [String]) -> String? {
    func isEmptyOption(_ argument: String) -> Bool {
      argument.hasPrefix("--") && argument.firstIndex(of: "=").map(argument.index(after:)) == argument.endIndex
    }
    guard let index = arguments.firstIndex(where: { $0.isEmpty || isEmptyOption($0) }) else { return nil }
    let argument = arguments[index]
    let place =
      switch (argument.isEmpty, index) {
      case (false, _): "The value of \(argument.dropLast())"
      case (true, 0): "The first argument"
      case (true, _): "The argument after \(arguments[index - 1])"
      }
    return "\(place) is empty: give a value, or set the shell variable that it comes from."
  }

  /// The parser takes a command that it does not know for an argument, and complains of those after it.
  private static func unknownCommand(_ name: String) -> String? {
    let known =
      Priorkit.configuration.subcommands.map { $0.configuration.commandName ?? $0._commandName } + ["help"]
    guard !name.hasPrefix("-"), !known.contains(name) else { return nil }
    return "There is no command \(name): "
      + (NearestName.of(name, among: known).map { "did you mean \($0)? " } ?? "")
      + "priorkit --help lists them."
  }

  // MARK: - Answers

  /// Requests for help and for the version reach the caller as errors too, as does a command that lacks a
  /// subcommand.
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
    Console.standardError(ErrorText.prefix(isColoured: Terminal.isColoured) + sentence(ofRefusal: error))
    return .usage
  }

  private static func sentence(ofRefusal error: any Error) -> String {
    let message = Priorkit.fullMessage(for: error)
    let label = "Error: "
    return PrintableText.escaped(
      outsideRange(message.hasPrefix(label) ? String(message.dropFirst(label.count)) : message))
  }

  /// Turns "The value '0' is invalid for '--count <count>': must be ..." into the form of all our sentences,
  /// "--count is 0 but must be ...".
  private static func outsideRange(_ text: String) -> String {
    guard let match = text.prefixMatch(of: #/The value '(.*?)' is invalid for '(--[a-z-]+)[^']*': must be /#) else {
      return text
    }
    return "\(match.2) is \(match.1) but must be " + text[match.range.upperBound...]
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
