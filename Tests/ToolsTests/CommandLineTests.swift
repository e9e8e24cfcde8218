import Foundation
import Testing
import Tools

@Suite("The command line as a whole")
struct CommandLineTests {
  @Test func helpOpensWithExamplesBeforeUsage() throws {
    let result = try runTool(["--help"])
    #expect(result.exitCode == 0)
    #expect(result.standardError.isEmpty)
    let examples = try #require(result.standardOutput.range(of: "EXAMPLES:"))
    let usage = try #require(result.standardOutput.range(of: "USAGE:"))
    #expect(examples.lowerBound < usage.lowerBound)
  }

  @Test func noArgumentsAskForHelp() throws {
    let bare = try runTool([])
    #expect(bare.exitCode == 0)
    #expect(bare.standardOutput == (try runTool(["--help"])).standardOutput)
  }

  @Test func versionIsOneLineOnStandardOutput() throws {
    let result = try runTool(["--version"])
    #expect(result.exitCode == 0)
    #expect(result.standardOutput == Version.current + "\n")
    #expect(result.standardError.isEmpty)
  }

  @Test(arguments: [["nonsense"], ["--nonsense"]])
  func unknownWordsAreUsageErrors(arguments: [String]) throws {
    let result = try runTool(arguments)
    #expect(result.exitCode == 64)
    #expect(result.standardOutput.isEmpty)
    #expect(result.standardError.hasPrefix("priorkit: error: "))
    #expect(result.standardError.contains("nonsense"))
    #expect(result.standardError.contains("priorkit --help"))
  }

  @Test func redirectedErrorsHaveNoColour() throws {
    let result = try runTool(["nonsense"], environment: ["TERM": "xterm-256color"])
    #expect(!result.standardError.contains("\u{1B}"))
  }
}
