import Foundation
import Testing
import Tools

/// Every numeric option of every command with values at and beyond the ends of numbers.
@Suite("Numeric options")
struct NumericOptionTests {
  /// What the parser itself tells of its commands.
  private struct Dump: Decodable {
    struct Command: Decodable {
      let commandName: String
      let subcommands: [Command]?
      let arguments: [Argument]?
    }
    struct Argument: Decodable {
      struct Name: Decodable {
        let kind: String
        let name: String
      }
      let kind: String
      let names: [Name]?
    }
    let command: Command
  }

  private func options() throws -> [(command: [String], option: String)] {
    let dump = try JSONDecoder().decode(
      Dump.self, from: Data(try runTool(["--experimental-dump-help"]).standardOutput.utf8))
    func collect(_ command: Dump.Command, _ path: [String]) -> [(command: [String], option: String)] {
      let own = (command.arguments ?? []).filter { $0.kind == "option" }
        .compactMap { $0.names?.first { $0.kind == "long" }?.name }.map { (path, "--" + $0) }
      let below = (command.subcommands ?? []).flatMap { collect($0, path + [$0.commandName]) }
      return own + below
    }
    return (dump.command.subcommands ?? []).flatMap { collect($0, [$0.commandName]) }
  }

  /// Outside every range; the rest of the command line is missing, which is found out only if the value passes.
  private static let outside = [
    "9223372036854775807", "-9223372036854775808", "1e19", "1e300", "nan", "inf", "-inf", "-1",
  ]

  @Test func everyNumberHasARange() throws {
    var (numeric, tried) = (0, 0)
    for (command, option) in try options() where command != ["help"] {
      let probe = Launch.refusal(of: command + ["\(option)=12monkeys"]) ?? ""
      guard probe.contains("12monkeys but must be ") else {
        // Options of a few words name these; a number without a range would name nothing.
        let isBareNumber =
          probe.contains("is invalid for") && !probe.contains("Please provide one of")
          && !["--sigma", "--encoder", "--given-encoder", "--select"].contains(option)
        #expect(!isBareNumber, "\(command) \(option): \(probe)")
        continue
      }
      numeric += 1
      // 0 and the least number of all are in some ranges: what is missing is then something else.
      for value in Self.outside + ["0", "1e-320"] where !(option == "--seed" && value == Self.outside[0]) {
        // Loudness is negative.
        if option == "--lufs", value == "-1" { continue }
        let refusal = Launch.refusal(of: command + ["\(option)=\(value)"]) ?? ""
        tried += 1
        guard Self.outside.contains(value) else { continue }
        #expect(refusal.hasPrefix("\(option) is \(value) but must be"), "\(command) \(option)=\(value): \(refusal)")
      }
    }
    print("numeric options: \(numeric), \(tried) values")
    #expect(numeric >= 60, "\(numeric) numeric options were found")
    // As a process, once.
    let result = try runTool(["sample", "prior.h5", "--count=9223372036854775807", "-o", "x.h5"])
    #expect(result.exitCode == 64)
    #expect(
      result.standardError.hasPrefix(
        "priorkit: error: --count is 9223372036854775807 but must be a whole number between 1 and"))
  }

  @Test func theHelpShowsDefaults() throws {
    let help = try runTool(["sample", "--help"]).standardOutput
    #expect(help.contains("(default: 16)"))
    #expect(try runTool(["posterior", "--help"]).standardOutput.contains("(default: 0.8)"))
  }
}
