import AudioFiles
import FXParams
import Foundation
import HDF5Store
import NumericCore
import PriorKit
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
    for format in AudioWriter.Format.allCases {
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
    try workspace.expectFailure(["show", "trace.h5"], "the trace of a transfer")
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
    let presets = try shell("timeout 20 priorkit show <(cat presets.h5)")
    #expect(presets.code == 1 && presets.error.contains("is a pipe"), "\(presets.error)")
  }

  // MARK: - Values

  @Test func weightsOfAnyUnitFitAlike() throws {
    let workspace = try Workspace()
    try workspace.storeSmallPresets()
    var presets = try PresetFile.read(workspace.path("small.h5"))
    var scatters: [[Double]] = []
    for (number, unit) in [1, 1e160, 1e-200, 1e300].enumerated() {
      presets.weights = (0..<presets.count).map { Double($0 % 5 + 1) * unit / 5 }
      try PresetFile.write(
        presets, to: workspace.path("w\(number).h5"), provenance: Provenance(arguments: ["test"]), overwrite: true)
      try workspace.succeed(["fit", "w\(number).h5", "-o", "p\(number).h5", "-q"])
      try workspace.succeed(["fit", "w\(number).h5", "--family", "ledoit-wolf", "-o", "l\(number).h5", "-q"])
      try workspace.succeed(["fit", "w\(number).h5", "--statistics-only", "-o", "s\(number).h5", "-q"])
      try workspace.succeed(["merge", "s\(number).h5", "-o", "m\(number).h5", "-q"])
      scatters.append(
        try ["p", "l", "m"].flatMap { try workspace.open("\($0)\(number).h5").doubles("/covariance").values })
      let count = try #require(PriorFile.read(workspace.path("l\(number).h5")).record).effectivePresetCount
      #expect(abs(count - 40.0 * 9 / 11) < 1e-9, "\(count)")
    }
    for other in scatters.dropFirst() {
      for (one, two) in zip(scatters[0], other) { #expect(abs(one - two) <= 1e-10 * max(1, abs(one))) }
    }
  }

  @Test func hugeLogitsAreNamed() throws {
    let workspace = try Workspace()
    try workspace.storeVoice(seconds: 0.5)
    var presets = try PresetFile.read(DefaultData.file("presets.h5").path)
    presets.theta[2, 100] = 1e308
    let name = presets.chain.parameterSpace.names[100]
    try PresetFile.write(
      presets, to: workspace.path("x.h5"), provenance: Provenance(arguments: ["test"]), overwrite: false)
    try workspace.expectFailure(
      ["render", "x.h5", "--row", "2", "dry.wav", "-o", "wet.wav"], name, "1e+308", "Preset 2")
    try workspace.expectFailure(
      ["fit", "x.h5", "-o", "p.h5", "--family", "oas"], name, "1e+308", "beyond any number")
    try workspace.expectFailure(["canonicalise", "x.h5", "-o", "c.h5"], name, "1e+308")
    try workspace.expectFailure(["distance", "x.h5", "x.h5"], "beyond any number")
  }

  @Test func statisticsThatNoPresetsHaveAreRefused() throws {
    let workspace = try Workspace()
    try workspace.storeSmallPresets()
    try workspace.succeed(["fit", "small.h5", "--statistics-only", "-o", "s.h5", "-q"])
    let statistics = try StatisticsFile.read(workspace.path("s.h5"))
    func store(_ name: String, _ change: (HDF5Writer) throws -> Void, without: Set<String>) throws {
      try HDF5Writer.create(workspace.path(name), overwrite: true) { writer in
        let reader = try workspace.open("s.h5")
        for dataset in ["/parameter_space", "/names", "/units"] {
          try writer.write(reader.strings(dataset), to: dataset)
        }
        try writer.set("statistics", attribute: "priorkit_kind")
        try writer.set(1, attribute: "priorkit_version")
        if !without.contains("count") { try writer.set(statistics.count, attribute: "count") }
        for dataset in ["/weight_sums", "/mean", "/minimum", "/maximum", "/scatter"]
        where !without.contains(dataset) {
          let (shape, values) = try reader.doubles(dataset)
          try writer.write(values, shape: shape, to: dataset)
        }
        try change(writer)
      }
    }
    for (name, count) in [("fraction", 39.5), ("huge", 1e300), ("negative", -1), ("nan", .nan)] {
      try store(name + ".h5", { try $0.set(count, attribute: "count") }, without: ["count"])
      try workspace.expectFailure(["merge", "s.h5", name + ".h5", "-o", "m.h5"], name + ".h5")
    }
    try store("many.h5", { try $0.set(Int.max - 1, attribute: "count") }, without: ["count"])
    try workspace.expectFailure(["merge", "many.h5", "many.h5", "-o", "m.h5"], "many.h5")
    try store("sums.h5", { try $0.write([1, 1e9], shape: [2], to: "/weight_sums") }, without: ["/weight_sums"])
    try workspace.expectFailure(["merge", "s.h5", "sums.h5", "-o", "m.h5"], "sums.h5")
    try store("least.h5", { try $0.write([1e6, 1e6, 1e6], shape: [3], to: "/minimum") }, without: ["/minimum"])
    try workspace.expectFailure(["merge", "s.h5", "least.h5", "-o", "m.h5"], "least.h5", "bell.gain")
    // Finite parts whose whole is not.
    for (name, mean) in [("far", 1e200), ("other", -1e200)] {
      try store(
        name + ".h5",
        {
          for dataset in ["/mean", "/minimum", "/maximum"] {
            try $0.write([mean, mean, mean], shape: [3], to: dataset)
          }
          try $0.write([Double](repeating: 0, count: 9), shape: [3, 3], to: "/scatter")
        }, without: ["/mean", "/minimum", "/maximum", "/scatter"])
    }
    try workspace.expectFailure(
      ["merge", "far.h5", "other.h5", "--statistics-only", "-o", "m.h5"], "beyond any number")
  }

  @Test func fitsOfTooFewPresetsNameFamilies() throws {
    let workspace = try Workspace()
    try workspace.storeSmallPresets(3)
    try workspace.expectFailure(["fit", "small.h5", "-o", "p.h5"], "ledoit-wolf")
  }
}
