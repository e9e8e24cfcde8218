import FXParams
import HDF5Store
import Inference
import NumericCore
import PriorKit
import StyleFeatures
import TestSupport
import Testing

/// The whole objective against the authors' code (reference/objective.h5).
@Suite(.enabled(if: Reference.isAvailable, Comment(rawValue: Reference.absence)))
struct StylePosteriorTests {
  let file: HDF5Reader
  let prior: Prior

  init() throws {
    file = try Reference.open("objective")
    let published = try Reference.open("prior")
    prior = try Prior(
      chain: .diffVox, mean: published.doubles("/mean").values,
      covariance: Matrix(rows: 130, columns: 130, values: published.doubles("/cov").values))
  }

  func makePosterior(_ encoder: StyleEncoderKind, threads: Int = 2) throws -> StylePosterior {
    let raw = try file.doubles("/raw")
    let reference = try file.doubles("/reference")
    let frames = raw.shape[1]
    func channel(_ array: [Double], _ index: Int) -> [Float] {
      array[index * frames..<(index + 1) * frames].map { Float($0) }
    }
    return try StylePosterior(
      prior: prior, encoder: encoder,
      references: (0..<2).map {
        StereoSegment(left: channel(reference.values, 2 * $0), right: channel(reference.values, 2 * $0 + 1))
      },
      inputs: (0..<2).map { channel(raw.values, $0) }, weights: .loss(alpha: 0.1), threads: threads)
  }

  @Test func peakIsTheLargestReferenceSample() throws {
    let scale = try file.double(attribute: "peak_scale", of: "/")
    #expect(abs(try makePosterior(.mfcc).peak * scale - 1) < 1e-6)
  }

  @Test func theDelayTimeRipples() throws {
    let posterior = try makePosterior(.mfcc)
    #expect(posterior.oscillatoryPositions.map { prior.space.parameters[$0].name } == ["delay.time"])
  }

  @Test(arguments: [StyleEncoderKind.mfcc, .mir])
  func referencesAreEmbeddedAlike(encoder: StyleEncoderKind) throws {
    let posterior = try makePosterior(encoder)
    for (name, channel) in [("mid", posterior.references.map(\.mid)), ("side", posterior.references.map(\.side))] {
      let expected = try file.doubles("/\(encoder.rawValue)/reference_\(name)").values
      let error = zip(channel.flatMap { $0 }, expected).map { abs($0 - $1) }.max() ?? 1
      #expect(error <= 1e-4, "\(name) embedding")
    }
  }

  @Test(arguments: [StyleEncoderKind.mfcc, .mir], ["mean", "p1", "p2"])
  func agreesWithReference(encoder: StyleEncoderKind, point: String) throws {
    let path = "/\(encoder.rawValue)/\(point)"
    let theta = try file.doubles(path + "/theta").values
    let posterior = try makePosterior(encoder)
    let found = try posterior.termsAndGradients(at: theta)
    for (name, channel) in [("mid", posterior.predictions.map(\.mid)), ("side", posterior.predictions.map(\.side))]
    {
      let expected = try file.doubles("\(path)/\(name)").values
      let error = zip(channel.flatMap { $0 }, expected).map { abs($0 - $1) }.max() ?? 1
      #expect(error <= 1e-4, "\(name) embedding")
    }
    #expect(abs(found.logLikelihood - (try file.double(attribute: "log_likelihood", of: path))) <= 1e-3)
    let logPrior = try file.double(attribute: "log_prior", of: path)
    #expect(abs(found.logPrior - logPrior) <= 1e-6 * abs(logPrior))
    let loss = -found.logLikelihood - 0.1 * found.logPrior
    #expect(abs(loss - (try file.double(attribute: "loss_alpha_0p1", of: path))) <= 1e-3)
    let likelihoodGradient = try file.doubles(path + "/gradient_log_likelihood").values
    #expect(relativeRMSError(found.likelihoodGradient, likelihoodGradient) <= 5e-4)
    let priorGradient = try file.doubles(path + "/gradient_log_prior").values
    // At the mean the score is zero, up to the rounding of the published float32 mean.
    let scoreError = zip(found.priorGradient, priorGradient).map { abs($0 - $1) }.max() ?? 1
    #expect(scoreError <= 1e-6 * max(1, priorGradient.map(abs).max() ?? 0))
  }

  @Test func adamFollowsTheReferenceTrajectory() throws {
    let posterior = try makePosterior(.mfcc)
    let driver = MaximumAPosteriori(optimiser: Adam(), steps: 200)
    var state = try driver.makeState(from: prior.mean)
    let outcome = try driver.run(posterior, state: &state)
    let expected = try file.doubles("/mfcc/adam/theta")
    let expectedLoss = try file.doubles("/mfcc/adam/loss").values
    var squares = 0.0
    let last = Array(expected.values.suffix(130))
    for (found, reference) in zip(state.trace.theta(at: 15), last) {
      squares += (found - reference) * (found - reference)
    }
    #expect((squares / 130).squareRoot() <= 5e-3)
    for (found, reference) in zip(state.trace.loss, expectedLoss) { #expect(abs(found - reference) <= 5e-3) }
    guard case .completed(let result) = outcome else { throw UnexpectedOutcome() }
    #expect(result.last.loss <= 8.66, "the authors' float32 run reaches 8.639")
  }

  struct UnexpectedOutcome: Error {}
}
