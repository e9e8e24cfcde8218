import FXParams
import Foundation
import NumericCore
import PresetStore
import TestSupport
import Testing

/// Units behind the names of columns.
@Suite struct CSVUnitTests {
  private let chain = ChainDescription.diffVox

  /// Every parameter in every unit that it can be given in, in both kinds of brackets.
  @Test(arguments: [-1.2, 0.3, 2]) func unitsGiveTheLogitsOfNaturalValues(logit: Double) throws {
    let natural = try importTable(table(columns(of: chain, logit: logit)), chain).theta.values
    for choice in 0..<2 {
      let row = chain.parameterDescriptions.map { description -> (title: String, value: String) in
        let value = description.parameter.bijector.forward(logit)
        let symbols = description.unitSymbols
        guard let symbol = symbols.isEmpty ? nil : symbols[choice % symbols.count],
          let unit = description.unit(symbol)
        else { return (description.parameter.name, "\(value)") }
        let title = description.parameter.name + (choice == 0 ? " [\(symbol)]" : "(\(symbol) )")
        return (title, "\(unit.number(of: value))")
      }
      let given = try importTable(table(row), chain).theta.values
      let error = zip(given, natural).map { abs($0 - $1) }.max() ?? 1
      #expect(error < 1e-12, "\(error)")
    }
  }

  @Test func knownTimesAndLevels() throws {
    var row = columns(of: chain)
    func replace(_ name: String, _ title: String, _ value: String) throws {
      row[try #require(row.firstIndex { $0.title == name })] = (title, value)
    }
    try replace("compressor.attack_coefficient", "compressor.attack_coefficient [ms]", "12")
    try replace("compressor.release_coefficient", "compressor.release_coefficient [s]", "0.2")
    try replace("reverb.gamma.3", "reverb.gamma.3 [s]", "1.5")
    try replace("delay.gain", "delay.gain [dB]", "-20")
    try replace("direct.pan", "direct.pan [%]", "-50")
    try replace("peak1.frequency", "peak1.frequency [kHz]", "1.2")
    let presets = try importTable(table(row), chain)
    let found = chain.parameterSpace.values(ofLogits: presets.theta.row(0))
    for (name, value) in [
      ("compressor.attack_coefficient", OnePole.coefficient(milliseconds: 12, sampleRate: 44100)),
      ("compressor.release_coefficient", OnePole.coefficient(milliseconds: 200, sampleRate: 44100)),
      ("reverb.gamma.3", pow(10, -3 * 997 / (44100 * 1.5))), ("delay.gain", 0.1), ("direct.pan", 0.25),
      ("peak1.frequency", 1200),
    ] {
      let position = try #require(chain.parameterSpace.index(of: name))
      #expect(abs(found[position] - value) <= 1e-12 * abs(value), "\(name)")
    }
  }

  @Test func valuesOutsideAreToldInTheUnitUsed() throws {
    func expect(_ name: String, _ unit: String, _ value: String, _ code: DataError.Code, _ words: String...) {
      let row = columns(of: three).map { $0.title == name ? ("\(name) [\(unit)]", value) : $0 }
      expectDataError(code, ["Line 2 ", "\(name) = \(Double(value) ?? 0) \(unit)"] + words) {
        _ = try importTable(table(row), three)
      }
    }
    expect("comp.attack_coefficient", "ms", "-1", .invalidValue, "must lie inside 0.0 .. inf ms")
    expect("comp.attack_coefficient", "ms", "0", .valueOnBound, "on its bound")
    expect("echo.gain", "dB", "3", .invalidValue, "must lie inside -inf .. 0.0 dB")
    expect("echo.gain", "dB", "0", .valueOnBound, "on its bound")
    expect("direct.pan", "%", "120", .invalidValue, "must lie inside -100.0 .. 100.0 %")
    expect("tone.frequency", "kHz", "30", .invalidValue, "must lie inside 0.03 .. 2.0 kHz")
    expect("echo.time", "s", "3", .invalidValue, "must lie inside 0.1 .. 1.0 s")
  }

  @Test func unitsThatAreWrongAreNamed() throws {
    func expect(_ title: String, _ code: DataError.Code = .malformed, _ words: String...) {
      let name = String(title.prefix { $0 != " " })
      let row = columns(of: three).map { $0.title == name ? (title, "1") : $0 }
      expectDataError(code, [title] + words) { _ = try importTable(table(row), three) }
    }
    expect("tone.gain [Hz]", .malformed, "give it in dB.")
    expect("tone.frequency (ms)", .malformed, "give it in Hz or kHz.")
    expect("comp.attack_coefficient [dB]", .malformed, "give it in ms or s.")
    expect("tone.q [dB]", .malformed, "leave the unit out.")
    expect("tone.gain []", .malformed, "give it in dB.")
    let twice = columns(of: three) + [("tone.frequency [kHz]", "1")]
    expectDataError(.malformed, ["tone.frequency and tone.frequency [kHz]", "one parameter"]) {
      _ = try importTable(table(twice), three)
    }
    expectDataError(.malformed, ["logit:tone.gain [dB]", "logits", "leave the unit out"]) {
      _ = try importTable("logit:tone.gain [dB]\n1\n", three)
    }
  }
}
