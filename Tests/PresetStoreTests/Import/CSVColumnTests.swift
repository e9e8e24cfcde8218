import FXParams
import Foundation
import NumericCore
import PresetStore
import TestSupport
import Testing

/// Columns of tables: names that are missing or mistaken, indexes, and effects that are absent.
@Suite struct CSVColumnTests {
  // MARK: - Names

  @Test func allMissingColumnsAreNamedAtOnce() throws {
    let few = columns(of: three).filter { !$0.title.hasPrefix("comp.r") && $0.title != "direct.pan" }
    expectDataError(
      .missingColumns, ["no columns comp.release_coefficient, comp.ratio and direct.pan: add them"]
    ) { _ = try importTable(table(few), three) }
    expectDataError(
      .missingColumns,
      [
        "no columns peak1.gain, ", ", compressor.ratio, ", ", reverb.gamma.1 to reverb.gamma.49, reverb.w.1.2 to ",
        ", reverb.w.4.5, reverb.w.4.6, reverb.w.5.6, ", " and direct.pan: begin with a template",
      ]
    ) { _ = try importTable("label\na\n", .diffVox) }
  }

  @Test func mistakenNamesAreToldWithTheNearest() throws {
    var row = columns(of: three)
    row[1].title = "tone.frequncy"
    row[3].title = "comp.treshold"
    row += [("colour", "red"), ("Label", "a")]
    expectDataError(
      .missingColumns,
      [
        "no columns tone.frequency and comp.threshold, and it has the columns tone.frequncy (perhaps "
          + "tone.frequency), comp.treshold (perhaps comp.threshold), colour and Label (perhaps label), which are no parameters",
        "correct the names",
      ]
    ) { _ = try importTable(table(row), three) }
    expectDataError(.wrongChain, ["the column colour, which is no parameter of the chain: correct or remove it"]) {
      _ = try importTable(table(columns(of: three) + [("colour", "red")]), three)
    }
  }

  // MARK: - Indexes

  @Test(arguments: ["", "index", "Unnamed: 0"]) func indexesAreLeftOut(title: String) throws {
    let plain = try importTable(table(columns(of: three)), three)
    let row = [(title, "7")] + columns(of: three)
    var remarks: [String] = []
    let presets = try importTable(table(row), three) { remarks.append($0) }
    #expect(presets.theta == plain.theta && presets.labels == nil)
    #expect(remarks == ["x.csv: the first column, an index, is left out"])
    let labelled = try importTable(table([(title, "a"), ("label", "b")] + columns(of: three)), three)
    #expect(labelled.labels == ["b"])
  }

  @Test func anIndexOfTextHoldsTheLabels() throws {
    var remarks: [String] = []
    let presets = try importTable(table([("", "loud")] + columns(of: three)), three) { remarks.append($0) }
    #expect(presets.labels == ["loud"] && remarks == ["x.csv: the first column, an index, is taken for the labels"])
    expectDataError(.wrongChain, ["Column 2 ", "no name"]) {
      _ = try importTable(table([("label", "a"), ("", "0")] + columns(of: three)), three)
    }
  }

  // MARK: - Absent effects

  @Test func absentEffectsBecomeNeutral() throws {
    let options = CSVImport.Options(fillsAbsentEffects: true)
    var remarks: [String] = []
    let rows = columns(of: three).filter { $0.title.hasPrefix("tone.") }
    let presets = try importTable(table(rows), three, options) { remarks.append($0) }
    let whole = try importTable(table(columns(of: three)), three)
    #expect(presets.theta.row(0).prefix(3) == whole.theta.row(0).prefix(3))
    let found = three.parameterSpace.values(ofLogits: presets.theta.row(0))
    for (value, description) in zip(found, three.parameterDescriptions).dropFirst(3) {
      let neutral = description.neutral
      #expect(abs(value - neutral) <= 1e-9 * max(1, abs(neutral)), "\(description.parameter.name)")
    }
    #expect(
      remarks == [
        "x.csv: filled with neutral values: comp (threshold 40 dB, expander_threshold -120 dB, makeup 0 dB, "
          + "ratio 1.000019, expander_ratio 0.999999), echo (gain -120 dB), direct (pan 0 %)"
      ])
  }

  @Test func halfAnEffectIsNotFilled() throws {
    let options = CSVImport.Options(fillsAbsentEffects: true)
    let half = columns(of: three).filter { $0.title.hasPrefix("tone.") || $0.title == "echo.gain" }
    expectDataError(
      .missingColumns,
      [
        "no columns echo.time, echo.feedback, echo.lowpass.frequency, echo.lowpass.q, echo.odd_pan and "
          + "echo.even_pan",
        "all columns of an effect or none",
      ]
    ) { _ = try importTable(table(half), three, options) }
    expectDataError(.missingColumns, ["tone.gain", "direct.pan"]) {
      _ = try importTable("label\na\n", three, options)
    }
  }

  @Test func tablesOfLogitsAreFilledToo() throws {
    let options = CSVImport.Options(fillsAbsentEffects: true)
    let presets = try importTable("logit:tone.gain,logit:tone.frequency,logit:tone.q\n1,2,3\n", three, options)
    #expect(Array(presets.theta.row(0).prefix(3)) == [1, 2, 3])
    #expect(abs((presets.theta.row(0).last ?? 1)) < 1e-12)
  }
}
