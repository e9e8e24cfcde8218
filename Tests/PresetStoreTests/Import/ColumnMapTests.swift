import FXParams
import FileOutput
import Foundation
import NumericCore
import PresetStore
import TestSupport
import Testing

/// A shelf of which all but the gain is fixed, and two peaks.
let shelfAndPeaks = ChainDescription(
  series: [
    .biquad(.init(name: "low", response: .lowShelf, frequencyHz: .fixed(105), q: .fixed(0.7))),
    .biquad(.init(name: "peak1", response: .peak, frequencyHz: .init(20, 10_000), q: .init(0.18, 6))),
    .biquad(.init(name: "peak2", response: .peak, frequencyHz: .init(20, 10_000), q: .init(0.18, 6))),
  ], sends: [], hasDirectPan: false)

@Suite("Tables whose columns have names of their own")
struct ColumnMapTests {
  static let header = "device,source,ls_freq,ls_gain,pk1_khz,pk1_gain,pk1_q,pk2_khz,pk2_gain,pk2_q"
  static let row = "Phone,lab,105.0,3.5,0.2,-2.0,1.5,4.5,1.0,2.5"
  static let map = """
    device: label, group
    source: ignore
    ls_freq: low.frequency
    ls_gain: low.gain
    pk{n}_khz: peak{n}.frequency [kHz]
    pk{n}_gain: peak{n}.gain
    pk{n}_q: peak{n}.q
    """

  private func read(
    _ text: String, map: String = map, _ treatment: ValueTreatment = ValueTreatment()
  ) throws -> PresetCollection {
    let scratch = try Scratch()
    let path = scratch.file("map.yaml")
    try OutputFile.write(Data(map.utf8), to: path, overwrite: false)
    do {
      let columnMap = try ColumnMap(path: path)
      return try importTable(text, shelfAndPeaks, .init(columnMap: columnMap, treatment: treatment))
    } catch let error as DataError {
      throw Named(text: error.description.replacingOccurrences(of: path, with: "map.yaml"))
    }
  }

  private struct Named: Error { let text: String }

  private func expect(
    _ words: [String], _ text: String, map: String = map, sourceLocation: SourceLocation = #_sourceLocation
  ) {
    let error = #expect(throws: Named.self, sourceLocation: sourceLocation) { try read(text, map: map) }
    let message = error?.text ?? ""
    for word in words {
      #expect(message.contains(word), "\(message) should mention \(word)", sourceLocation: sourceLocation)
    }
  }

  @Test func titlesAreMapped() throws {
    let presets = try read("\(Self.header)\n\(Self.row)\n")
    #expect(presets.labels == ["Phone"] && presets.groups == ["Phone"])
    let values = presets.chain.parameterSpace.values(ofLogits: presets.theta.row(0))
    for (found, expected) in zip(values, [3.5, -2, 200, 1.5, 1, 4500, 2.5]) {
      #expect(abs(found - expected) < 1e-9 * abs(expected))
    }
  }

  @Test func namesOfParametersNeedNoEntry() throws {
    let header = Self.header.replacingOccurrences(of: "ls_gain", with: "low.gain")
    let map = Self.map.replacingOccurrences(of: "ls_gain: low.gain\n", with: "")
    #expect(try read("\(header)\n\(Self.row)\n", map: map).theta[0, 0] == 3.5)
  }

  /// A column that stands for a fixed number is checked, by any name.
  @Test func fixedColumnsAreChecked() throws {
    let other = Self.row.replacingOccurrences(of: "105.0", with: "110.0")
    expect(
      ["Line 3 of ", "ls_freq = 110.0 Hz", "low.frequency 105 Hz", "correct the cell", "a range"],
      "\(Self.header)\n\(Self.row)\n\(other)\n")
    let direct = Self.header.replacingOccurrences(of: "ls_freq", with: "low.frequency [kHz]")
    let map = Self.map.replacingOccurrences(of: "ls_freq: low.frequency\n", with: "")
    let kilo = Self.row.replacingOccurrences(of: "105.0", with: "0.105")
    #expect(try read("\(direct)\n\(kilo)\n", map: map).count == 1)
    expect(["low.frequency [kHz] = 105.0 kHz"], "\(direct)\n\(Self.row)\n", map: map)
  }

  @Test func valuesAreNamedByTheirColumn() {
    let bad = Self.row.replacingOccurrences(of: ",1.5,", with: ",7.5,")
    expect(["Line 2 of ", "pk1_q (peak1.q) = 7.5", "inside 0.18 .. 6.0"], "\(Self.header)\n\(bad)\n")
    let word = Self.row.replacingOccurrences(of: ",1.5,", with: ",high,")
    expect(["pk1_q (peak1.q) = \"high\""], "\(Self.header)\n\(word)\n")
  }

  @Test func allFaultsAreToldAtOnce() {
    let header = Self.header.replacingOccurrences(of: "source", with: "rig") + ",pk3_q,pk2_width"
    let map =
      Self.map.replacingOccurrences(of: "[kHz]", with: "[dB]") + "\npk{n}_width: peak{n}.q\nlabelling: label"
    expect(
      [
        "the column rig, which is no parameter", "name it in map.yaml",
        "takes the column pk3_q of ", "for peak3.q, which is no parameter of the chain (perhaps peak1.q)",
        "pk1_khz of ", "is in a unit that the parameter does not have: give it in Hz or kHz.",
        "the columns pk2_q and pk2_width, which are one parameter",
        "map.yaml names the columns source and labelling, which ",
      ], "\(header)\n\(Self.row),1,1\n", map: map)
  }

  @Test(arguments: [
    ("pk{n}_gain: peak1.gain", "{n} in the title of `pk{n}_gain: peak1.gain`"),
    ("pk1_gain: peak{n}.gain", "{n} in the parameter"), ("pk{n}_{n}: peak{n}.gain", "{n} twice"),
    ("a:", "no text for a column on line 1"), ("[1, 2]", "no mapping"), ("", "no mapping"),
    ("a: [b", "not YAML, line"), ("a: b\na: c", "stands twice"),
  ])
  func badMapsAreExplained(map: String, words: String) { expect(["map.yaml", words], "x\n1\n", map: map) }

  @Test func titlesOfSeveralPatternsAreRefused() {
    let (header, row) = (Self.header + ",pk12_q", Self.row + ",1")
    expect(
      ["The column pk12_q of ", "fits pk{n}_q and pk1{n}_q of map.yaml: name it alone."], "\(header)\n\(row)\n",
      map: Self.map + "\npk1{n}_q: ignore")
    #expect(throws: Never.self) {
      try read("\(header)\n\(row)\n", map: Self.map + "\npk1{n}_q: ignore\npk12_q: ignore")
    }
  }
}
