import FXParams
import FileOutput
import Foundation
import NumericCore
import PresetStore
import TestSupport
import Testing

@Suite struct ExportTests {
  /// The entries of an archive without compression, by the local headers of the zip format.
  private func entries(_ archive: Data) -> [String: Data] {
    var entries: [String: Data] = [:]
    var offset = 0
    func number(_ position: Int, _ count: Int) -> Int {
      (0..<count).reversed().reduce(0) { $0 << 8 | Int(archive[offset + position + $1]) }
    }
    while offset + 30 < archive.count, number(0, 4) == 0x0403_4B50 {
      #expect(number(8, 2) == 0, "an entry is compressed")
      let size = number(18, 4)
      let nameEnd = 30 + number(26, 2)
      let start = offset + nameEnd + number(28, 2)
      entries[String(decoding: archive[offset + 30..<offset + nameEnd], as: UTF8.self)] =
        Data(archive[start..<start + size])
      offset = start + size
    }
    return entries
  }

  @Test func archiveHoldsTheArrays() throws {
    let scratch = try Scratch()
    let path = scratch.file("presets.npz")
    let sample = PresetCollection.sample()
    try NPZExport.write(sample, to: path, overwrite: false)
    let entries = entries(try Data(contentsOf: URL(fileURLWithPath: path)))
    #expect(
      Set(entries.keys) == [
        "theta.npy", "values.npy", "names.npy", "units.npy", "labels.npy", "groups.npy", "features.npy",
        "feature_names.npy",
      ])
    let theta = try NPYArray(try #require(entries["theta.npy"]), path: "theta.npy")
    #expect(theta.shape == [5, 13])
    #expect(try theta.numbers() == sample.theta.values)
    let values = try NPYArray(try #require(entries["values.npy"]), path: "values.npy").numbers()
    #expect(Array(values[..<13]) == sample.chain.parameterSpace.values(ofLogits: sample.theta.row(0)))
    #expect(throws: OutputError.exists(path: path)) { try NPZExport.write(sample, to: path, overwrite: false) }
  }

  @Test func archivesTellWhatPresetsLack() throws {
    let scratch = try Scratch()
    let path = scratch.file("presets.npz")
    let presets = PresetCollection.varying(count: 5)
    try NPZExport.write(presets, to: path, overwrite: false)
    let entries = entries(try Data(contentsOf: URL(fileURLWithPath: path)))
    #expect(Set(entries.keys).isSuperset(of: ["present.npy", "optional_effects.npy", "order.npy"]))
    let orders = try NPYArray(try #require(entries["order.npy"]), path: "order.npy")
    #expect(try orders.shape == [5] && orders.integers() == [0, 1, 0, 0, 1])
    let present = try NPYArray(try #require(entries["present.npy"]), path: "present.npy")
    #expect(try present.shape == [5, 4] && present.booleans() == (presets.patterns ?? []).flatMap(\.present))
    for name in ["theta.npy", "values.npy"] {
      let numbers = try NPYArray(try #require(entries[name]), path: name).numbers()
      #expect(numbers.map(\.isNaN) == presets.theta.values.map(\.isNaN))
    }
  }

  @Test(.enabled(if: numpyIsAvailable, "python3 with numpy is absent")) func numpyReadsTheArchive() throws {
    let scratch = try Scratch()
    let path = scratch.file("presets.npz")
    try NPZExport.write(.sample(), to: path, overwrite: false)
    let program =
      "import numpy, sys; a = numpy.load(sys.argv[1]); "
      + "assert a['theta'].shape == (5, 13) and a['labels'][1] == 'preset, \"1\" \\xe9' and a['names'][0] == "
      + "'peak.gain'"
    #expect(try runPython(["-c", program, path]) == 0)
  }

  @Test func jsonNamesValuesWithUnits() throws {
    let text = try PresetJSON.text(.sample())
    let presets = try #require(try JSONSerialization.jsonObject(with: Data(text.utf8)) as? [[String: Any]])
    let parameters = try #require(presets[0]["parameters"] as? [[String: Any]])
    #expect(presets.count == 5 && parameters.count == 13)
    #expect(parameters[1]["name"] as? String == "peak.frequency" && parameters[1]["unit"] as? String == "Hz")
  }

  @Test func jsonThatDoesNotFitIsNamed() throws {
    let scratch = try Scratch()
    let sample = PresetCollection.sample()
    let good = try PresetJSON.text(sample)
    let path = scratch.file("x.json")
    let cases: [(String, String, DataError.Code, String)] = [
      ("peak.gain", "peak.level", .wrongChain, "peak.level"), ("\"Hz\"", "\"kHz\"", .invalidValue, "in kHz"),
      ("peak.gain", "peak.q", .malformed, "peak.q twice"), ("[", "{", .malformed, "docs/file-formats.md"),
    ]
    for (old, new, code, text) in cases {
      try OutputFile.write(Data(good.replacingOccurrences(of: old, with: new).utf8), to: path, overwrite: true)
      expectDataError(code, text, path) { _ = try PresetJSON.read(path, chain: sample.chain) }
    }
  }
}

private func runPython(_ arguments: [String]) throws -> Int32 {
  let process = Process()
  process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
  process.arguments = ["python3"] + arguments
  process.standardError = FileHandle.nullDevice
  try process.run()
  process.waitUntilExit()
  return process.terminationStatus
}

private let numpyIsAvailable = (try? runPython(["-c", "import numpy"])) == 0
