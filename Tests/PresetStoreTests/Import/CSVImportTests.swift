import FXParams
import FileOutput
import Foundation
import NumericCore
import PresetStore
import TestSupport
import Testing

@Suite struct CSVImportTests {
  private let chain = ChainDescription(
    series: [.biquad(.init(name: "tone", response: .lowShelf, frequencyHz: .init(30, 200)))], sends: [],
    hasDirectPan: false)

  private func read(_ text: String) throws -> PresetCollection {
    let scratch = try Scratch()
    try OutputFile.write(Data(text.utf8), to: scratch.file("x.csv"), overwrite: false)
    return try CSVImport.read(scratch.file("x.csv"), chain: chain)
  }

  @Test func columnsInAnyOrderQuotesAndLineEnds() throws {
    let presets = try read(
      "\u{FEFF}tone.frequency,\"label\", tone.gain ,group\r\n"
        + "115,\"a, \"\"b\"\"\nc\",-3,s\r\n\r\n 115 ,plain,1e-3,\"\"\r\n")
    #expect(presets.theta.values == [-3, 0, 1e-3, 0])
    #expect(presets.labels == ["a, \"b\"\nc", "plain"])
    #expect(presets.groups == ["s", ""])
  }

  @Test func everythingThatCanBeWrongIsNamedByLine() {
    let header = "tone.gain,tone.frequency\n"
    expectDataError(.empty, "x.csv") { _ = try read("") }
    expectDataError(.empty, "no presets") { _ = try read(header) }
    expectDataError(.missingColumns, "no column tone.frequency") { _ = try read("tone.gain\n1\n") }
    expectDataError(.wrongChain, "tone.width") { _ = try read("tone.gain,tone.width,tone.frequency\n1,2,3\n") }
    expectDataError(.invalidValue, "Line 2 ", "tone.q = 2.0", "fixes tone.q 0.707") {
      _ = try read("tone.gain,tone.q,tone.frequency\n1,2,100\n")
    }
    expectDataError(.malformed, "twice") { _ = try read("tone.gain,tone.gain,tone.frequency\n1,2,3\n") }
    expectDataError(.wrongShape, "Line 3 ", "1 cells", "2") { _ = try read(header + "1,100\n1\n") }
    expectDataError(.invalidValue, "Line 2 ", "tone.gain", "loud") { _ = try read(header + "loud,100\n") }
    expectDataError(.invalidValue, "Line 2 ", "nan") { _ = try read(header + "nan,100\n") }
    expectDataError(.invalidValue, "Line 3 ", "tone.frequency = 250.0 Hz", "30.0 .. 200.0") {
      _ = try read(header + "1,100\n1,250\n")
    }
    expectDataError(.malformed, "line 2", "never closed") { _ = try read(header + "\"1,100\n2,3\n") }
  }

  @Test func physicalValuesComeBackToTwelveDigitsAndLogitsExactly() throws {
    let scratch = try Scratch()
    var sample = PresetCollection.sample()
    sample.features = nil
    sample.featureNames = nil
    for scale in ValueScale.allCases {
      try CSVExport.write(sample, to: scratch.file("out.csv"), scale: scale, overwrite: true)
      try PresetJSON.write(sample, to: scratch.file("out.json"), scale: scale, overwrite: true)
      for back in [
        try CSVImport.read(scratch.file("out.csv"), chain: sample.chain),
        try PresetJSON.read(scratch.file("out.json"), chain: sample.chain),
      ] {
        #expect(back.labels == sample.labels && back.groups == sample.groups)
        let error = zip(back.theta.values, sample.theta.values).map { abs($0 - $1) }.max() ?? .infinity
        #expect(scale == .logits ? error == 0 : error < 1e-12, "\(error)")
      }
    }
  }

  @Test func valuesRoundedToTheirBoundNeedLogits() throws {
    let scratch = try Scratch()
    let extreme = PresetCollection(chain: chain, theta: Matrix(rows: 1, columns: 2, values: [0, 800]))
    try CSVExport.write(extreme, to: scratch.file("x.csv"), overwrite: false)
    expectDataError(.valueOnBound, "Line 2 ", "tone.frequency = 199.99999999999997 Hz", "import logits") {
      _ = try CSVImport.read(scratch.file("x.csv"), chain: chain)
    }
    expectDataError(.valueOnBound, "tone.frequency = 30.0 Hz", "import logits") {
      _ = try read("tone.gain,tone.frequency\n0,30\n")
    }
    try PresetJSON.write(extreme, to: scratch.file("x.json"), overwrite: false)
    expectDataError(.valueOnBound, "Preset 0 ", "import logits") {
      _ = try PresetJSON.read(scratch.file("x.json"), chain: chain)
    }
    try CSVExport.write(extreme, to: scratch.file("x.csv"), scale: .logits, overwrite: true)
    #expect(try CSVImport.read(scratch.file("x.csv"), chain: chain).theta == extreme.theta)
  }
}
