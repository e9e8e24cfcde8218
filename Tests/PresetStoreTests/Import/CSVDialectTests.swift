import FXParams
import Foundation
import NumericCore
import PresetStore
import TestSupport
import Testing

/// Tables as spreadsheets of other countries write them.
@Suite struct CSVDialectTests {
  @Test(arguments: [(";", "semicolons"), ("\t", "tabs")]) func separatorsAreRecognised(mark: String, words: String)
    throws
  {
    let plain = try importTable(table(columns(of: three)), three)
    var remarks: [String] = []
    #expect(
      try importTable(table(columns(of: three), separator: mark), three) { remarks.append($0) }.theta == plain.theta
    )
    #expect(remarks == ["x.csv: cells are separated by \(words)"])
    let separator: CSVSeparator = mark == ";" ? .semicolon : .tab
    var said = false
    let given = try importTable(table(columns(of: three), separator: mark), three, .init(separator: separator)) {
      _ in said = true
    }
    #expect(given.theta == plain.theta && !said)
    expectDataError(.malformed, ["separated by commas where \(words) were expected"]) {
      _ = try importTable(table(columns(of: three)), three, .init(separator: separator))
    }
    expectDataError(.malformed, ["separated by \(words) where CSV has commas"]) {
      _ = try importTable(table(columns(of: three), separator: mark), three, .init(separator: .comma))
    }
  }

  @Test func verticalBarsAreRefused() {
    expectDataError(.malformed, ["vertical bars"]) {
      _ = try importTable(table(columns(of: three), separator: "|"), three)
    }
  }

  @Test func decimalCommasNeedToBeSaid() throws {
    let plain = try importTable(table(columns(of: three)), three)
    let row = columns(of: three).map { ($0.title, $0.value.replacingOccurrences(of: ".", with: ",")) }
    let text = table(row, separator: ";")
    expectDataError(.decimalComma, ["Line 2 ", "tone.gain = \"0,3\"", "decimal comma"]) {
      _ = try importTable(text, three)
    }
    #expect(try importTable(text, three, .init(decimalMark: .comma)).theta == plain.theta)
    expectDataError(.invalidValue, ["tone.gain = \"0.3\"", "a point where"]) {
      _ = try importTable(table(columns(of: three), separator: ";"), three, .init(decimalMark: .comma))
    }
    expectDataError(.invalidValue, ["tone.gain = \"1,2,3\"", "not a number"]) {
      _ = try importTable(
        "tone.gain;" + text.dropFirst(10).replacing("\n0,3", with: "\n1,2,3"), three, .init(decimalMark: .comma))
    }
  }
}
