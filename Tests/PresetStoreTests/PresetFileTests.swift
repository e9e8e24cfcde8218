import FXParams
import FileOutput
import Foundation
import HDF5Store
import NumericCore
import PresetStore
import TestSupport
import Testing

/// Writes a preset file by hand, one part of it wrong.
private struct RawPresets {
  var kind: String? = "presets"
  var version = 1
  var chain = PresetCollection.sample().chain
  var names: [String]
  var theta = PresetCollection.sample().theta
  var labels: [String]?

  init() { names = chain.parameterSpace.names }

  func write(to path: String) throws {
    try HDF5Writer.create(path, overwrite: true) { writer in
      if let kind { try writer.set(kind, attribute: "priorkit_kind") }
      try writer.set(version, attribute: "priorkit_version")
      try writer.write(chain.yaml(), to: "/parameter_space")
      try writer.write(names, to: "/names")
      try writer.write(theta.values, shape: [theta.rows, theta.columns], to: "/theta", compressed: true)
      if let labels { try writer.write(labels, to: "/labels") }
    }
  }
}

@Suite struct PresetFileTests {
  @Test(arguments: [true, false]) func presetsAndProvenanceSurvive(named: Bool) throws {
    let scratch = try Scratch()
    let path = scratch.file("presets.h5")
    let input = scratch.file("input")
    try OutputFile.write(Data("abc".utf8), to: input, overwrite: false)
    let collection = PresetCollection.sample(named: named)
    let provenance = try Provenance(
      arguments: ["priorkit", "import", "it's here"], seed: .max, inputPaths: [input],
      date: Date(timeIntervalSince1970: 0))
    try PresetFile.write(collection, to: path, provenance: provenance, overwrite: false)
    #expect(try PresetFile.read(path).isEqual(to: collection))
    let stored = try Provenance(ofFile: path)
    #expect(stored == provenance)
    #expect(stored.command == #"priorkit import 'it'\''s here'"#)
    #expect(stored.date == "1970-01-01T00:00:00Z")
    #expect(stored.seed == .max)
    // FIPS 180-2, example B.1.
    #expect(stored.inputs[0].sha256 == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad")
    #expect(throws: OutputError.exists(path: path)) {
      try PresetFile.write(collection, to: path, provenance: provenance, overwrite: false)
    }
  }

  @Test func everythingThatCanBeWrongIsNamed() throws {
    let scratch = try Scratch()
    let path = scratch.file("presets.h5")
    func expect(
      _ code: DataError.Code, _ texts: String, sourceLocation: SourceLocation = #_sourceLocation,
      _ change: (inout RawPresets) -> Void
    ) throws {
      var raw = RawPresets()
      change(&raw)
      try raw.write(to: path)
      expectDataError(code, path, texts, sourceLocation: sourceLocation) { _ = try PresetFile.read(path) }
    }
    try RawPresets().write(to: path)
    #expect(try PresetFile.read(path).count == 5)
    try expect(.wrongKind, "priorkit_kind") { $0.kind = nil }
    try expect(.wrongKind, "a prior, not presets") { $0.kind = "prior" }
    try expect(.newerVersion, "version 2") { $0.version = 2 }
    try expect(.malformed, "version 0") { $0.version = 0 }
    try expect(.wrongShape, "12 entries but its chain has 13") { $0.names.removeLast() }
    try expect(.wrongChain, "Parameter 1 ") { $0.names.swapAt(1, 2) }
    try expect(.wrongShape, "/theta") { $0.theta = Matrix(rows: 2, columns: 12) }
    try expect(.invalidValue, "Preset 3 ") { $0.theta[3, 1] = .nan }
    try expect(.invalidValue, "peak.frequency = inf") { $0.theta[3, 1] = .infinity }
    try expect(.empty, "no presets") { $0.theta = Matrix(rows: 0, columns: 13) }
    try expect(.wrongShape, "/labels") { $0.labels = ["one"] }
  }

  @Test func unsoundCollectionsAreNotWritten() throws {
    let scratch = try Scratch()
    let path = scratch.file("presets.h5")
    var collection = PresetCollection.sample()
    collection.theta[2, 0] = .nan
    let provenance = try Provenance(arguments: ["test"])
    for (weights, text) in [
      ([1, 1, -1, 1, 1], "Preset 2"), ([1, 1, 1, .nan, 1], "Preset 3"), ([0, 0, 0, 0, 0], "/weights"),
    ] {
      var weighted = PresetCollection.sample()
      weighted.weights = weights
      expectDataError(.invalidValue, path, text) {
        try PresetFile.write(weighted, to: path, provenance: Provenance(arguments: ["test"]), overwrite: false)
      }
    }
    expectDataError(.wrongShape, "/weights") {
      var short = PresetCollection.sample()
      short.weights = [1]
      try PresetFile.write(short, to: path, provenance: Provenance(arguments: ["test"]), overwrite: false)
    }
    expectDataError(.invalidValue, "Preset 2", "peak.gain") {
      try PresetFile.write(collection, to: path, provenance: provenance, overwrite: false)
    }
    #expect(!FileManager.default.fileExists(atPath: path))
    #expect(throws: OutputError.self) {
      try PresetFile.write(.sample(), to: "/proc/presets.h5", provenance: provenance, overwrite: false)
    }
    #expect(throws: HDF5Error.self) { try PresetFile.read(path) }
    expectDataError(.malformed, "There is no file") { _ = try Provenance(inputPaths: [path]) }
  }
}
