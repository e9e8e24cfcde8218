import FXParams
import Foundation
import HDF5Store
import TestSupport
import Testing

@Suite struct ParameterSpaceTests {
  private let space = ChainDescription.diffVox.parameterSpace

  @Test func namesAreTheCommittedList() {
    #expect(space.count == 130)
    #expect(space.names == diffVoxParameterNames)
    #expect(Set(space.names).count == 130)
    for (position, name) in space.names.enumerated() { #expect(space.index(of: name) == position) }
    #expect(space.index(of: "peak3.gain") == nil)
  }

  @Test func unitsAndBoundsOfLandmarks() throws {
    func parameter(_ name: String) throws -> Parameter { space.parameters[try #require(space.index(of: name))] }
    #expect(try parameter("peak1.gain") == Parameter(name: "peak1.gain", unit: .decibel, bijector: .identity))
    #expect(try parameter("lowpass.frequency").bijector == .sigmoid(lower: 200, upper: 18000))
    #expect(try parameter("compressor.lookahead").bijector == .folded(period: 15))
    #expect(try parameter("delay.time").unit == .millisecond)
    let gamma = try parameter("reverb.gamma.49").bijector.bounds
    #expect(gamma.lowerBound == 0 && gamma.upperBound.isAlmost(pow(10, -3.0 * 997 / (44100 * 9))))
  }

  /// Logits spread over the range that presets use, none of them special.
  private func logits(seed: Double) -> [Double] { (0..<space.count).map { 3 * sin(seed + 1.7 * Double($0)) } }

  @Test func logitsComeBackFromValues() throws {
    let logits = logits(seed: 0.2)
    let back = try space.logits(ofValues: space.values(ofLogits: logits))
    for (parameter, (logit, again)) in zip(space.parameters, zip(logits, back)) {
      let expected = parameter.bijector.isBijective ? logit : abs(logit)
      #expect(abs(again - expected) < 1e-12, "\(parameter.name)")
    }
  }

  @Test func badValuesAreNamed() throws {
    var values = space.values(ofLogits: logits(seed: 1))
    values[1] = 6000
    #expect(
      message { try space.logits(ofValues: values) }
        == "Parameter peak1.frequency is 6000.0 Hz: it must lie strictly between 33 and 5400.")
    values[0] = .nan
    #expect(
      message { try space.logits(ofValues: values) }
        == "Parameter peak1.gain is nan dB: it must be a finite number.")
    #expect(message { try space.logits(ofValues: []) }.contains("130 parameters but 0 values"))
    let unknown = ParameterError.unknownParameter(name: "delay.tempo", known: space.names)
    #expect(unknown.description.contains("delay.time, delay.feedback"))
  }

  private func message(_ body: () throws -> some Any) -> String {
    do {
      _ = try body()
      return "no error"
    } catch { return "\(error)" }
  }

  // MARK: - Derivatives

  @Test func derivativesMeetCentralDifferences() {
    let point = logits(seed: 0.4)
    let derivatives = space.derivatives(atLogits: point)
    for coordinate in 0..<space.count {
      let numeric = centralDifference(
        of: { space.values(ofLogits: $0)[coordinate] }, at: point, coordinate: coordinate)
      #expect(abs(numeric - derivatives[coordinate]) <= 1e-8 * abs(numeric) + 1e-10, "\(space.names[coordinate])")
      #expect(derivatives[coordinate] != 0, "\(space.names[coordinate])")
    }
    let determinant = derivatives.reduce(0) { $0 + log(abs($1)) }
    #expect(abs(space.logDeterminant(atLogits: point) - determinant) < 1e-10)
  }

  @Test func pullbackIsTheAdjointOfTheDerivative() {
    let (point, tangent, cotangent) = (logits(seed: 2), logits(seed: 3), logits(seed: 4))
    let forward = zip(cotangent, zip(space.derivatives(atLogits: point), tangent).map(*)).reduce(0) {
      $0 + $1.0 * $1.1
    }
    let backward = zip(space.pullback(cotangent, atLogits: point), tangent).reduce(0) { $0 + $1.0 * $1.1 }
    #expect(abs(forward - backward) <= 1e-12 * abs(forward))
    #expect(abs(forward) > 1)
  }

  // MARK: - Published presets

  /// Ten presets against the values of the authors' code, in the 151-number order in which the reverb's mixing
  /// matrix takes 36 places; its generator is free here, and the matrix itself is made by the chain.
  @Test(.enabled(if: Reference.isAvailable, Comment(rawValue: Reference.absence)))
  func valuesArePublishedValues() throws {
    let file = try Reference.open("parameters")
    let theta = try file.doubles("theta")
    let constrained = try file.doubles("constrained_151")
    try #require(theta.shape == [10, 130] && constrained.shape == [10, 151])
    let firstGenerator = try #require(space.index(of: "reverb.w.1.2"))
    let lastGenerator = try #require(space.index(of: "reverb.w.5.6"))
    var worst = 0.0
    for preset in 0..<10 {
      let logits = Array(theta.values[preset * 130..<(preset + 1) * 130])
      let published = Array(constrained.values[preset * 151..<(preset + 1) * 151])
      let values = space.values(ofLogits: logits)
      let expected = Array(published[..<firstGenerator] + published[(firstGenerator + 36)...])
      let found = Array(values[..<firstGenerator] + values[(lastGenerator + 1)...])
      try #require(expected.count == 115 && found.count == 115)
      for (value, reference) in zip(found, expected) {
        worst = max(worst, abs(value - reference) / max(abs(reference), .leastNormalMagnitude))
      }
      #expect(values[firstGenerator...lastGenerator] == logits[firstGenerator...lastGenerator])
    }
    #expect(worst <= 1e-12)
  }
}
