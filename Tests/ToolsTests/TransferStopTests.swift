import Foundation
import HDF5Store
import TestSupport
import Testing

/// When `transfer` stops, and what it says about that.
@Suite("priorkit transfer, stopping")
struct TransferStopTests {
  private func workspace() throws -> Workspace {
    let workspace = try Workspace()
    try workspace.storePrior()
    try workspace.storeVoice()
    return workspace
  }

  private func method(_ name: String, steps: Int, _ more: String...) -> [String] {
    [
      "transfer", "--prior", "prior.h5", "--optimiser", name, "--steps", "\(steps)", "--reference", "reference.wav",
      "--dry", "dry.wav", "-o", "out",
    ] + more
  }

  @Test func aRunThatGainsTooLittleStopsAndSaysWhy() throws {
    let workspace = try workspace()
    let result = try workspace.succeed(method("lbfgs", steps: 12, "--tolerance", "1000", "--patience", "3"))
    #expect(
      result.standardError.contains(
        "stopped after 4 of at most 12 evaluations, because the last 3 gained no more than 1000"))
    let stopped = try workspace.open("out/trace.h5")
    #expect(try stopped.shape(of: "/loss") == [4])
    #expect(try stopped.text(attribute: "ending") == "converged")
    #expect(try stopped.text(attribute: "stopped_by") == "gain")
    // The limit is said to be one, and the whole time is told at the end.
    #expect(result.standardError.contains("transfer: 3 of at most 12"))
    let last = try #require(result.standardError.split(separator: "\n").last)
    #expect(last.hasPrefix("out: ") && last.hasSuffix(" in all"))

    let whole = try workspace.succeed(method("lbfgs", steps: 4, "--tolerance", "0", "--patience", "1", "--force"))
    #expect(whole.standardError.contains("all 4 evaluations were made"))
    #expect(whole.standardError.contains("transfer: 50 % (2 of 4)"))
    #expect(try workspace.open("out/trace.h5").text(attribute: "ending") == "completed")
    // The rule decides when to stop, not where to go.
    #expect(try workspace.open("out/trace.h5").doubles("/loss").values == stopped.doubles("/loss").values)
  }

  @Test func aRunStopsWhereItWouldHaveWithoutAnInterruption() throws {
    let workspace = try workspace()
    let rule = ["--tolerance", "0.5", "--patience", "6"]
    func command(_ folder: String) -> [String] {
      method("lbfgs", steps: 40).map { $0 == "out" ? folder : $0 } + rule
    }
    try workspace.succeed(command("whole"))
    let tool = try RunningTool(command("parts"), folder: workspace.folder)
    #expect(try tool.waitForMessage("transfer: "))
    tool.interrupt()
    #expect(try tool.result().exitCode == 130)
    try workspace.succeed(command("parts") + ["--resume"])
    let (whole, parts) = (try workspace.open("whole/trace.h5"), try workspace.open("parts/trace.h5"))
    #expect(try whole.text(attribute: "stopped_by") == "gain")
    for name in ["/theta", "/loss"] { #expect(try whole.doubles(name).values == parts.doubles(name).values) }
  }

  @Test func toleranceMustBeANumber() throws {
    let workspace = try workspace()
    for value in ["-1", "nan", "inf"] {
      #expect(try workspace.run(method("lbfgs", steps: 3, "--tolerance=\(value)")).exitCode == 64)
    }
  }

  /// On a terminal, which `script` provides, every stretch of the work says what it is.
  @Test(.enabled(if: FileManager.default.isExecutableFile(atPath: "/usr/bin/script")))
  func aTerminalShowsReadingEvaluationsAndRendering() throws {
    let workspace = try workspace()
    let process = Process()
    process.executableURL = URL(fileURLWithPath: "/usr/bin/script")
    let command = ([toolURL.path] + method("lbfgs", steps: 3)).map { "'\($0)'" }.joined(separator: " ")
    process.arguments = ["-q", "-e", "-c", command, "terminal.txt"]
    process.environment = ProcessInfo.processInfo.environment
      .merging(["TERM": "xterm"]) { $1 }
    process.currentDirectoryURL = workspace.folder
    process.standardInput = FileHandle.nullDevice
    process.standardOutput = FileHandle.nullDevice
    try process.run()
    process.waitUntilExit()
    #expect(process.terminationStatus == 0)
    let shown = try workspace.text("terminal.txt")
    // Which of the evaluations are shown depends on how long they take: the bar is redrawn four times a second.
    for text in ["reading reference.wav", "reading dry.wav", " of at most 3", "rendering dry.wav"] {
      #expect(shown.contains(text), "\(text)")
    }
  }
}
