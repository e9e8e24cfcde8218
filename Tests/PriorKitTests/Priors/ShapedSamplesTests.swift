import FXParams
import NumericCore
import PresetStore
import PriorKit
import TestSupport
import Testing

@Suite struct ShapedSamplesTests {
  private let presets = normalPresets(50, of: SmallChain.bands)

  @Test func unitTemperatureChangesNothing() throws {
    let prior = try GaussianEstimator.unbiased.fit(presets)
    let shaped = try prior.samples(9, seed: 4, temperature: 1)
    // Draws in batches round otherwise than draws one by one.
    #expect(largestDifference(shaped.values, prior.samples(9, seed: 4).values) < 1e-12)
  }

  @Test func temperatureScalesTheSpread() throws {
    let prior = try GaussianEstimator.unbiased.fit(presets)
    let plain = prior.samples(9, seed: 4)
    let hot = try prior.samples(9, seed: 4, temperature: 4)
    for row in 0..<9 {
      for column in 0..<7 {
        let expected = prior.mean[column] + 2 * (plain[row, column] - prior.mean[column])
        #expect((hot[row, column] - expected).magnitude < 1e-12)
      }
    }
  }

  @Test func drawsKeepToTheRange() throws {
    let prior = try GaussianEstimator.unbiased.fit(presets)
    let range = ObservedRange(of: presets)
    let space = SmallChain.bands.parameterSpace
    let kept = try prior.samples(200, seed: 4, temperature: 1, within: range)
    #expect((0..<200).allSatisfy { range.firstOutside(space.values(ofLogits: kept.row($0))) == nil })
    let plain = prior.samples(200, seed: 4)
    #expect((0..<200).contains { range.firstOutside(space.values(ofLogits: plain.row($0))) != nil })
    // A longer batch begins with a shorter one.
    #expect(try prior.samples(20, seed: 4, temperature: 1, within: range) == kept.selecting(rows: Array(0..<20)))
  }

  @Test func aRangeThatNoDrawMeetsIsAnError() throws {
    let prior = try GaussianEstimator.unbiased.fit(presets)
    let values = SmallChain.bands.parameterSpace.values(ofLogits: prior.mean)
    let point = ObservedRange(lower: values, upper: values)
    let error = #expect(throws: PriorError.self) {
      try prior.samples(1, seed: 0, temperature: 1, within: point)
    }
    #expect(error?.description.contains(SmallChain.bands.parameterSpace.names[0]) == true)
  }

  @Test func filesKeepTheRange() throws {
    let scratch = try Scratch()
    var prior = try DiagonalEstimator().fit(presets, evidence: "because")
    prior.record?.observedRange = ObservedRange(of: presets)
    try PriorFile.write(
      prior, to: scratch.file("p.h5"), provenance: Provenance(arguments: ["test"]), overwrite: false)
    let record = try #require(try PriorFile.read(scratch.file("p.h5")).record)
    #expect(record.observedRange == ObservedRange(of: presets))
    #expect(record.evidence == "because")
  }
}
