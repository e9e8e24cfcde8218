import AudioFiles
import FXParams
import Foundation
import HDF5Store
import TestSupport
import Testing

/// What went wrong in the field: each input gives the sentence that it should.
@Suite("Faults from the field")
struct FieldFaultTests {
  // MARK: - Commands and outputs

  @Test func unknownCommandsAreNamed() throws {
    let result = try runTool(["fti", "x"])
    #expect(result.exitCode == 64)
    #expect(result.standardError.contains("There is no command fti: did you mean fit?"))
  }

  @Test func extensionsSayTheFormat() throws {
    let workspace = try Workspace()
    try workspace.storePrior()
    try workspace.storeVoice(seconds: 0.5)
    for (name, words) in [("x.mp3", ".wav, .flac"), ("x", ".wav, .flac"), ("x.txt", "must end in one of")] {
      let result = try workspace.run(["render", "presets.h5", "dry.wav", "-o", name])
      #expect(result.exitCode == 64 && result.standardError.contains(words), "\(result.standardError)")
    }
    let magic = ["wav": "RIFF", "flac": "fLaC", "aiff": "FORM", "w64": "riff", "caf": "caff", "ogg": "OggS"]
    for format in AudioWriter.Format.byExtension {
      let name = "wet." + format.rawValue
      try workspace.succeed(["render", "presets.h5", "dry.wav", "-o", name])
      let bytes = try Data(contentsOf: workspace.folder.appendingPathComponent(name))
      #expect(String(decoding: bytes.prefix(4), as: UTF8.self) == magic[format.rawValue])
      #expect(try workspace.audio(name).frameCount == 22_050)
    }
    let posterior = try workspace.run(["posterior", "--prior", "prior.h5", "--from-prior", "-o", "p.csv"])
    #expect(posterior.exitCode == 64 && posterior.standardError.contains(".nc or .h5"))
  }

  @Test func oneFileIsOneOutput() throws {
    let workspace = try Workspace()
    try workspace.storePrior()
    let result = try workspace.run(["compare", "presets.h5", "--checkpoint", "x.csv", "-o", "./x.csv"])
    #expect(result.exitCode == 64 && result.standardError.contains("name two files"))
    let mean = try workspace.run(["sample", "prior.h5", "--mean", "--count", "4", "-o", "m.h5"])
    #expect(mean.exitCode == 64 && mean.standardError.contains("--mean writes one preset"))
  }

  @Test func byproductsAreNamed() throws {
    let workspace = try Workspace()
    try HDF5Writer.create(workspace.path("trace.h5"), overwrite: false) {
      try $0.write([1.0], shape: [1], to: "/loss")
      try $0.write([1.0], shape: [1, 1], to: "/theta")
    }
    try workspace.expectFailure(["score", "trace.h5", "trace.h5"], "trace.h5")
    try workspace.expectFailure(["export", "trace.h5", "-o", "out.csv"], "the trace of a transfer")
  }

  // MARK: - Terminals

  @Test func controlCharactersDoNotReachTheTerminal() throws {
    let workspace = try Workspace()
    try workspace.store(
      "label,bell.gain,bell.frequency,bell.q\n\u{1B}[2Jx,1,100,1\ny\u{7},2,200,2\n".utf8, as: "x.csv")
    try workspace.store(try ChainDescription.bell.yaml().utf8, as: "chain.yaml")
    try workspace.succeed(["import", "csv", "x.csv", "--chain", "chain.yaml", "-o", "x.h5"])
    let shown =
      try workspace.succeed(["describe", "x.h5"]).standardOutput
      + workspace.succeed(["distance", "x.h5", "x.h5"]).standardOutput
    #expect(!shown.unicodeScalars.contains { $0.value < 32 && $0 != "\n" }, "\(shown.debugDescription)")
    #expect(shown.contains("\\u{1B}[2Jx"))
    let result = try workspace.run(["show", "a\u{1B}[2J" + String(repeating: "b", count: 500) + ".h5"])
    #expect(!result.standardError.contains("\u{1B}") && result.standardError.count < 400)
  }

  @Test(arguments: [
    (["sample", "prior.h5", "--count", "3", "-o", ""], "The argument after -o is empty"),
    (["fit", "", "-o", "prior.h5"], "The argument after fit is empty"),
    (["fit", "presets.h5", "--output="], "The value of --output is empty"),
    ([""], "The first argument is empty"),
  ])
  func emptyArgumentsAreTold(_ arguments: [String], sentence: String) throws {
    let workspace = try Workspace()
    let result = try workspace.run(arguments)
    #expect(result.exitCode == 64 && result.standardError.contains(sentence))
    #expect(result.standardError.contains("shell variable"))
    #expect(try workspace.contents().isEmpty)
  }

  @Test func argumentsThatAreNoTextAreTold() throws {
    let workspace = try Workspace()
    let process = Process()
    process.executableURL = URL(fileURLWithPath: "/bin/sh")
    process.arguments = [
      "-c", "'\(toolURL.path)' show \"$(printf 'caf\\351.h5')\" 2> error.txt; echo $? > code.txt",
    ]
    process.currentDirectoryURL = workspace.folder
    try process.run()
    process.waitUntilExit()
    #expect(try workspace.text("code.txt") == "64\n")
    #expect(try workspace.text("error.txt").contains("is not UTF-8 text: rename the file"))
  }

  // MARK: - Pipes

  @Test func tablesAndRecordingsComeThroughPipes() throws {
    let workspace = try Workspace()
    try workspace.storePrior()
    try workspace.storeVoice(seconds: 0.5)
    try workspace.store("bell.gain,bell.frequency,bell.q\n1,100,1\n2,200,2\n".utf8, as: "x.csv")
    try workspace.store(try ChainDescription.bell.yaml().utf8, as: "chain.yaml")
    func shell(_ command: String) throws -> (code: Int32, error: String) {
      let process = Process()
      process.executableURL = URL(fileURLWithPath: "/bin/bash")
      process.arguments = ["-c", command.replacing("priorkit", with: "'\(toolURL.path)'") + " 2> error.txt"]
      process.currentDirectoryURL = workspace.folder
      try process.run()
      process.waitUntilExit()
      return (process.terminationStatus, try workspace.text("error.txt"))
    }
    let table = try shell("timeout 20 priorkit import csv <(cat x.csv) --chain <(cat chain.yaml) -o piped.h5 -q")
    #expect(table.code == 0, "\(table.error)")
    try workspace.succeed(["import", "csv", "x.csv", "--chain", "chain.yaml", "-o", "plain.h5", "-q"])
    let thetas = try ["piped.h5", "plain.h5"].map { try workspace.open($0).doubles("/theta").values }
    #expect(thetas[0] == thetas[1])
    let dry = try shell(
      "mkfifo dry; (cat dry.wav > dry &); timeout 20 priorkit render presets.h5 dry -o piped.wav -q")
    #expect(dry.code == 0, "\(dry.error)")
    try workspace.succeed(["render", "presets.h5", "dry.wav", "-o", "plain.wav", "-q"])
    #expect(try workspace.audio("piped.wav") == workspace.audio("plain.wav"))
    let distance = try shell("timeout 20 priorkit distance <(cat plain.wav) <(cat piped.wav)")
    #expect(distance.code == 0, "\(distance.error)")
    let presets = try shell("timeout 20 priorkit show <(cat presets.h5)")
    #expect(presets.code == 1 && presets.error.contains("is a pipe"), "\(presets.error)")
  }

  // MARK: - Surroundings

  @Test func decodersSayNothingOfTheirOwn() throws {
    let workspace = try Workspace()
    try workspace.storePrior()
    try workspace.store(
      Array("ID3".utf8) + (0..<20_000).map { UInt8(truncatingIfNeeded: $0 &* 73) }, as: "noise.mp3")
    let result = try workspace.run(["render", "presets.h5", "noise.mp3", "-o", "wet.wav", "--quiet"])
    #expect(result.exitCode == 1)
    #expect(result.standardError.split(separator: "\n").count == 1, "\(result.standardError)")
  }

  @Test func tooLittleAddressSpaceIsTold() throws {
    let process = Process()
    let output = Pipe()
    process.executableURL = URL(fileURLWithPath: "/bin/sh")
    process.arguments = ["-c", "ulimit -v 900000; timeout 20 '\(toolURL.path)' fit x.h5 -o y.h5 2>&1"]
    process.standardOutput = output
    try process.run()
    let text = String(decoding: try output.fileHandleForReading.readToEnd() ?? Data(), as: UTF8.self)
    process.waitUntilExit()
    #expect(process.terminationStatus == 1 && text.contains("ulimit -v"), "\(text)")
  }

  @Test func askedToEndATransferKeepsWhatItHas() throws {
    let workspace = try Workspace()
    try workspace.storePrior()
    try workspace.storeVoice(seconds: 1)
    let arguments = [
      "transfer", "--prior", "prior.h5", "--reference", "reference.wav", "--dry", "dry.wav", "--optimiser",
      "adam", "--steps",
      "2000", "-o", "out",
    ]
    let run = try RunningTool(arguments, folder: workspace.folder)
    #expect(try run.waitForMessage("%"))
    run.terminate()
    #expect(try run.result().exitCode == 130)
    #expect(workspace.exists("out/state.h5"))
  }
}
