import FXParams
import FileOutput
import Foundation
import NumericCore
import PresetStore
import TestSupport
import Testing

@Suite("Values on bounds, and rounding")
struct ValueTreatmentTests {
  private static let header = "low.gain,peak1.gain,peak1.frequency,peak1.q,peak2.gain,peak2.frequency,peak2.q"
  /// Qs at both bounds, a frequency at the upper one.
  private static let rows = [
    "3.5,-2.0,200.0,6.0,1.0,4500.0,2.5", "1.5,0.0,350.0,5.99,-3.5,10000.0,0.18", "0.0,2.0,21.0,1.75,0.5,801.0,6.0",
  ]
  private static let table = ([header] + rows).joined(separator: "\n") + "\n"

  private func read(
    _ treatment: ValueTreatment, _ text: String = table, remark: (String) -> Void = { _ in }
  ) throws -> PresetCollection {
    try importTable(text, shelfAndPeaks, .init(treatment: treatment), remark: remark)
  }

  private func values(_ presets: PresetCollection) -> [[Double]] {
    (0..<presets.count).map { presets.chain.parameterSpace.values(ofLogits: presets.theta.row($0)) }
  }

  @Test func refusalStaysTheRule() {
    expectDataError(.valueOnBound, "peak1.q = 6.0", "on its bound") { _ = try read(ValueTreatment()) }
  }

  // MARK: - Clamping

  /// Half of the way to the nearest value of either peak, and a thousandth of the range where none is near.
  @Test func clampMovesInsideByAStatedStep() throws {
    var remarks: [String] = []
    let presets = try read(ValueTreatment(atBounds: .clamp)) { remarks.append($0) }
    let found = values(presets)
    #expect(presets.chain == shelfAndPeaks)
    #expect(abs(found[0][3] - 5.995) < 1e-9 && abs(found[2][6] - 5.995) < 1e-9)
    #expect(abs(found[1][6] - (0.18 + 0.00582)) < 1e-9)
    #expect(abs(found[1][5] - (10_000 - 9.98)) < 1e-6)
    #expect(abs(found[1][3] - 5.99) < 1e-9 && abs(found[2][2] - 21) < 1e-9)
    let text = try #require(presets.adjustments?.first)
    #expect(text.hasPrefix("4 values on a bound moved inside: "))
    #expect(text.contains("q of peak1 .. peak2 from 6 by 0.005 (2)") && presets.adjustments?.count == 1)
    #expect(remarks == ["x.csv: \(text)"])
  }

  @Test func clampRefusesWhatLiesOutside() {
    let text = Self.table.replacingOccurrences(of: "1.75", with: "6.5")
    expectDataError(.invalidValue, "peak1.q = 6.5", "wider range") {
      _ = try read(ValueTreatment(atBounds: .clamp), text)
    }
  }

  // MARK: - Widening

  @Test func widenGivesAllBandsOfAKindOneRange() throws {
    let presets = try read(ValueTreatment(atBounds: .widen))
    let parameters = presets.chain.parameterSpace.parameters
    // A twentieth of 5.82 above 6, half of 0.18 below; 499 Hz above 10 kHz.
    #expect(parameters[3].bijector == .sigmoid(lower: 0.09, upper: 6.291))
    #expect(parameters[6].bijector == parameters[3].bijector)
    #expect(parameters[2].bijector == .sigmoid(lower: 20, upper: 10_500))
    #expect(parameters[5].bijector == parameters[2].bijector)
    #expect(presets.chain.symmetries.bandGroups.map(\.count) == [2])
    let found = values(presets)
    #expect(abs(found[0][3] - 6) < 1e-9 && abs(found[1][5] - 10_000) < 1e-6)
    let text = try #require(presets.adjustments?.first)
    #expect(text.hasPrefix("ranges widened for 4 values at or beyond a bound: "))
    #expect(text.contains("q of peak1 .. peak2 from 0.18 .. 6 to 0.09 .. 6.291 (3)"))
  }

  @Test func widenTakesValuesBeyondTheRange() throws {
    let text = Self.table.replacingOccurrences(of: ",801.0,", with: ",15000.0,")
    let presets = try read(ValueTreatment(atBounds: .widen), text)
    let bijector = presets.chain.parameterSpace.parameters[2].bijector
    #expect(bijector == .sigmoid(lower: 20, upper: 15_750))
    #expect(abs(values(presets)[2][5] - 15_000) < 1e-6)
  }

  @Test(arguments: [("25000.0", "sample rate is above 50000 Hz"), ("-5.0", "it must be above 0")])
  func widenRefusesWhatNoRangeHolds(value: String, words: String) {
    let text = Self.table.replacingOccurrences(of: ",801.0,", with: ",\(value),")
    expectDataError(.invalidValue, "Line 4 ", words) { _ = try read(ValueTreatment(atBounds: .widen), text) }
  }

  /// The nearer the rate, the narrower the widening, which stays below half of it.
  @Test func widenStaysBelowHalfTheRate() throws {
    let text = Self.table.replacingOccurrences(of: ",801.0,", with: ",22000.0,")
    let bijector = try read(ValueTreatment(atBounds: .widen), text).chain.parameterSpace.parameters[2].bijector
    #expect(bijector.bounds.upperBound > 22_000 && bijector.bounds.upperBound < 22_050)
  }

  @Test func nothingIsDoneWhereNothingIsAtABound() throws {
    let text = "\(Self.header)\n3.5,-2.0,200.0,4.0,1.0,4500.0,2.5\n"
    for rule in ValueTreatment.AtBounds.allCases {
      let presets = try read(ValueTreatment(atBounds: rule), text)
      #expect(presets.chain == shelfAndPeaks && presets.adjustments == nil)
    }
  }

  // MARK: - Rounding

  private static func roundedTable(rows: Int = 400) -> String {
    header + "\n"
      + (0..<rows).map { row in
        let gain = Double(row % 37 - 18) / 2
        let frequency = 100 + (row * 7919) % 9000
        let q = row % 5 == 0 ? 6 : Double(50 + (row * 31) % 400) / 100
        return "\(gain),\(gain / 5),\(frequency),\(q),1.0,\(frequency + 100),\(q)"
      }.joined(separator: "\n") + "\n"
  }

  @Test func ditherIsUniformOverHalfAStepEitherWay() throws {
    let plain = try values(read(ValueTreatment(atBounds: .clamp), Self.roundedTable()))
    let presets = try read(ValueTreatment(ditherSeed: 3), Self.roundedTable())
    let dithered = values(presets)
    for (position, step) in [(0, 0.5), (1, 0.1), (2, 1), (3, 0.01)] {
      let noise = zip(plain, dithered).map { $1[position] - $0[position] }
        .filter { position != 3 || $0.magnitude <= 0.005 }
      // Clamped Qs of 6 lie 0.005 below it, dithered ones between.
      #expect(noise.allSatisfy { $0.magnitude <= step / 2 + 1e-9 }, "\(position)")
      let spread = (noise.reduce(0) { $0 + $1 * $1 } / Double(noise.count)).squareRoot()
      #expect(abs(spread - step / 12.0.squareRoot()) < 0.15 * step, "\(position) \(spread)")
    }
    // The gain of the second peak never varies: no step can be told.
    #expect(dithered.allSatisfy { $0[4] == 1 || abs($0[4] - 1) <= 0.05 })
    #expect(dithered.allSatisfy { $0[3] < 6 && $0[6] < 6 })
    let text = try #require(presets.adjustments?.last)
    #expect(text.contains("low.gain 0.5 dB") && text.contains("frequency of peak1 .. peak2 1 Hz"))
    #expect(text.contains("q of peak1 .. peak2 0.01") && text.contains("seed 3"))
  }

  /// Some presets of a table have one decimal, others two.
  @Test func presetsMayBeRoundedMoreCoarselyThanTheirTable() throws {
    let bands = (1...6).map { BiquadBand(name: "p\($0)", response: .peak, frequencyHz: .fixed(100), q: .fixed(1)) }
    let chain = ChainDescription(series: bands.map { .biquad($0) }, sends: [], hasDirectPan: false)
    let header = bands.map { $0.name + ".gain" }.joined(separator: ",")
    let rows = (0..<60).map { row in
      (1...6).map { band in
        row % 3 == 0 ? "\(band).\(row % 7)\(1 + (row + band) % 8)" : "\(band).\((row + band) % 9)"
      }
    }
    let text = ([header] + rows.map { $0.joined(separator: ",") }).joined(separator: "\n") + "\n"
    let presets = try importTable(text, chain, .init(treatment: ValueTreatment(ditherSeed: 1)))
    for (row, cells) in rows.enumerated() {
      let noise = zip(presets.theta.row(row), cells).map { abs($0 - (Double($1) ?? .nan)) }
      #expect(noise.allSatisfy { $0 <= (row % 3 == 0 ? 0.005 : 0.05) + 1e-9 })
      #expect((noise.max() ?? 0) > (row % 3 == 0 ? 0 : 0.005))
    }
    #expect(presets.adjustments?.first?.hasSuffix("gain of p1 .. p6 0.01 dB (0.1 in 40 of 60 presets)") == true)
  }

  @Test func ditherFollowsItsSeed() throws {
    let first = try read(ValueTreatment(atBounds: .widen, ditherSeed: 1), Self.roundedTable())
    let again = try read(ValueTreatment(atBounds: .widen, ditherSeed: 1), Self.roundedTable())
    let other = try read(ValueTreatment(atBounds: .widen, ditherSeed: 2), Self.roundedTable())
    #expect(first.theta.values == again.theta.values && first.theta.values != other.theta.values)
    #expect(first.adjustments?.count == 2)
  }

  @Test func fewNumbersAndFullPrecisionAreLeft() throws {
    let few = try read(ValueTreatment(ditherSeed: 1), "\(Self.header)\n3.5,-2.0,200.0,4.0,1.0,4500.0,2.5\n")
    #expect(few.adjustments == ["rounding left as it is: no step found"])
    #expect(abs(values(few)[0][2] - 200) < 1e-9)
  }

  @Test func logitsNeedNoTreatment() {
    let header = Self.header.split(separator: ",").map { "logit:\($0)" }.joined(separator: ",")
    expectDataError(.malformed, "holds logits") {
      _ = try read(ValueTreatment(atBounds: .clamp), header + "\n0,0,0,0,0,0,0\n")
    }
  }

  @Test func theFileRecordsWhatWasDone() throws {
    let presets = try read(ValueTreatment(atBounds: .clamp))
    let scratch = try Scratch()
    let path = scratch.file("p.h5")
    try PresetFile.write(presets, to: path, provenance: Provenance(arguments: ["x"]), overwrite: false)
    #expect(try PresetFile.read(path).adjustments == presets.adjustments)
  }
}
