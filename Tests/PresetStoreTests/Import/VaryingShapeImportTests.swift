import FXParams
import Foundation
import NumericCore
import PresetStore
import TestSupport
import Testing

/// Tables whose empty cells say what a preset lacks.
@Suite struct VaryingShapeImportTests {
  private let chain = varyingChain
  /// Every parameter at one logit, by name.
  private var full: [Column] { columns(of: varyingChain) }

  /// A row with the cells of some parameters emptied: those whose names begin so.
  private func emptying(_ names: String..., cells: [Column]? = nil) -> [Column] {
    (cells ?? full).map { cell in
      names.contains { cell.title == $0 || cell.title.hasPrefix($0 + ".") } ? (cell.title, " ") : cell
    }
  }

  /// All cells of slap, and the gains of what it feeds.
  private var withoutSlap: [Column] { emptying("slap", "echo.send", "long.send.slap") }

  private func rows(_ rows: [[Column]]) -> String {
    ([rows[0].map(\.title)] + rows.map { $0.map(\.value) }).map { $0.joined(separator: ",") + "\n" }.joined()
  }

  private func refuse(
    _ cells: [Column], _ words: String..., code: DataError.Code = .invalidValue,
    sourceLocation: SourceLocation = #_sourceLocation
  ) {
    expectDataError(code, words, sourceLocation: sourceLocation) { _ = try importTable(table(cells), chain) }
  }

  // MARK: - Cells

  @Test func effectsWithoutACellAreAbsent() throws {
    let presets = try importTable(
      rows([full, emptying("comp"), withoutSlap, emptying("low", "long")]), chain)
    #expect(
      presets.patterns?.map(\.present) == [
        [true, true, true, true], [true, false, true, true], [true, true, false, true], [false, true, true, false],
      ])
    for row in 0..<4 {
      let absent = Set(chain.absentPositions(presets.pattern(of: row)))
      #expect(absent.isEmpty == (row == 0))
      for (column, logit) in presets.theta.row(row).enumerated() {
        #expect(absent.contains(column) ? logit.isNaN : abs(logit - 0.3) < 1e-12)
      }
    }
    #expect(try importTable(table(full), chain).patterns == nil)
  }

  @Test func halfAnEffectIsNamedByLineEffectAndColumn() {
    refuse(emptying("comp.ratio"), "Line 2 of ", "no value of comp.ratio", "others of comp")
    refuse(emptying("low.gain"), "no value of low.gain", "leave out all of low")
    refuse(emptying("peak.q"), "no value of peak.q", "peak is not optional", "mark it so in the chain")
    refuse(emptying("peak"), "no value of peak.gain", "peak is not optional")
    refuse(emptying("direct"), "no value of direct.pan: give one")
    // The gain between two sends belongs to both.
    refuse(emptying("long.send.echo"), "no value of long.send.echo", "both echo and long")
    refuse(emptying("slap"), "has a value of echo.send but nothing else of slap")
    refuse(
      emptying("slap", "long", cells: full).map { $0.title == "long.send.slap" ? ($0.title, "0.5") : $0 },
      "has a value of ")
  }

  @Test func chainsWithoutOptionalEffectsTellEmptyCellsToo() {
    expectDataError(.invalidValue, ["Line 2 of ", "no value of tone.q", "tone is not optional"]) {
      _ = try importTable(table(emptying("tone.q", cells: columns(of: three))), three)
    }
  }

  @Test func aRowOfNothingIsRefused() {
    var bare = ChainDescription(series: Array(chain.series.prefix(1)), sends: [])
    bare.optionalEffects = ["low"]
    expectDataError(.invalidValue, ["Line 2 of ", "no effect of the chain"]) {
      _ = try importTable(table(emptying("low", cells: columns(of: bare))), bare)
    }
  }

  // MARK: - Columns

  @Test func effectsWithoutAColumnAreAbsentInAll() throws {
    var remarks: [String] = []
    let cells = withoutSlap.filter { $0.value != " " }
    let presets = try importTable(table(cells), chain) { remarks.append($0) }
    #expect(presets.patterns == [ChainPattern(present: [true, true, false, true])])
    #expect(remarks == ["x.csv: absent in every preset, for want of columns: slap"])
    // With neutral values in their place none is absent.
    let filled = try importTable(table(cells), chain, .init(fillsAbsentEffects: true))
    #expect(filled.patterns == nil)
    // One column of it is too few or too many.
    refuse(cells + [("slap.time", "300")], "no columns", code: .missingColumns)
  }

  @Test func ordersAreNumbersFromOne() throws {
    let values = ["1", "", "2", " 2.0 "]
    let presets = try importTable(rows(values.map { full + [("order", $0)] }), chain)
    #expect(presets.patterns?.map(\.order) == [0, 0, 1, 1])
    for wrong in ["0", "3", "1.5", "second", "nan"] {
      refuse(full + [("order", wrong)], "Line 2 of ", "order \"\(wrong)\"", "from 1 to 2")
    }
    expectDataError(.malformed, ["order", "one order alone"]) {
      _ = try importTable(table(columns(of: three) + [("order", "1")]), three)
    }
    // Where the compressor is absent both orders are one.
    #expect(try importTable(table(emptying("comp") + [("order", "2")]), chain).patterns?[0].order == 0)
  }

  @Test func ordersHaveARoleInMaps() throws {
    let scratch = try Scratch()
    try Data("routing: order\n".utf8).write(to: URL(fileURLWithPath: scratch.file("map.yaml")))
    let map = try ColumnMap(path: scratch.file("map.yaml"))
    let presets = try importTable(table(full + [("routing", "2")]), chain, .init(columnMap: map))
    #expect(presets.patterns?[0].order == 1)
  }

  @Test func fixedColumnsOfAbsentEffectsMayBeEmpty() throws {
    let quality = (title: "low.q", value: "")
    #expect(try importTable(table(emptying("low") + [quality]), chain).patterns != nil)
    refuse(full + [quality], "low.q")
  }

  // MARK: - Treatments

  @Test func boundsAndRoundingHeedNoAbsentCell() throws {
    let frequencies = ["30", "200", "", "61.5", "93.5", "107.5", "44.5"]
    let text = rows(
      frequencies.map { value in
        full.map { cell in
          switch cell.title {
          case "low.frequency": (cell.title, value)
          case "low.gain": (cell.title, value.isEmpty ? "" : "1.5")
          default: cell
          }
        }
      })
    for rule in [ValueTreatment.AtBounds.clamp, .widen] {
      let treated = try importTable(text, chain, .init(treatment: .init(atBounds: rule, ditherSeed: 3)))
      let column = treated.theta.column(try #require(chain.parameterSpace.index(of: "low.frequency")))
      #expect(column.map(\.isNaN) == frequencies.map(\.isEmpty))
      #expect(treated.pattern(of: 2).present == [false, true, true, true])
      #expect(treated.adjustments?.contains { $0.contains("low.frequency 0.5 Hz") } == true)
      #expect(
        treated.chain.optionalEffects == chain.optionalEffects && treated.chain.furtherOrders == chain.furtherOrders
      )
    }
  }

  // MARK: - Round trips

  @Test(arguments: [ValueScale.physical, .logits]) func exportedTablesAndJSONComeBack(scale: ValueScale) throws {
    let scratch = try Scratch()
    let presets = PresetCollection.varying()
    let text = CSVExport.text(presets, scale: scale)
    #expect(text.hasPrefix("label,group,order,"))
    let back = try importTable(text, chain)
    try PresetJSON.write(presets, to: scratch.file("x.json"), scale: scale, overwrite: false)
    let other = try PresetJSON.read(scratch.file("x.json"), chain: chain)
    for copy in [back, other] {
      #expect(copy.patterns == presets.patterns && copy.labels == presets.labels && copy.groups == presets.groups)
      if scale == .logits { #expect(copy.isSame(as: presets)) }
      // Values that were read once stay as they are.
      #expect(
        zip(copy.theta.values, presets.theta.values).allSatisfy {
          $0.isNaN && $1.isNaN || abs(abs($0) - abs($1)) < 1e-9
        })
    }
    #expect(CSVExport.text(back, scale: .logits) == CSVExport.text(try importTable(text, chain), scale: .logits))
  }

  @Test func jsonTellsHalfAnEffect() throws {
    let scratch = try Scratch()
    let text = try PresetJSON.text(.varying(count: 3))
    let path = scratch.file("x.json")
    try Data(text.replacing("\"comp.ratio\"", with: "\"comp.attack\"").utf8).write(to: URL(fileURLWithPath: path))
    #expect(throws: DataError.self) { _ = try PresetJSON.read(path, chain: chain) }
    try Data("[{\"parameters\": [{\"name\": \"peak.gain\", \"value\": 1}], \"order\": 2}]".utf8)
      .write(to: URL(fileURLWithPath: path))
    expectDataError(.invalidValue, "Preset 0 of ", "no value of peak.frequency", "not optional") {
      _ = try PresetJSON.read(path, chain: chain)
    }
  }

  /// A low pass without parameters has no cell that could be empty.
  @Test func effectsWithoutParametersCannotBeLeftOutOfTables() throws {
    let scratch = try Scratch()
    var own = ChainDescription(
      series: [
        .biquad(.init(name: "cut", response: .highPass, frequencyHz: .fixed(80), q: .fixed(0.7))), chain.series[1],
      ], sends: [], hasDirectPan: false)
    own.optionalEffects = ["cut"]
    var presets = PresetCollection(chain: own, theta: Matrix(rows: 2, columns: 3, values: [0, 1, 2, 3, 4, 5]))
    try CSVExport.write(presets, to: scratch.file("x.csv"), overwrite: false)
    presets.setPatterns([ChainPattern(present: [true]), ChainPattern(present: [false])])
    expectDataError(.varyingShape, "Preset 1 lacks cut", "no value to leave out") {
      try CSVExport.write(presets, to: scratch.file("y.csv"), overwrite: false)
    }
  }
}
