import AudioFiles
import FXParams
import Foundation
import HDF5Store
import PresetStore
import TestSupport
import Testing

/// Outputs appear whole or not at all, and never in the place of another file.
@Suite("Outputs that cannot be written")
struct OutputTests {
  private func workspace() throws -> Workspace {
    let workspace = try Workspace()
    try workspace.storePrior()
    try workspace.storeVoice()
    try workspace.store("label,bell.gain,bell.frequency,bell.q\na,1,200,1\n".utf8, as: "table.csv")
    try workspace.store(try ChainDescription.bell.yaml().utf8, as: "chain.yaml")
    return workspace
  }

  /// Every command that writes a file, with the option that names it last.
  private static let writers: [[String]] = [
    ["import", "csv", "table.csv", "--chain", "chain.yaml", "-o"], ["export", "presets.h5", "-o"],
    ["fit", "presets.h5", "-o"], ["sample", "prior.h5", "-o"], ["sample", "prior.h5", "--mean", "-o"],
    ["score", "prior.h5", "presets.h5", "-o"], ["render", "presets.h5", "dry.wav", "-o"],
    [
      "objective", "--prior", "prior.h5", "--presets", "presets.h5", "--dry", "dry.wav", "--reference",
      "reference.wav", "-o",
    ],
  ]

  /// A name with an extension that the command writes.
  private static func name(_ name: String, of command: [String]) -> String {
    name + (command[0] == "render" ? ".wav" : ".csv")
  }

  private static let transfer = [
    "transfer", "--prior", "prior.h5", "--steps", "1", "--dry", "dry.wav", "--reference", "reference.wav", "-o",
  ]

  @Test(arguments: writers) func existingOutputIsKeptWithoutForce(command: [String]) throws {
    let workspace = try workspace()
    let kept = Self.name("kept", of: command)
    try workspace.store("precious".utf8, as: kept)
    try workspace.expectFailure(command + [kept], kept, "--force")
    try workspace.succeed(command + [kept, "--force"])
    #expect(try workspace.contents()[kept] != Data("precious".utf8))
  }

  @Test(arguments: ["preset.h5", "preset.json", "wet.wav", "trace.h5"])
  func existingTransferIsKeptWithoutForce(name: String) throws {
    let workspace = try workspace()
    try FileManager.default.createDirectory(atPath: workspace.path("out"), withIntermediateDirectories: true)
    try workspace.store("precious".utf8, as: "out/\(name)")
    try workspace.expectFailure(Self.transfer + ["out"], "out/\(name)", "--force")
    try workspace.succeed(Self.transfer + ["out", "--force"])
    #expect(try workspace.contents()["out/\(name)"] != Data("precious".utf8))
  }

  @Test func existingAuditionIsKeptWithoutForce() throws {
    let workspace = try workspace()
    try FileManager.default.createDirectory(atPath: workspace.path("a"), withIntermediateDirectories: true)
    try workspace.store("precious".utf8, as: "a/sample-2.wav")
    try workspace.expectFailure(
      ["sample", "prior.h5", "--count", "2", "-o", "s.h5", "--audition", "dry.wav", "--directory", "a"],
      "a/sample-2.wav", "--force")
  }

  /// A limit on the size of files stands for a disk that fills up.
  @Test(arguments: writers.filter { $0[1] != "csv" && !$0.contains("--mean") })
  func fullDisk(command: [String]) throws {
    let workspace = try workspace()
    let (new, old) = (Self.name("new", of: command), Self.name("old", of: command))
    try workspace.expectFailure(command + [new], new, fileSizeLimit: 4096)
    try workspace.store("precious".utf8, as: old)
    try workspace.expectFailure(command + [old, "--force"], old, fileSizeLimit: 4096)
  }

  @Test(arguments: [4096, 200_000]) func fullDiskDuringATransfer(limit: Int) throws {
    let workspace = try workspace()
    try workspace.expectFailure(Self.transfer + ["a/b"], "a/b/wet.wav", fileSizeLimit: limit)
  }

  /// The presets fit, the first rendering does not: they stay, and no folder without renderings does.
  @Test func fullDiskDuringAnAudition() throws {
    let workspace = try workspace()
    let result = try RunningTool(
      [
        "sample", "prior.h5", "--count", "2", "-o", "s.h5", "--audition", "dry.wav", "--directory", "a/b",
      ], folder: workspace.folder, fileSizeLimit: 100_000
    ).result()
    #expect(result.exitCode == 1)
    #expect(result.standardError.contains("a/b/sample-1.wav"), "\(result.standardError)")
    #expect(!FileManager.default.fileExists(atPath: workspace.path("a")))
    try workspace.succeed(["show", "s.h5"])
  }

  @Test func fullDevice() throws {
    let workspace = try workspace()
    try workspace.expectFailure(["score", "prior.h5", "presets.h5", "-o", "/dev/full"], "/dev/full", "full")
    try workspace.expectFailure(["fit", "presets.h5", "-o", "/dev/full"], "/dev/full")
  }

  /// `/sys` takes no files from anyone, the superuser included.
  @Test(arguments: writers) func readOnlyFolder(command: [String]) throws {
    let workspace = try workspace()
    let (system, absent) = (Self.name("/sys/out", of: command), Self.name("absent/out", of: command))
    try workspace.expectFailure(command + [system], system, "read-only")
    try workspace.expectFailure(command + [absent], absent, "no folder absent")
    if command[0] != "export" { try workspace.expectFailure(command + ["."], "folder") }
  }

  @Test func readOnlyFolderForATransfer() throws {
    let workspace = try workspace()
    try workspace.expectFailure(Self.transfer + ["/sys/out"], "/sys/out", "cannot be made")
    try workspace.expectFailure(Self.transfer + ["dry.wav/out"], "dry.wav/out", "cannot be made")
  }

  // MARK: - Ctrl-C

  @Test func interruptedRenderingLeavesNothing() throws {
    let workspace = try workspace()
    let voice = try workspace.audio("dry.wav").channels[0]
    let long = (0..<60).flatMap { _ in voice }
    try workspace.store(.init(channels: [long], sampleRate: 44_100), as: "long.wav")
    let before = try workspace.contents()
    let tool = try RunningTool(["render", "presets.h5", "long.wav", "-o", "wet.wav"], folder: workspace.folder)
    #expect(try tool.waitForMessage("render: "))
    tool.interrupt()
    let result = try tool.result()
    #expect(result.exitCode == 130)
    #expect(result.standardError.split(separator: "\n").last?.hasPrefix("priorkit: error: Interrupted") == true)
    #expect(try workspace.contents() == before)
  }

  /// The loop of a transfer is not reached yet: the first Ctrl-C ends the program.
  @Test func interruptedPreparationLeavesNothing() throws {
    let workspace = try workspace()
    let voice = try workspace.audio("dry.wav").channels[0]
    let long = (0..<200).flatMap { _ in voice }
    try workspace.store(.init(channels: [long], sampleRate: 44_100), as: "long.wav")
    let before = try workspace.contents()
    let tool = try RunningTool(
      Self.transfer + ["out", "--segment-seconds", "4", "--dry", "long.wav"], folder: workspace.folder)
    // The reference is ready, the long input is not.
    #expect(try tool.waitForMessage("reference.wav: gain"))
    tool.interrupt()
    let result = try tool.result()
    #expect(result.exitCode == 130)
    #expect(result.standardError.hasSuffix("priorkit: error: Interrupted: nothing more was written.\n"))
    #expect(try workspace.contents() == before)
  }
}
