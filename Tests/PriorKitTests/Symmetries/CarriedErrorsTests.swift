import FXParams
import NumericCore
import PresetStore
import PriorKit
import TestSupport
import Testing

/// Errors of presets, which go with them to another form.
@Suite("Errors of canonical presets")
struct CarriedErrorsTests {
  private func withErrors(_ presets: PresetCollection) -> PresetCollection {
    var presets = presets
    var source = RandomSource(seed: 8)
    let matrices = (0..<presets.count).map { _ in
      Matrix(
        rows: presets.dimension, columns: presets.dimension,
        values: (0..<presets.dimension * presets.dimension).map { _ in source.nextNormal() }
      ).gram()
    }
    let errors = (0..<presets.theta.values.count).map { _ in 0.1 + source.nextUniform() }
    presets.information = PresetInformation(
      matrices: matrices,
      standardErrors: Matrix(rows: presets.count, columns: presets.dimension, values: errors))
    return presets
  }

  /// A small step of a preset is as likely before as after: d^T L d does not change.
  @Test(arguments: [ChainDescription.diffVox, CanonicaliserTests.threePeaks], [false, true])
  func smallStepsStayAsLikely(chain: ChainDescription, mirrored: Bool) throws {
    let presets = withErrors(randomPresets(chain, count: 25))
    // A given reference, so that neighbours take the same moves.
    var canonicaliser = Canonicaliser(chain, includesMirror: mirrored, balancesGauge: false)
    canonicaliser.reference = Canonicalisation.reference(randomPresets(chain, count: 1, seed: 5).theta)
    let result = try Canonicalisation(of: presets, by: canonicaliser).presets
    let (before, after) = (try #require(presets.information), try #require(result.information))
    var source = RandomSource(seed: 2)
    for row in 0..<presets.count {
      let theta = presets.theta.row(row)
      let direction = theta.map { _ in source.nextNormal() }
      func moved(_ step: Double) -> [Double] {
        canonicaliser.canonical(zip(theta, direction).map { $0 + step * $1 }).theta
      }
      let image = zip(moved(1e-6), moved(-1e-6)).map { ($0 - $1) / 2e-6 }
      func square(_ matrix: Matrix, _ vector: [Double]) -> Double {
        zip(matrix * vector, vector).reduce(0) { $0 + $1.0 * $1.1 }
      }
      let expected = square(before.matrices[row], direction)
      #expect(abs(square(after.matrices[row], image) - expected) < 1e-5 * expected, "preset \(row)")
      // Each error goes where its parameter goes: their product over the Jacobian stays.
      for index in theta.indices {
        var one = theta
        one[index] += 1e-6
        let there = canonicaliser.canonical(one).theta
        let here = result.theta.row(row)
        let target = try #require(here.indices.max { abs(there[$0] - here[$0]) < abs(there[$1] - here[$1]) })
        let slope = abs(there[target] - here[target]) / 1e-6
        let error = slope * before.standardErrors[row, index]
        #expect(abs(after.standardErrors[row, target] - error) < 1e-4 * error)
      }
    }
  }

  /// A balanced gauge scales the errors of both sides of a network.
  @Test func gaugeScalesErrors() throws {
    let chain = ChainDescription.diffVox
    let presets = withErrors(randomPresets(chain, count: 4))
    let result = try Canonicalisation(of: presets, by: Canonicaliser(chain)).presets
    let (before, after) = (try #require(presets.information), try #require(result.information))
    let network = try #require(chain.symmetries.networks.first)
    for row in 0..<4 {
      for index in network.inputGains + network.outputGains {
        let factor = abs(result.theta[row, index] / presets.theta[row, index])
        #expect(
          abs(after.standardErrors[row, index] - factor * before.standardErrors[row, index]) < 1e-9 * factor)
      }
      // Along the gauge balanced presets are known, whatever the recording says.
      let theta = result.theta.row(row)
      var along = [Double](repeating: 0, count: theta.count)
      for index in network.inputGains { along[index] = theta[index] }
      for index in network.outputGains { along[index] = -theta[index] }
      let known = zip(after.matrices[row] * along, along).reduce(0) { $0 + $1.0 * $1.1 }
      #expect(known > 1e4)
      let other = try #require(presets.theta.row(row).indices.first { along[$0] == 0 })
      #expect(after.matrices[row][other, other] == before.matrices[row][other, other] || other < 8)
    }
  }

  /// A fit that is invariant to signs takes every copy with its errors: the mean of what a sign turns is 0.
  @Test func invariantFitTakesCopies() throws {
    let chain = CanonicaliserTests.threePeaks
    let presets = withErrors(randomPresets(chain, count: 30))
    let estimator = try InvariantEstimator(
      DeconvolvingEstimator(strength: 3), to: [.signs], of: chain)
    #expect(estimator.needsInformation)
    let prior = try estimator.fit(presets)
    let network = try #require(chain.symmetries.networks.first)
    for index in network.inputGains + network.outputGains { #expect(abs(prior.mean[index]) < 1e-6) }
    #expect(prior.mean.contains { abs($0) > 1e-3 })
    let summed = try OrbitSumEstimator(DeconvolvingEstimator(strength: 3), of: chain, form: .aligned)
    #expect(try summed.fit(presets).logDensity(at: presets.theta.row(0)).isFinite)
  }
}
