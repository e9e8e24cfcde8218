import FXParams
import Inference
import NumericCore
import PriorKit
import StyleFeatures
import TestSupport
import Testing

@Suite("Style without a prior")
struct StyleComparisonTests {
  private static let chain = ChainDescription(
    series: [.biquad(BiquadBand(name: "bell", response: .peak, frequencyHz: .init(33, 5400), q: .init(0.2, 20)))],
    sends: [], hasCrossSends: false, hasDirectPan: true)

  private func noise(_ count: Int, _ seed: UInt64) -> [Float] {
    var source = RandomSource(seed: seed)
    return (0..<count).map { _ in Float(0.1 * source.nextNormal()) }
  }

  @Test("The likelihood is that of the posterior, and of the rendering when it is given back")
  func agreesWithThePosterior() throws {
    let references = [StereoSegment(left: noise(6000, 1), right: noise(6000, 2))]
    let inputs = [noise(5000, 3), noise(7000, 4)]
    let prior = try Prior(chain: Self.chain, mean: [0, 0, 0, 0], covariance: .identity(4))
    let posterior = try StylePosterior(
      prior: prior, encoder: .mfcc, references: references, inputs: inputs, weights: .loss(alpha: 0))
    let comparison = try StyleComparison(
      chain: Self.chain, encoder: .mfcc, references: references, inputs: inputs)
    for theta in [[0, 0, 0, 0], [1, 2, -1, 0.5]] as [[Double]] {
      let value = try #require(try comparison.logLikelihood(at: theta))
      #expect(value == (try posterior.evaluate(at: theta).logLikelihood))
      let audio = comparison.rendering
      _ = try comparison.logLikelihood(at: [3, 3, 3, 3])
      #expect(try comparison.logLikelihood(ofRendering: audio) == value)
    }
    #expect(try comparison.logLikelihood(at: [.nan, 0, 0, 0]) == nil)
  }
}
