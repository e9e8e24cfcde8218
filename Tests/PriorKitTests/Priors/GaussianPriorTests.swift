import FXParams
import HDF5Store
import NumericCore
import PresetStore
import PriorKit
import TestSupport
import Testing

@Suite struct GaussianPriorTests {
  @Test func lawsOfADensity() throws {
    let line = try Prior(chain: SmallChain.pan, mean: [0.4], covariance: Matrix(rows: [[1.7]]))
    checkIntegratesToOne(DensityUnderTest(line), box: [-12...12])
    let plane = try Prior(
      chain: SmallChain.shelf, mean: [1, -1], covariance: Matrix(rows: [[2, 0.9], [0.9, 1]]))
    checkIntegratesToOne(DensityUnderTest(plane), box: [-13...15, -11...9])
    for prior in [line, plane] {
      checkScore(DensityUnderTest(prior))
      try checkMoments(DensityUnderTest(prior), mean: prior.mean, covariance: #require(prior.gaussian).covariance)
    }
  }

  @Test func batchesBeginAlike() throws {
    let prior = try Prior(
      chain: SmallChain.shelf, mean: [1, -1], covariance: Matrix(rows: [[2, 0.9], [0.9, 1]]))
    let few = prior.samples(3, seed: 11)
    #expect(few == prior.samples(9, seed: 11).selecting(rows: [0, 1, 2]))
    var source = RandomSource(seed: 11, stream: 2)
    // Many rows and one are multiplied by different routines of linear algebra.
    #expect(largestDifference(few.row(2), prior.sample(using: &source)) < 1e-14)
    #expect(few != prior.samples(3, seed: 12))
  }

  /// To the last bit, also beyond the first block of draws and from another family.
  @Test func someDrawsAreThoseOfAll() throws {
    let gaussian = try Prior(
      chain: SmallChain.shelf, mean: [1, -1], covariance: Matrix(rows: [[2, 0.9], [0.9, 1]]))
    let other = try Prior(chain: SmallChain.shelf, distribution: Logistic(mean: [1, -2], scale: [0.5, 2]))
    for prior in [gaussian, other] {
      let all = prior.samples(1100, seed: 3)
      for rows in [[], [0], [511, 512], [3, 700, 1023, 1024, 1099], Array(stride(from: 2, to: 1100, by: 3))] {
        for threads in [1, 2] {
          let some = prior.samples(rows: rows, seed: 3, threads: threads)
          #expect(some == all.selecting(rows: rows))
        }
      }
    }
  }
}

@Suite(.enabled(if: Reference.isAvailable, Comment(rawValue: Reference.absence)))
struct GaussianPriorReferenceTests {
  let file: HDF5Reader
  let prior: Prior

  init() throws {
    file = try Reference.open("prior")
    let covariance = try file.doubles("cov")
    prior = try Prior(
      chain: .diffVox, mean: file.doubles("mean").values,
      covariance: Matrix(rows: covariance.shape[0], columns: covariance.shape[1], values: covariance.values))
  }

  private func matrix(_ name: String) throws -> Matrix {
    let array = try file.doubles(name)
    return Matrix(rows: array.shape[0], columns: array.shape[1], values: array.values)
  }

  @Test func logDensityAtTheMean() {
    #expect(abs(prior.logDensity(at: prior.mean) + 78.735) < 5e-4)
  }

  @Test func logDensitiesOfTheMedleyPresets() throws {
    let theta = try matrix("theta")
    let expected = try file.doubles("log_density").values
    var score = [Double](repeating: 0, count: theta.columns)
    let single = (0..<theta.rows).map { prior.logDensity(at: theta.row($0), score: &score) }
    for found in [single, prior.logDensities(ofRows: theta)] {
      let errors = zip(found, expected).map { abs($0 / $1 - 1) }
      #expect(found.count == 70 && errors.allSatisfy { $0 < 1e-11 }, "largest error \(errors.max() ?? .nan)")
    }
    let squared = try #require(prior.squaredMahalanobisDistance(to: theta.row(0)))
    #expect(abs(prior.logDensity(at: prior.mean) - 0.5 * squared - expected[0]) < 1e-9)
  }

  @Test func conditionalMoments() throws {
    let given = try file.doubles("conditional/given_index").values.map { Int($0) }
    let gaussian = try #require(prior.gaussian)
    let conditional = try gaussian.conditional(
      given: given, values: file.doubles("conditional/given_value").values)
    let mean = try file.doubles("conditional/mean").values
    let covariance = try matrix("conditional/cov")
    #expect(relativeNormError(conditional.mean, mean) < 1e-10)
    #expect(relativeNormError(conditional.covariance.values, covariance.values) < 1e-10)
    #expect(largestDifference(conditional.mean, mean) < 1e-8)
  }

  @Test func scoreOfThePublishedPrior() throws { checkScore(DensityUnderTest(prior), tolerance: 1e-7) }

  /// A covariance of 70 presets has rank 69; the published one is rounded to single precision.
  @Test func covarianceOfSeventyPresetsIsRefused() throws {
    var covariance = try SampleMoments(matrix("theta")).covariance()
    for index in covariance.values.indices { covariance.values[index] = Double(Float(covariance.values[index])) }
    #expect(throws: PriorError.rankDeficient(rank: 69, dimension: 130, count: nil)) {
      try Prior(chain: .diffVox, mean: prior.mean, covariance: covariance)
    }
  }

  @Test func seventyPresetsAreTooFew() throws {
    let presets = PresetCollection(chain: .diffVox, theta: try matrix("theta"))
    #expect {
      try GaussianEstimator.unbiased.fit(presets)
    } throws: { error in
      let message = "\(error)"
      return error as? PriorError == .fewerPresetsThanParameters(count: 70, dimension: 130, rank: 69)
        && ["70", "130", "69", "ledoit-wolf"].allSatisfy { message.contains($0) }
    }
  }
}
