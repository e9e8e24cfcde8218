import Distributions
import FXParams
import Foundation
import NumericCore
import PresetStore
import PriorKit
import TestSupport
import Testing

/// A family whose array has a name that may be taken.
private struct Reserved: Distribution {
  static let family = "reserved"
  var dimension: Int
  var name: String
  var mean: [Double] { [Double](repeating: 0, count: dimension) }

  func logDensity(at point: [Double], score: inout [Double]) -> Double { 0 }
  func sample(using source: inout RandomSource) -> [Double] { mean }
  func marginalDistribution(over indices: [Int]) -> any Distribution {
    Reserved(dimension: indices.count, name: name)
  }
  func conditionalDistribution(given indices: [Int], values: [Double]) -> any Distribution {
    Reserved(dimension: dimension - indices.count, name: name)
  }
  func encode(into archive: inout DistributionArchive) { archive.set(mean, for: name) }
}

extension Reserved {
  init(from archive: DistributionArchive) throws {
    let stored = try #require(archive.arrays.first)
    self.init(dimension: stored.value.values.count, name: stored.key)
  }
}

/// What a user writes, without access to anything internal: ``Logistic`` is the file of `Examples/CustomFamily`.
@Suite struct CustomFamilyTests {
  private let families = DistributionFamilies.standard.adding(Logistic.self)
  private let provenance: Provenance

  init() throws { provenance = try Provenance(arguments: ["test"]) }

  private func prior() throws -> Prior {
    let chain = PresetCollection.sample().chain
    let count = chain.parameterSpace.count
    return try Prior(
      chain: chain,
      distribution: Logistic(
        mean: (0..<count).map { sin(Double($0)) }, scale: (0..<count).map { 0.5 + 0.1 * Double($0) }))
  }

  @Test func laws() throws {
    let density = Logistic(mean: [1, -2], scale: [0.5, 2])
    let variances = density.scale.map { $0 * $0 * .pi * .pi / 3 }
    // The kurtosis is 4.2 where a normal's is 3.
    try checkPrior(density, covariance: Matrix.diagonal(variances), isRegistered: false, deviations: 6)
  }

  @Test func storedAndReadWithItsFamily() throws {
    let scratch = try Scratch()
    let (prior, path) = (try prior(), scratch.file("p.h5"))
    try PriorFile.write(prior, to: path, families: families, provenance: provenance, overwrite: false)
    let back = try #require(try PriorFile.read(path, families: families).distribution as? Logistic)
    let density = try #require(prior.distribution as? Logistic)
    #expect(back.mean == density.mean && back.scale == density.scale)
    expectDataError(.wrongKind, path, "logistic", "known are gaussian") { _ = try PriorFile.read(path) }
  }

  @Test func refusedWithoutItsFamily() throws {
    let scratch = try Scratch()
    let path = scratch.file("p.h5")
    let pinned = try prior().conditioned(on: [(position: 1, logit: 0.25)]).prior
    for prior in [try prior(), pinned] {
      expectDataError(.wrongKind, path, "logistic", "known are gaussian") {
        try PriorFile.write(prior, to: path, provenance: provenance, overwrite: false)
      }
      #expect(!FileManager.default.fileExists(atPath: path))
    }
  }

  /// A density inside another is decoded with the families of the file.
  @Test func insideAnother() throws {
    let scratch = try Scratch()
    let path = scratch.file("p.h5")
    let pinned = try prior().conditioned(on: [(position: 1, logit: 0.25)]).prior
    try PriorFile.write(pinned, to: path, families: families, provenance: provenance, overwrite: false)
    let back = try PriorFile.read(path, families: families)
    #expect(back.pinnedPositions == [1] && back.mean == pinned.mean)
    #expect(throws: DataError.self) { try PriorFile.read(path) }
  }

  @Test func insideAnOrbitSum() throws {
    let base = Logistic(mean: [0.5, -1], scale: [1, 2])
    let sign = Symmetry(
      name: "sign", kind: .exact, entries: [.init(target: 1, source: 1, map: LogitMap([.scaled(by: -1)]))])
    let sum = try OrbitSum(base, over: FiniteSymmetryGroup([.involutions([sign])]))
    var archive = DistributionArchive()
    sum.encode(into: &archive)
    #expect(try families.decode(OrbitSum.family, from: archive)?.mean == sum.mean)
    #expect(throws: ArchiveError.unknown("base_family", text: "logistic")) {
      try DistributionFamilies.standard.decode(OrbitSum.family, from: archive)
    }
  }

  @Test func storedInAConditionalPrior() throws {
    let scratch = try Scratch()
    let (chain, path) = (PresetCollection.sample().chain, scratch.file("c.h5"))
    let rows = Matrix(rows: [[1, 0], [0, 1], [-1, 0.5], [0, -1.5]])
    let transform = try FeatureTransform(fitting: rows, weights: nil, limit: 2)
    let count = chain.parameterSpace.count + 2
    let prior = try ConditionalPrior(
      chain: chain, featureNames: ["a", "b"], featureRecord: nil,
      transform: transform,
      joint: Logistic(mean: [Double](repeating: 0.5, count: count), scale: [Double](repeating: 2, count: count)))
    try ConditionalPriorFile.write(prior, to: path, families: families, provenance: provenance, overwrite: false)
    let back = try ConditionalPriorFile.read(path, families: families)
    #expect((back.joint as? Logistic)?.scale == [Double](repeating: 2, count: count))
    expectDataError(.wrongKind, path, "logistic") { _ = try ConditionalPriorFile.read(path) }
    expectDataError(.wrongKind, path, "logistic") {
      try ConditionalPriorFile.write(prior, to: path, provenance: provenance, overwrite: true)
    }
  }

  /// Names that files use themselves.
  @Test(arguments: ["names", "units", "fit", "parameter_space", ""]) func reservedNamesAreRefused(_ name: String)
    throws
  {
    let scratch = try Scratch()
    let (chain, path) = (PresetCollection.sample().chain, scratch.file("p.h5"))
    let prior = try Prior(chain: chain, distribution: Reserved(dimension: chain.parameterSpace.count, name: name))
    expectDataError(.malformed, path, "named \(name)") {
      try PriorFile.write(
        prior, to: path, families: families.adding(Reserved.self), provenance: provenance, overwrite: false)
    }
    #expect(!FileManager.default.fileExists(atPath: path))
  }

  /// Names of other files, and of conditional priors, which keep their densities in a group.
  @Test(arguments: ["feature_names", "theta"]) func namesOfOtherFilesAreFree(_ name: String) throws {
    let scratch = try Scratch()
    let (chain, path) = (PresetCollection.sample().chain, scratch.file("p.h5"))
    let (count, families) = (chain.parameterSpace.count, families.adding(Reserved.self))
    let prior = try Prior(chain: chain, distribution: Reserved(dimension: count, name: name))
    try PriorFile.write(prior, to: path, families: families, provenance: provenance, overwrite: false)
    let back = try #require(try PriorFile.read(path, families: families).distribution as? Reserved)
    #expect(back.name == name && back.dimension == count)
    let rows = Matrix(rows: [[1, 0], [0, 1], [-1, 0.5], [0, -1.5]])
    let conditional = try ConditionalPrior(
      chain: chain, featureNames: ["a", "b"], featureRecord: nil,
      transform: FeatureTransform(fitting: rows, weights: nil, limit: 2),
      joint: Reserved(dimension: count + 2, name: name))
    try ConditionalPriorFile.write(
      conditional, to: path, families: families, provenance: provenance, overwrite: true)
    let joint = try #require(try ConditionalPriorFile.read(path, families: families).joint as? Reserved)
    #expect(joint.name == name && joint.dimension == count + 2)
  }

  @Test func aNameIsTakenOnce() {
    #expect(families.names == DistributionFamilies.standard.names + ["logistic"])
    #expect(families.adding(Logistic.self).names == families.names)
  }
}

/// A covariance from outside: with moments that are already checked, one line and its name.
private struct HalfwayEstimator: CovarianceEstimator {
  let name = "halfway"

  func covariance(of sample: CentredSample) throws -> CovarianceEstimate {
    var covariance = sample.covariance
    for row in 0..<sample.dimension {
      for column in 0..<sample.dimension where column != row { covariance[row, column] /= 2 }
    }
    return CovarianceEstimate(covariance: covariance, hyperparameters: [.init("shrinkage", 0.5)])
  }
}

@Suite struct CustomEstimatorTests {
  @Test func aCovarianceOfOnesOwnIsFitted() throws {
    var source = RandomSource(seed: 9)
    let rows = Matrix(
      rows: (0..<50).map { _ in
        let first = source.nextNormal()
        return [first, first + 0.5 * source.nextNormal()]
      })
    let data = EstimationData(rows: rows, names: ["a", "b"], blocks: [[0], [1]])
    let estimate = try HalfwayEstimator().estimate(data)
    let normal = try #require(estimate.distribution as? MultivariateNormal)
    let sample = try CentredSample(data)
    #expect(normal.mean == sample.mean && normal.covariance[0, 1] == sample.covariance[0, 1] / 2)
    #expect(normal.covariance[0, 0] == sample.covariance[0, 0])
    #expect(estimate.hyperparameters.map(\.value) == [0.5])
  }
}
