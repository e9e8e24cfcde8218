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
  /// Further datasets of numbers.
  var more: [(name: String, shape: [Int], values: [Double])] = []

  init() { names = chain.parameterSpace.names }

  func write(to path: String) throws {
    try HDF5Writer.create(path, overwrite: true) { writer in
      if let kind { try writer.set(kind, attribute: "priorkit_kind") }
      try writer.set(version, attribute: "priorkit_version")
      try writer.write(chain.yaml(), to: "/parameter_space")
      try writer.write(names, to: "/names")
      try writer.write(theta.values, shape: [theta.rows, theta.columns], to: "/theta", compressed: true)
      if let labels { try writer.write(labels, to: "/labels") }
      for (name, shape, values) in more { try writer.write(values, shape: shape, to: name) }
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

  /// Standard errors and information survive; errors alone are independent ones; what cannot be is named.
  @Test func errorsOfPresetsSurvive() throws {
    let scratch = try Scratch()
    let path = scratch.file("presets.h5")
    var collection = PresetCollection.sample()
    let (count, dimension) = (collection.count, collection.dimension)
    let errors = Matrix(
      rows: count, columns: dimension, values: (0..<count * dimension).map { 0.1 + Double($0) })
    let matrices = (0..<count).map { row in
      Matrix(
        rows: dimension, columns: dimension,
        values: (0..<dimension * dimension).map { Double(($0 / dimension + $0 % dimension) * row) })
    }
    collection.information = PresetInformation(
      matrices: matrices, standardErrors: errors, widths: Array(repeating: 2, count: dimension))
    collection.retrieval = RetrievalColumns(
      losses: (0..<count).map(Double.init), fluctuations: Array(repeating: 0.1, count: count),
      correlations: Array(repeating: 0.9, count: count), statuses: Array(repeating: "kept", count: count),
      refused: [.init(name: "x", reason: "silent")])
    let provenance = try Provenance(arguments: ["test"])
    try PresetFile.write(collection, to: path, provenance: provenance, overwrite: false)
    let read = try PresetFile.read(path)
    #expect(read.information == collection.information && read.retrieval == collection.retrieval)
    let some = read.selecting(rows: [3, 1])
    #expect(some.information?.matrices == [matrices[3], matrices[1]])
    #expect(some.information?.standardErrors.row(0) == errors.row(3) && some.retrieval?.losses == [3, 1])

    func expect(
      _ code: DataError.Code, _ text: String, _ sets: [(String, [Int], Double)],
      sourceLocation: SourceLocation = #_sourceLocation
    ) throws {
      var raw = RawPresets()
      raw.more = sets.map { ($0, $1, Array(repeating: $2, count: $1.reduce(1, *))) }
      try raw.write(to: path)
      expectDataError(code, path, text, sourceLocation: sourceLocation) { _ = try PresetFile.read(path) }
    }
    let sound = ("/standard_errors", [count, dimension], 0.5)
    try expect(.wrongShape, "/standard_errors", [("/standard_errors", [count, 2], 1)])
    try expect(.invalidValue, "standard error of 0", [("/standard_errors", [count, dimension], 0)])
    try expect(.invalidValue, "standard error of nan", [("/standard_errors", [count, dimension], .nan)])
    try expect(.wrongShape, "/information", [sound, ("/information", [count, dimension], 1)])
    try expect(.invalidValue, "/information", [sound, ("/information", [count, dimension, dimension], .infinity)])
    try expect(
      .invalidValue, "/information of preset 0", [sound, ("/information", [count, dimension, dimension], .nan)])
    let information = ("/information", [count, dimension, dimension], 1.0)
    try expect(.wrongShape, "/widths", [sound, information, ("/widths", [2], 1)])
    try expect(.invalidValue, "/widths", [sound, information, ("/widths", [dimension], -1)])
    try expect(.wrongShape, "/retrieval_loss", [("/retrieval_loss", [2], 1)])
    var raw = RawPresets()
    raw.more = [("/standard_errors", [count, dimension], errors.values)]
    try raw.write(to: path)
    let alone = try #require(PresetFile.read(path).information)
    #expect(alone.matrices[2][1, 1] == 1 / (errors[2, 1] * errors[2, 1]) && alone.matrices[2][0, 1] == 0)
    #expect(alone.widths == nil)
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
