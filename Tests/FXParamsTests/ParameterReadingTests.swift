import FXParams
import Foundation
import Testing

@Suite struct ParameterReadingTests {
  @Test func onePoleTimesAndCoefficientsAreAPair() {
    for sampleRate in [44100.0, 96000] {
      var previous = 1.0
      for milliseconds in [0.01, 0.1, 1, 50, 300, 2000, 1e6] {
        let coefficient = OnePole.coefficient(milliseconds: milliseconds, sampleRate: sampleRate)
        #expect(coefficient > 0 && coefficient < previous)
        previous = coefficient
        // Near 1 the coefficient itself cannot tell more of the time: log(1 - coefficient) amplifies its rounding.
        let lost = 1e-15 / (1 - coefficient)
        let back = OnePole.milliseconds(coefficient: coefficient, sampleRate: sampleRate)
        #expect(back.isAlmost(milliseconds, tolerance: 1e-13 + lost))
      }
    }
    #expect(OnePole.coefficient(milliseconds: 50, sampleRate: 44100).isAlmost(0.000997234856800773))
  }

  /// The time is the rise from 10 % to 90 % of a step.
  @Test func onePoleTimeIsARiseTime() {
    let coefficient = OnePole.coefficient(milliseconds: 20, sampleRate: 44100)
    var (state, samples) = (0.0, 0)
    while state < 0.9 {
      state += coefficient * (1 - state)
      if state >= 0.1 { samples += 1 }
    }
    #expect(abs(Double(samples) / 44.1 - 20) < 0.1)
  }

  @Test func readingsNameValuesAndUnits() throws {
    let chain = ChainDescription.diffVox
    let space = chain.parameterSpace
    var values = space.values(ofLogits: [Double](repeating: 0, count: space.count))
    func set(_ name: String, _ value: Double) throws { values[try #require(space.index(of: name))] = value }
    try set("peak1.gain", -2.5)
    try set("compressor.attack_coefficient", OnePole.coefficient(milliseconds: 12, sampleRate: 44100))
    try set("delay.gain", 0.1)
    try set("direct.pan", 0.25)
    try set("reverb.gamma.3", pow(10, -60 / 20 * 997 / (44100 * 1.5)))
    let readings = try chain.describe(logits: space.logits(ofValues: values))

    #expect(readings.map(\.name) == space.names)
    func reading(_ name: String) throws -> ParameterReading { readings[try #require(space.index(of: name))] }
    #expect(try reading("peak1.gain").value == -2.5)
    #expect(try reading("peak1.gain").unit == .decibel && reading("peak1.gain").derived == nil)
    #expect(try reading("reverb.w.1.2").derived == nil)
    for (name, value, unit) in [
      ("compressor.attack_coefficient", 12, Unit.millisecond), ("delay.gain", -20, .decibel),
      ("direct.pan", -50, .percent), ("reverb.gamma.3", 1.5, .second), ("delay.odd_pan", 0, .percent),
    ] {
      let derived = try #require(try reading(name).derived)
      #expect(abs(derived.value - value) < 1e-9 && derived.unit == unit, "\(name)")
    }
    let derivedNames = Set(readings.filter { $0.derived != nil }.map(\.name))
    #expect(derivedNames == Set(chain.derivedQuantities.keys))
    #expect(derivedNames.count == 3 + 4 + 49 + 1 + 1)
  }

  /// Whatever the logits, a reading can be written as JSON: numbers are finite or left out.
  @Test func readingsAreFinite() throws {
    let chain = ChainDescription.diffVox
    for logit in [-1000.0, -745, 40, 1000] {
      let readings = try chain.describe(logits: [Double](repeating: logit, count: 130))
      #expect(readings.allSatisfy { $0.value.isFinite && ($0.derived?.value.isFinite ?? true) })
      #expect(throws: Never.self) { try JSONEncoder().encode(readings) }
    }
  }

  @Test func unreadablePresetsAreNamed() {
    var logits = [Double](repeating: 0, count: 130)
    logits[2] = .nan
    let chain = ChainDescription.diffVox
    do {
      _ = try chain.describe(logits: logits)
      Issue.record("NaN was accepted")
    } catch { #expect("\(error)".contains("peak1.q is nan")) }
    #expect(throws: ParameterError.self) { try chain.describe(logits: [0]) }
  }
}
